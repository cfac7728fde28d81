// `vtx probe`: media info and problems of files.

public import VTXModel
import VTXPipeline
public import VTXPlanning

/// Describes files one after another; a bad one does not stop the others.
public struct ProbeJob: Sendable {
    /// The files to describe.
    public var inputs: [String]
    /// Reads every packet and decodes a sample of frames.
    public var isDeep: Bool

    /// - Parameters:
    ///   - inputs: the files to describe.
    ///   - isDeep: whether every packet is read and a sample of frames is decoded.
    public init(_ inputs: [String], isDeep: Bool = false) {
        self.inputs = inputs
        self.isDeep = isDeep
    }

    /// One file, described.
    public struct Result: Hashable, Codable, Sendable {
        /// What the file is.
        public var media: MediaDescription
        /// What to beware of.
        public var warnings: [SourceWarning]
    }

    /// - Parameter each: called for each input in order.
    public func run(_ each: (String, Swift.Result<Result, VTXError>) -> Void) {
        for input in inputs {
            do throws(VTXError) { each(input, .success(try probe(input))) } catch { each(input, .failure(error)) }
        }
    }

    func probe(_ input: String) throws(VTXError) -> Result {
        let demuxer = try SourceFile.open(input)
        var media = try SourceFile.describe(demuxer, isDeep ? .deep : .brief, isSpent: !isDeep)
        if isDeep {
            let scan = scanPackets(demuxer, of: media)
            for stream in scan.streams where media.streams[stream.index].video?.hasVariableFrameRate == nil {
                media.streams[stream.index].video?.hasVariableFrameRate = stream.hasVariableFrameRate
            }
            media.scan = scan
        }
        // For planners.
        for index in media.streams.indices { media.streams[index].video?.hasCodedShape = nil }
        return Result(media: media, warnings: sourceWarnings(media))
    }
}
