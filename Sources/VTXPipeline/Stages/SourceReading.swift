// What reading a source told.

package import LibAV
import VTXModel

/// What reading the source told.
package struct SourceReading: Sendable {
    package var streams: [Int: StreamReading] = [:]
    /// What ended reading before the end of the file.
    package var failure: AVFailure?
    /// Everything that was wanted had been read before the end of the file.
    package var stoppedEarly = false
    /// Places in output time where the file's clock jumps, the first few of `jumpCount`.
    package var jumps: [ClockJump] = []
    package var jumpCount = 0
    /// What the streams are that appeared only midway, and were left out.
    package var lateStreams: [String] = []

    package init() {}

    /// Adds what reading another part of the file, or other streams of it, told. Parts that overlap count twice.
    mutating func merge(_ other: SourceReading) {
        streams.merge(other.streams) { mine, more in
            var sum = mine
            sum.packets += more.packets
            sum.corrupt += more.corrupt
            sum.end = [mine.end, more.end].compactMap { $0 }.max()
            return sum
        }
        failure = failure ?? other.failure
        if other.jumpCount > jumpCount { (jumps, jumpCount) = (other.jumps, other.jumpCount) }
        if other.lateStreams.count > lateStreams.count { lateStreams = other.lateStreams }
    }

    /// Takes over what the reader has noticed.
    ///
    /// - Parameters:
    ///   - origin: time of the file that is 0 in the output.
    ///   - known: how many streams the file had when it was opened.
    ///   - used: streams that are used; those of other programs do not matter.
    mutating func note(_ demuxer: Demuxer, origin: MediaTime, known: Int, used: some Sequence<Int>) {
        let found = demuxer.jumps(of: used)
        jumps = found.first.map {
            ClockJump(time: $0.time - origin.rescaled(to: MediaTime.microsecond), distance: $0.distance)
        }
        jumpCount = found.count
        let late = demuxer.sharingClock(known..<max(known, demuxer.streamCount), with: used)
        lateStreams = late.map {
            let stream = demuxer.describeStream($0)
            return "\($0) (\(stream.codec == "none" ? "" : stream.codec + " ")\(stream.kind.rawValue))"
        }
    }
}
