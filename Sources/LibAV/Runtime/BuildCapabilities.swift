// What the installed libav can do.

import CLibAV
package import VTXModel

package enum BuildCapabilities {
    /// Names of all encoders.
    package static func encoders() -> Set<String> {
        var names: Set<String> = []
        var state: UnsafeMutableRawPointer?
        while let codec = av_codec_iterate(&state) {
            if av_codec_is_encoder(codec) != 0, let name = string(codec.pointee.name) { names.insert(name) }
        }
        return names
    }

    /// Names of all filters.
    package static func filters() -> Set<String> {
        var names: Set<String> = []
        var state: UnsafeMutableRawPointer?
        while let filter = av_filter_iterate(&state) {
            if let name = string(filter.pointee.name) { names.insert(name) }
        }
        return names
    }

    /// All filters of libavfilter, by name.
    package static func filterDescriptions() -> [FilterDescription] {
        var found: [FilterDescription] = []
        var state: UnsafeMutableRawPointer?
        while let filter = av_filter_iterate(&state) {
            guard let name = string(filter.pointee.name) else { continue }
            found.append(
                FilterDescription(
                    name: name, description: string(filter.pointee.description) ?? "",
                    inputs: streams(filter.pointee.inputs, Int(avfilter_filter_pad_count(filter, 0))),
                    outputs: streams(filter.pointee.outputs, Int(avfilter_filter_pad_count(filter, 1))),
                    hasDynamicInputs: filter.pointee.flags & AVFILTER_FLAG_DYNAMIC_INPUTS != 0,
                    hasDynamicOutputs: filter.pointee.flags & AVFILTER_FLAG_DYNAMIC_OUTPUTS != 0))
        }
        return found.sorted { $0.name < $1.name }
    }

    private static func streams(_ pads: OpaquePointer?, _ count: Int) -> [FilterDescription.Stream] {
        (0..<count).compactMap { index in
            switch avfilter_pad_get_type(pads, Int32(index)) {
            case AVMEDIA_TYPE_VIDEO: .video
            case AVMEDIA_TYPE_AUDIO: .audio
            default: nil
            }
        }
    }

    /// `59.27.100` and so on: the versions of libavformat, libavcodec and libavfilter in use.
    package static func versions() -> [(library: String, version: String)] {
        [
            ("libavformat", avformat_version()), ("libavcodec", avcodec_version()),
            ("libavfilter", avfilter_version()),
        ].map { ($0.0, "\($0.1 >> 16).\($0.1 >> 8 & 255).\($0.1 & 255)") }
    }
}
