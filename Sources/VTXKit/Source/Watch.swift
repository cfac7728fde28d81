// Ends a running job that goes beyond its limits.

import LibAV
import VTXModel
import VTXPipeline
import VTXSystem

/// Watches a running job and ends it when it goes beyond its bounds.
final class Watch {
    private let limits: SourceLimits
    private let path: String
    private let interrupt: Interrupt
    /// What the job was ended for.
    private(set) var violation: VTXError?

    init(_ limits: SourceLimits, path: String, interrupt: Interrupt) {
        self.limits = limits
        self.path = path
        self.interrupt = interrupt
    }

    /// To be called a few times a second.
    ///
    /// - Parameter position: how far the output reaches.
    func look(position: MediaTime) {
        guard violation == nil else { return }
        if let longest = limits.duration, position > longest {
            violation = limits.tooLong("\(path) goes on after \(longest)")
        } else if let most = limits.memory, let held = ProcessLimits.residentBytes, held > most {
            violation = VTXError(
                .inputOutput, "\(path): the job holds \(megabytes(held)) of memory",
                cause: "\(.maximumMemory) is \(megabytes(most))",
                remedy: "give it more memory, or less to do at a time: fewer \(.jobs) or \(.threads), fewer renditions")
        }
        if violation != nil { interrupt.set() }
    }

    /// Whether the finished work is within bounds.
    ///
    /// - Parameter warnings: what was repaired.
    func finish(duration: MediaTime, warnings: [String]) throws(VTXError) {
        // Short jobs end before anybody has looked.
        look(position: .zero)
        if let violation { throw violation }
        // Encoders may pad their last frame.
        if let longest = limits.duration, duration.seconds > longest.seconds + 0.1 {
            throw limits.tooLong("\(path) lasts \(duration)")
        }
        if limits.isStrict { try refuseRepairs(warnings, of: path) }
    }

    private func megabytes(_ bytes: Int) -> String { "\((bytes + 500_000) / 1_000_000) MB" }
}
