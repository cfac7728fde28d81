// What a pass over a source has seen and written.

package import VTXModel

/// What happened in one pass of a transcode.
package struct TranscodeOutcome: Sendable {
    package var reading = SourceReading()
    /// How far each encoded track was decoded, by source stream.
    package var decoded: [Int: MediaTime] = [:]
    /// By source stream.
    package var decoders: [Int: DecoderCounts] = [:]
    package var encodedFrames: Int?
    package var written = MuxProgress()
    package var statistics: [UInt8] = []
    /// What became of subtitles, in the plan's order; `nil` for bitmaps.
    package var subtitles: [SubtitleOutcome?] = []
}
