// What became of a track of subtitles.

package import LibAV
import VTXModel

/// What became of the cues of one track of text.
package struct SubtitleOutcome: Hashable, Sendable {
    /// What reading them told.
    package var counts = CueCounts()
    /// Cues that a text file has; `nil` if it does not tell.
    package var declared: Int?
    /// How text was read that is not UTF-8.
    package var text: TextReading?
    /// Cues in the output.
    package var written = 0
    /// Cues that begin after the end of everything else, and were left out.
    package var late = 0
    /// Cues that ended after it, and end with it now.
    package var cut = 0
    /// Cues outside of the part that was asked for.
    package var outside = 0

    package init(declared: Int? = nil) { self.declared = declared }
}
