// Where segments begin.

import VTXModel

/// Where a stream is cut into segments and its pieces begin.
enum SegmentCuts: Sendable {
    /// The encoder was told to place key frames there.
    case grid(SegmentGrid)
    /// Key frames that are there already.
    ///
    /// - Parameters:
    ///   - starts: earliest presentation timestamps of all segments but the first, in ticks of the stream.
    ///   - piece: shortest piece in ticks.
    case keyFrames(starts: [Int64], piece: Int64)
}
