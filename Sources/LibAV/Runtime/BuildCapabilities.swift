// What the installed libav can do.

import CLibAV

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

    /// `59.27.100` and so on: the versions of libavformat, libavcodec and libavfilter in use.
    package static func versions() -> [(library: String, version: String)] {
        [
            ("libavformat", avformat_version()), ("libavcodec", avcodec_version()),
            ("libavfilter", avfilter_version()),
        ].map { ($0.0, "\($0.1 >> 16).\($0.1 >> 8 & 255).\($0.1 & 255)") }
    }
}
