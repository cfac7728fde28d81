// How far an output file is.

package import VTXModel

/// How far the output is.
package struct MuxProgress: Sendable {
    /// End of the latest packet of the leading track (video if there is any).
    package var position = MediaTime.zero
    /// Time of the latest frame that the video's encoder received; `nil` if nothing is encoded.
    package var received: MediaTime?
    package var videoPackets = 0
    package var bytes: Int64 = 0
    /// End of each track, by track.
    package var ends: [MediaTime?] = []
    /// Bytes of the packets of each track, by track.
    package var trackBytes: [Int64] = []
    package var isFinishing = false
    /// Copied video was decoded after it was shown, by its timestamps: the output is not whole, and the source has to be
    /// read again.
    package var isVideoLate = false
    /// What is encoded and stands in a chunk that is not written yet; `nil` without chunks.
    package var ahead: ChunkProgress?
    package var repairedTimes = 0
    /// Whether frames at the end are shown that the source hides.
    package var showsHidden = false
    /// What became of the cues of tracks of text, by track.
    package var cues: [Int: CueTotals] = [:]

    /// End of the track that lasts longest.
    package var end: MediaTime { ends.compactMap { $0 }.max() ?? .zero }
}
