// One small image of a source, as a JPEG: for reports.

import LibAV
public import VTXModel
import VTXPipeline
import VTXPlanning
import VTXSystem

/// Makes a small image of a file.
public struct ThumbnailJob: Sendable {
    /// The file to read.
    public var input: String
    /// The JPEG to write; an existing one is replaced.
    public var output: String
    /// The largest size, in pixels; the image keeps its aspect ratio.
    public var size: PixelSize

    /// libavcodec's scale of JPEG quality, 2 to 31: 6 shows no blocks at this size.
    private static let quantizer = 6
    /// Where in the source: past titles that fade in.
    private static let place = 0.1

    /// - Parameters:
    ///   - input: the file to read.
    ///   - output: the JPEG to write; an existing one is replaced.
    ///   - size: the largest size, in pixels.
    public init(input: String, output: String, size: PixelSize = PixelSize(256, 144)) {
        self.input = input
        self.output = output
        self.size = size
    }

    /// Writes the image, upright, with square pixels and in ordinary colours: planned like a transcode.
    ///
    /// - Throws: `.badMedia` if there is no video, `.cannotCreate` or `.inputOutput` for the output.
    public func run(in context: JobContext = JobContext()) throws(VTXError) {
        let demuxer = try SourceFile.open(input, interrupt: context.interrupt)
        let source = try SourceFile.describe(demuxer, .brief, program: ProgramChoice())
        var options = TranscodeOptions(output: "thumbnail.mp4", preset: .builtIn(named: "low")!)
        options.fit = .box(size)
        let plan = try planTranscode(of: source, options: options, capabilities: .ofThisBuild)
        guard let video = plan.video, let encode = video.encode else {
            throw VTXError(.badMedia, "\(input) has no video")
        }
        let file = try OutputFile(output, inputs: [input], mayReplace: true, cleanup: context.cleanup)
        do {
            let image = try image(demuxer, stream: video.stream, source: source, filters: encode.filters)
            guard let image else { throw VTXError(.badMedia, "no frame of \(input) can be decoded") }
            try writeFile(image, to: file.temporary)
            try file.publish()
        } catch {
            throw jobError(error, input: input, output: output)
        }
    }

    private func image(
        _ demuxer: Demuxer, stream: Int, source: MediaDescription, filters: [String]
    ) throws -> [UInt8]? {
        demuxer.keepOnly([stream])
        if let duration = source.duration {
            try? demuxer.seek(
                to: Int64(((source.start ?? .zero).seconds + duration.seconds * Self.place) * 1e6), stream: stream)
        }
        let decoder = try Decoder(for: demuxer.parameters(of: stream), threads: 1)
        var graph: FilterGraph?
        var found: [UInt8]?

        func keep(_ frame: consuming Frame) throws {
            if found == nil { found = try encodeJPEG(frame, quantizer: Self.quantizer) }
        }
        func look(_ frame: consuming Frame) throws {
            guard found == nil else { return }
            if graph == nil {
                graph = try FilterGraph(
                    video: frame, timeBase: decoder.timeBase, frameRate: nil,
                    chain: filters + jpegFilters, threads: 1)
            }
            try graph?.push(frame, emit: keep)
        }
        while found == nil, let packet = try demuxer.read() {
            if packet.stream == stream { try decoder.decode(packet, emit: look) }
        }
        if found == nil { try decoder.drain(emit: look) }
        if found == nil { try graph?.drain(emit: keep) }
        return found
    }
}
