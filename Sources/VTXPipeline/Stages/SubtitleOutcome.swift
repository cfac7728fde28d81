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
    /// What became of them.
    package var cues = CueTotals()

    package init(declared: Int? = nil) { self.declared = declared }
}

/// How many cues of one track are in the output, and why others are not.
package struct CueTotals: Hashable, Sendable {
    /// Cues in the output.
    package var written = 0
    /// Cues that begin after the end of everything else, and were left out.
    package var late = 0
    /// Cues that ended after it, and end with it now.
    package var cut = 0
    /// Cues outside of the part that was asked for.
    package var outside = 0

    package init(written: Int = 0, late: Int = 0, cut: Int = 0, outside: Int = 0) {
        self.written = written
        self.late = late
        self.cut = cut
        self.outside = outside
    }

    package static func + (one: CueTotals, other: CueTotals) -> CueTotals {
        CueTotals(
            written: one.written + other.written, late: one.late + other.late, cut: one.cut + other.cut,
            outside: one.outside + other.outside)
    }
}
