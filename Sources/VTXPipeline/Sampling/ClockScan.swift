// Whether a file may be entered midway by its timestamps.

import LibAV
import VTXModel
import VTXSystem

extension Demuxer {
    /// Whether each timestamp of a stream leads to one place of the file.
    ///
    /// Where the clock of a recording jumps, a timestamp may come twice, and what was before decides about the
    /// timestamps of what comes after. Only reading all of it tells; formats whose clock does not jump are not read.
    static func isSeekable(_ path: String, stream: Int, interrupt: Interrupt) throws -> Bool {
        let demuxer = try Demuxer(opening: path, interrupt: interrupt)
        guard demuxer.isDiscontinuous else { return true }
        while true {
            do {
                guard try demuxer.read() != nil else { return true }
            } catch {
                if error.isInterrupt { throw Aborted() }
                // What cannot be read is told by those who need it.
                return true
            }
            if demuxer.hasJumps, demuxer.jumps(of: [stream]).count > 0 { return false }
        }
    }

    /// Goes to where output begins that leaves out the start of the file, if that can be found.
    ///
    /// - Parameters:
    ///   - origin: time of the file that is 0 in the output.
    ///   - stream: the one that is to begin with a key frame.
    func skip(to origin: MediaTime, stream: Int, interrupt: Interrupt) throws {
        // Else all is read from the beginning, and the stages leave out what comes too early.
        guard try Self.isSeekable(path, stream: stream, interrupt: interrupt) else { return }
        // A little earlier: audio packets may precede the video's in the file.
        try seek(to: origin.rescaled(to: MediaTime.microsecond).ticks - 100_000, stream: stream)
    }
}
