// From the finished chunks of samples to the poster.

import LibAV
import VTXModel

/// Makes the poster: the frame a tenth of the way in, or the last one before it.
final class PosterAssembly: @unchecked Sendable {
    // @unchecked: as `RungAssembly`.
    static let name = "poster"
    /// Number of the frame that is wanted.
    let latest: Int64
    private let size: PixelSize
    private let schedule: ChunkSchedule
    private let reader: ChunkReader
    private let write: ([UInt8]) throws -> Void
    private var chosen: [UInt8]?

    /// - Parameter write: takes the poster as JPEG, if there is any frame.
    init(
        latest: Int64, size: PixelSize, _ store: ChunkStore, _ schedule: ChunkSchedule,
        write: @escaping ([UInt8]) throws -> Void
    ) {
        self.latest = latest
        self.write = write
        self.size = size
        self.schedule = schedule
        reader = ChunkReader(Self.name, store)
    }

    func advance() throws {
        if schedule.isInDoubt { return }
        try reader.advance { packet in chosen = packet.withBytes { Array($0) } }
    }

    func finish() throws {
        try advance()
        guard let chosen else { return }
        try write(try encodeJPEG(Frame(image: chosen, size: size, format: "yuvj420p"), quantizer: 3))
    }
}
