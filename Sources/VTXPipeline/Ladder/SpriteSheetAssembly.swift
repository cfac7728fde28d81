// From the finished chunks of thumbnails to sprite sheets.

import LibAV
import VTXModel

/// Lays the thumbnails of all chunks out on sprite sheets.
final class SpriteSheetAssembly: @unchecked Sendable {
    // @unchecked: as `RungAssembly`.
    static let name = "thumbnails"
    private let plan: ThumbnailPlan
    private let schedule: ChunkSchedule
    private let reader: ChunkReader
    private let write: ([UInt8]) throws -> Void
    private var graph: FilterGraph?
    private var count: Int64 = 0

    /// - Parameter write: takes each sprite sheet as JPEG.
    init(
        _ plan: ThumbnailPlan, _ store: ChunkStore, _ schedule: ChunkSchedule,
        write: @escaping ([UInt8]) throws -> Void
    ) {
        self.plan = plan
        self.schedule = schedule
        self.write = write
        reader = ChunkReader(Self.name, store)
    }

    private static let format = "yuvj420p"

    /// Filters that make a tile of a frame.
    static func tile(_ plan: ThumbnailPlan) -> [String] {
        [
            "scale=w=\(plan.size.width):h=\(plan.size.height):flags=area:out_range=full",
            "format=\(format)",
        ]
    }

    func advance() throws {
        if schedule.isInDoubt { return }
        try reader.advance { packet in
            let tile = try Frame(
                image: packet.withBytes { Array($0) }, size: plan.size, format: Self.format)
            tile.time = count
            count += 1
            if graph == nil {
                graph = try FilterGraph(
                    video: tile, timeBase: Rational(1, 25), frameRate: nil,
                    chain: ["tile=\(plan.columns)x\(plan.rows)"], threads: 1)
            }
            try graph?.push(tile) { try write(try encodeJPEG($0, quantizer: 5)) }
        }
    }

    func finish() throws {
        try advance()
        try graph?.drain { try write(try encodeJPEG($0, quantizer: 5)) }
    }
}
