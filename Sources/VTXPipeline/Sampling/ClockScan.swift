// Whether a file may be entered midway by its times.

import LibAV
import VTXModel
import VTXSystem

extension Demuxer {
    /// Whether the times of the file lead to one place each.
    ///
    /// Where the clock of a recording jumps, the same time may come twice, and what was before decides about the time
    /// of what comes after. Only reading all of it tells; formats whose clock does not jump are not read.
    static func isSeekable(_ path: String, interrupt: Interrupt) throws -> Bool {
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
            if demuxer.jumpCount > 0 { return false }
        }
    }

    /// Goes to where output begins that leaves out the start of the file, if that can be found.
    ///
    /// - Parameters:
    ///   - origin: time of the file that is 0 in the output.
    ///   - stream: the one that is to begin with a key frame.
    func skip(to origin: MediaTime, stream: Int, interrupt: Interrupt) throws {
        // Else all is read from the beginning, and the stages leave out what comes too early.
        guard try Self.isSeekable(path, interrupt: interrupt) else { return }
        // A little earlier: the audio's packets may stand before the picture's in the file.
        try seek(to: origin.rescaled(to: MediaTime.microsecond).ticks - 100_000, stream: stream)
    }
}
