// What a job takes from a source: how long, how large, and whether it may need repair.

import LibAV
public import VTXModel
import VTXPipeline
import VTXSystem

/// Bounds of a job. Going beyond one is an error, and nothing is published.
public struct SourceLimits: Hashable, Sendable {
    /// Every repair of the source is an error.
    public var isStrict = false
    /// Longest output; `nil` for any.
    public var duration: MediaTime?
    /// Most bytes of memory that the process may hold; `nil` for any.
    public var memory: Int?
    /// Most pixels of a frame.
    public var pixels: Int

    /// - Parameters:
    ///   - isStrict: whether every repair of the source is an error.
    ///   - duration: longest output; `nil` for any.
    ///   - memory: most bytes that the process may hold; `nil` for any.
    ///   - pixels: most pixels of a frame.
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
                .badMedia, "stream \(index) of \(source.path) has frames of \(size)",
                cause: "\(size.area) pixels are more than \(.maximumPixels) \(pixels)",
                remedy: "if the file can be trusted, give a larger \(.maximumPixels)")
        }
        if let duration, let expected, source.durationSource == .header, expected > duration {
            throw tooLong("\(source.path) says that it lasts \(expected)")
        }
        // Known from the start: an index that points beyond the end.
        if isStrict, let missing = source.missingBytes, missing > 0 {
            try refuseRepairs(["its index refers to \(counted(missing, "byte")) beyond its end"], of: source.path)
        }
    }

    func tooLong(_ message: Message) -> VTXError {
        VTXError(
            .badMedia, message, cause: "\(.maximumDuration) is \(duration ?? .zero)",
            remedy: "take a part with \(.duration), or give a larger \(.maximumDuration)")
    }
}

/// Refuses a source that had to be repaired; for `SourceLimits.isStrict`.
func refuseRepairs(_ warnings: [String], of path: String) throws(VTXError) {
    guard let first = warnings.first else { return }
    let more = warnings.count - 1
    throw VTXError(
        .badMedia, "\(path): \(first)" + (more > 0 ? " (and \(more) more)" : ""),
        cause: "\(.strict) accepts no repair", remedy: "leave \(.strict) out to take what can be made of it")
}
