// Cover art that is not copied as a stream of the source: read, and put into the form that the output has for it.

import LibAV
import VTXBitstream
import VTXModel
import VTXSystem

/// The image of a plan.
struct CoverArt: Sendable {
    private let plan: CoverPlan
    private let header: PictureHeader
    private let image: [UInt8]

    /// Reads the image.
    ///
    /// - Throws: `.inputOutput` or `.badMedia` if it is not what was planned for.
    init(_ plan: CoverPlan, of source: Demuxer) throws(VTXError) {
        self.plan = plan
        let found = plan.file.flatMap { readFile($0) } ?? plan.stream.flatMap { source.attachedImage(of: $0) }
        guard let found, let header = PictureHeader(found), header.codec.name == plan.codec, header.size == plan.size
        else {
            throw VTXError(
                .badMedia,
                "the cover art \(plan.file.map { "'\($0)'" } ?? "of '\(source.path)'") has changed or is damaged",
                remedy: "leave it out with \(.cover, "none")")
        }
        self.header = header
        image = found
    }

    /// Tags of the output that hold the image.
    var tags: [String: String] {
        plan.form == .tag ? ["METADATA_BLOCK_PICTURE": base64(header.block(image))] : [:]
    }

    /// Whether a track holds the image.
    var isTrack: Bool { plan.form != .tag }

    /// The track that holds the image; `nil` if a tag does.
    func parameters() throws -> CodecParameters? {
        let isPNG = header.codec == .png
        switch plan.form {
        case .tag: return nil
        case .picture: return CodecParameters(imageOf: header.size, isPNG: isPNG, channels: header.channels)
        case .attachment: return try CodecParameters(attaching: image, isPNG: isPNG)
        }
    }

    var label: TrackLabel { TrackLabel(disposition: plan.form == .picture ? ["attached_pic"] : []) }

    /// Tags of the track: Matroska's files have names, and pictures in ID3 and FLAC a type.
    var metadata: [String: String] {
        plan.form == .attachment
            ? ["filename": "cover.\(header.codec.fileExtension)", "mimetype": header.codec.mediaType]
            : ["comment": "Cover (front)"]
    }

    /// Writes the image, if it is a picture of the container's own.
    func write(to sink: PacketSink) throws {
        if plan.form == .picture {
            let packet = try Packet(image)
            packet.presentation = 0
            packet.decoding = 0
            try sink.write(packet)
        }
        sink.close()
    }
}
