// What a job takes from a source: how long, how large, and whether it may need repair.

import LibAV
public import VTXModel
import VTXPipeline
import VTXSystem

/// Bounds of a job. Going beyond one is an error, and nothing is published.
public struct SourceLimits: Hashable, Sendable {
    /// Every repair of the source is an error.
    public var isStrict = false
    /// Longest output.
    public var duration: MediaTime?
    /// Most bytes of memory that the process may hold.
    public var memory: Int?
    /// Most pixels of a picture.
    public var pixels: Int

    public init(
        isStrict: Bool = false, duration: MediaTime? = nil, memory: Int? = nil, pixels: Int = Self.usualPixels
    ) {
        self.isStrict = isStrict
        self.duration = duration
        self.memory = memory
        self.pixels = pixels
    }

    /// 15360x8640.
    public static let usualPixels = ProcessLimits.usualPixels

    /// Sets what holds for all of libav in this process; to be called before any file is opened.
    public func applyToProcess() { ProcessLimits.set(pixels: pixels, allocation: memory) }

    /// Whether what a source says of itself is within bounds.
    ///
    /// - Parameters:
    ///   - streams: those that are used.
    ///   - expected: how long the output should be.
    func check(_ source: MediaDescription, streams: [Int], expected: MediaTime?) throws(VTXError) {
        for index in streams {
            guard let size = source.streams[index].video?.codedSize, size.area > pixels else { continue }
            throw VTXError(
                .badMedia, "stream \(index) of \(source.path) has pictures of \(size)",
                cause: "\(size.area) pixels are more than \(.maximumPixels) \(pixels)",
                remedy: "if the file can be trusted, give a larger \(.maximumPixels)")
        }
        if let duration, let expected, source.durationSource == .header, expected > duration {
            throw tooLong("\(source.path) says that it lasts \(expected)")
        }
        // Known from the start: an index that points beyond the end.
        if isStrict, let missing = source.missingBytes, missing > 0 {
            try refuseRepairs(["its index refers to \(missing) bytes beyond its end"], of: source.path)
        }
    }

    fileprivate func tooLong(_ message: Message) -> VTXError {
        VTXError(
            .badMedia, message, cause: "\(.maximumDuration) is \(duration ?? .zero)",
            remedy: "take a part with \(.duration), or give a larger \(.maximumDuration)")
    }
}

/// With `--strict`: a source that had to be repaired is refused.
func refuseRepairs(_ warnings: [String], of path: String) throws(VTXError) {
    guard let first = warnings.first else { return }
    let more = warnings.count - 1
    throw VTXError(
        .badMedia, "\(path): \(first)" + (more > 0 ? " (and \(more) more)" : ""),
        cause: "\(.strict) accepts no repair", remedy: "leave \(.strict) out to take what can be made of it")
}

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
