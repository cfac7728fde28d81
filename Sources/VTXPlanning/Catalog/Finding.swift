// What a machine has of what vtx can use, as a list.

import VTXModel

/// Something that vtx can use, and whether it is there.
public struct Finding: Hashable, Encodable, Sendable {
    /// What it is.
    public enum Kind: String, Hashable, Encodable, Sendable, CaseIterable {
        case library, encoder, hardware, filter, program, file, protection
    }

    /// What it is.
    public var kind: Kind
    /// Its name: libav's, or that of the program.
    public var name: String
    /// What it serves for, or what does not work without it.
    public var purpose: String
    /// Whether it can be used.
    public var isAvailable: Bool
    /// Its version or place, or why it cannot be used, in the words of what was asked.
    public var detail: String?

    /// The value made of its parts.
    public init(kind: Kind, name: String, purpose: String, isAvailable: Bool, detail: String? = nil) {
        self.kind = kind
        self.name = name
        self.purpose = purpose
        self.isAvailable = isAvailable
        self.detail = detail
    }
}

extension Finding {
    /// Encoders, hardware and filters.
    public static func all(_ capabilities: Capabilities) -> [Finding] {
        let video = VideoCodec.allCases.map { ($0.encoder, $0.title) }
        let audio = AudioCodec.allCases.map { ($0.encoder, $0.title) }
        let encoders = (video + audio).map { name, title in
            Finding(
                kind: .encoder, name: name, purpose: title, isAvailable: capabilities.encoders.contains(name))
        }
        let hardware = capabilities.hardware.map { found in
            Finding(
                kind: .hardware, name: found.codec.on(found.engine)?.encoder ?? "",
                purpose: "\(found.codec.title) by \(found.engine.title)", isAvailable: found.isUsable,
                detail: found.problem)
        }
        let filters = Self.filters.map { name, purpose in
            Finding(
                kind: .filter, name: name, purpose: purpose, isAvailable: capabilities.filters.contains(name))
        }
        return encoders + hardware + filters
    }

    /// Filters that some builds of libav lack, and what they are for.
    private static let filters = [
        ("zscale", "HDR to SDR"), ("tonemap", "HDR to SDR"), ("subtitles", "text burnt into the video"),
        ("bwdif", "deinterlacing"), ("fieldmatch", "removing 3:2 pulldown"), ("loudnorm", "loudness"),
        ("atempo", "changing the speed"),
    ]
}
