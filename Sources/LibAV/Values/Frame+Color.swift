// The colour tags of a decoded frame.

import CLibAV
package import VTXModel

extension Frame {
    /// What the stream itself says about colours; names are libav's, `nil` for what it does not say.
    package var color: ColorDescription {
        let frame = pointer.pointee
        return ColorDescription(
            range: name(frame.color_range, av_color_range_name),
            primaries: name(frame.color_primaries, av_color_primaries_name),
            transfer: name(frame.color_trc, av_color_transfer_name),
            matrix: name(frame.colorspace, av_color_space_name),
            chromaLocation: name(frame.chroma_location, av_chroma_location_name))
    }

    private func name<Value>(_ value: Value, _ find: (Value) -> UnsafePointer<CChar>?) -> String? {
        string(find(value)).flatMap { ["unknown", "unspecified", "reserved"].contains($0) ? nil : $0 }
    }
}
