// What a scan of a rendition has found.

package import VTXModel

/// What was found in one file.
package struct PackageScanResult: Sendable {
    package var times: [Int: TrackTimes] = [:]
    /// Ends count from the start of the file.
    package var reading = SourceReading()
    /// Where streams need another configuration than at their beginning, from the start of the file.
    package var changes: [Int: MediaTime] = [:]
    /// Of the video stream: whether a decoder can be set up from the header alone.
    package var hasParameterSets = true

    package init() {}
}
