// What vtx and the libav that it runs on have to offer, as lists.

import LibAV
public import VTXModel
public import VTXPlanning

/// Lists of what can be asked for.
public enum Catalog {
    /// The codecs that vtx encodes, and whether this libav has their encoders.
    public static var codecs: [CodecEntry] { CodecEntry.all(.ofThisBuild) }

    /// The filters of this libavfilter, by name.
    public static var filters: [FilterDescription] { BuildCapabilities.filterDescriptions() }

    /// The built-in presets.
    public static var presets: [PresetEntry] { PresetEntry.all }
}
