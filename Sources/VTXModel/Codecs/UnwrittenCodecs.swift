// Codecs that people ask for and vtx does not write, and which of its own serves instead.

/// A codec that vtx does not write.
package struct UnwrittenCodec: Hashable, Sendable {
    /// The name as text for people writes it: `Vorbis`.
    package let title: String
    /// The name of the codec to use instead.
    package let substitute: String

    /// The codec that is meant by a name in any case; `nil` if it is none of those known.
    package init?(named name: String) {
        let simple = name.lowercased().filter { $0.isLetter || $0.isNumber }
        guard let found = Self.table.first(where: { $0.names.contains(simple) }) else { return nil }
        title = found.title
        substitute = found.substitute
    }

    private static let table: [(names: Set<String>, title: String, substitute: String)] = [
        (["vorbis", "libvorbis"], "Vorbis", AudioCodec.opus.rawValue),
        (["speex", "libspeex"], "Speex", AudioCodec.opus.rawValue),
        (["mp2", "mp1", "libtwolame"], "MPEG audio layer II", AudioCodec.mp3.rawValue),
        (["dts", "dca"], "DTS", AudioCodec.ac3.rawValue),
        (["truehd", "mlp"], "TrueHD", AudioCodec.flac.rawValue),
        (["alac"], "ALAC", AudioCodec.flac.rawValue),
        (["wma", "wmav2", "wmapro"], "Windows Media Audio", AudioCodec.aac.rawValue),
        (["heaac", "aache", "libfdkaac", "fdkaac"], "HE-AAC", AudioCodec.aac.rawValue),
        (["vp8", "libvpx"], "VP8", VideoCodec.vp9.rawValue),
        (["theora", "libtheora"], "Theora", VideoCodec.vp9.rawValue),
        (["mpeg2", "mpeg2video", "h262", "mpeg1", "mpeg1video"], "MPEG-2", VideoCodec.h264.rawValue),
        (["h263", "h263p", "flv1", "wmv", "wmv2", "vc1"], "this codec", VideoCodec.h264.rawValue),
        (["h266", "vvc"], "VVC", VideoCodec.av1.rawValue),
        (["dnxhd", "dnxhr", "cineform", "cfhd"], "this codec", VideoCodec.prores.rawValue),
        (["mjpeg", "jpeg"], "Motion JPEG", VideoCodec.prores.rawValue),
        (["huffyuv", "ffvhuff", "utvideo", "rawvideo"], "this codec", VideoCodec.ffv1.rawValue),
    ]
}
