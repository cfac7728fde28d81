// What a scan of a rendition looks for.

package import VTXModel

/// What to look for in one file.
package struct PackageScanRequest: Sendable {
    package var video: Int?
    /// Frame rates whose grid the frames may lie on, the likeliest first.
    package var rates: [Rational]
    package var audio: [Int]
    /// Whether picture parameter sets may not change either: in fMP4 they belong into the initialization segment.
    package var followsPictureSets = true
    /// The file has an index that can be trusted: no byte that it refers to is missing.
    package var hasIndex = false

    package init(video: Int?, rates: [Rational], audio: [Int]) {
        self.video = video
        self.rates = rates
        self.audio = audio
    }
}
