// libavfilter graphs with one main input, one output, and optionally a second frame to overlay on the first.

import CLibAV
package import VTXModel

/// A configured filter graph. Stays on one thread after it was made.
package final class FilterGraph: @unchecked Sendable {
    // @unchecked: used by one stage at a time.
    private var graph: UnsafeMutablePointer<AVFilterGraph>?
    private let source: UnsafeMutablePointer<AVFilterContext>
    private let overlay: UnsafeMutablePointer<AVFilterContext>?
    private let sink: UnsafeMutablePointer<AVFilterContext>
    /// Unit of the times of frames that come out.
    package let timeBase: Rational
    /// End of the last frame that went in.
    private var end: Int64 = .min

    /// A graph for frames like `frame`.
    ///
    /// - Parameters:
    ///   - chain: filter descriptions, joined by commas; none passes frames on.
    ///   - timeBase: unit of the times of frames that go in.
    ///   - overlaySize: makes a second input of RGBA frames of that size, scaled to the first input's
    ///     size and laid over it before `chain`.
    package convenience init(
        video frame: borrowing Frame, timeBase: Rational, frameRate: Rational?, chain: [String],
        threads: Int, overlaySize: PixelSize? = nil
    ) throws(AVFailure) {
        let image = frame.pointer.pointee
        let base = timeBase.av
        let sar = image.sample_aspect_ratio
        var source =
            "buffer@in=width=\(image.width):height=\(image.height):pix_fmt=\(image.format)"
            + ":time_base=\(base.num)/\(base.den):sar=\(sar.num)/\(max(1, sar.den))"
        if let rate = frameRate?.av { source += ":frame_rate=\(rate.num)/\(rate.den)" }
        let filters = chain.isEmpty ? "null" : chain.joined(separator: ",")
        var description = source + "[in];"
        if let size = overlaySize {
            description +=
                "buffer@over=width=\(size.width):height=\(size.height):pix_fmt=\(AV_PIX_FMT_RGBA.rawValue)"
                + ":time_base=\(base.num)/\(base.den):sar=1/1[over];"
            description +=
                size == PixelSize(Int(image.width), Int(image.height))
                ? "" : "[over]scale=w=\(image.width):h=\(image.height)[sized];"
            description += "[in][\(description.contains("[sized]") ? "sized" : "over")]overlay=format=auto[both];"
            description += "[both]\(filters)[out];"
        } else {
            description += "[in]\(filters)[out];"
        }
        description += "[out]buffersink@out"
        try self.init(description, threads: threads)
    }

    /// A graph for audio like `frame`.
    ///
    /// - Parameter frameSize: samples per frame that comes out; 0 for any.
    package convenience init(
        audio frame: borrowing Frame, timeBase: Rational, chain: [String], frameSize: Int
    ) throws(AVFailure) {
        let audio = frame.pointer
        if audio.pointee.ch_layout.order == AV_CHANNEL_ORDER_UNSPEC {
            let channels = audio.pointee.ch_layout.nb_channels
            av_channel_layout_default(&audio.pointee.ch_layout, channels)
        }
        let base = timeBase.av
        let description =
            "abuffer@in=sample_rate=\(audio.pointee.sample_rate):sample_fmt=\(audio.pointee.format)"
            + ":channel_layout=\(describe(audio.pointee.ch_layout)):time_base=\(base.num)/\(base.den)[in];"
            + "[in]\(chain.isEmpty ? "anull" : chain.joined(separator: ","))[out];[out]abuffersink@out"
        try self.init(description, threads: 1)
        if frameSize > 0 { av_buffersink_set_frame_size(sink, UInt32(frameSize)) }
    }

    init(_ description: String, threads: Int) throws(AVFailure) {
        guard let graph = avfilter_graph_alloc() else { throw outOfMemory("make a filter graph") }
        var owned: UnsafeMutablePointer<AVFilterGraph>? = graph
        graph.pointee.nb_threads = Int32(threads)
        do throws(AVFailure) {
            Log.forget()
            var inputs: UnsafeMutablePointer<AVFilterInOut>?
            var outputs: UnsafeMutablePointer<AVFilterInOut>?
            let code = description.withCName { avfilter_graph_parse2(graph, $0, &inputs, &outputs) }
            avfilter_inout_free(&inputs)
            avfilter_inout_free(&outputs)
            try check(code, "set up the filters")
            try check(avfilter_graph_config(graph, nil), "set up the filters")
            guard let source = findFilter(in: graph, suffix: "@in"), let sink = findFilter(in: graph, suffix: "@out")
            else {
                throw AVFailure("set up the filters", vtx_error_invalid_data)
            }
            self.source = source
            self.sink = sink
            overlay = findFilter(in: graph, suffix: "@over")
            timeBase = Rational(av_buffersink_get_time_base(sink)) ?? Rational(1, 90_000)
            self.graph = graph
        } catch {
            avfilter_graph_free(&owned)
            throw error
        }
    }

    /// What comes out of a chain for frames of a shape, found without any frame.
    ///
    /// - Returns: size and frame rate; no rate if the chain does not tell one.
    package static func outcome(
        of chain: [String], for shape: FrameShape, frameRate: Rational
    ) throws(AVFailure) -> (size: PixelSize, frameRate: Rational?) {
        let aspect = shape.sampleAspectRatio ?? Rational(1)
        let source =
            "buffer@in=width=\(shape.size.width):height=\(shape.size.height):pix_fmt=\(shape.pixelFormat)"
            + ":time_base=1/90000:sar=\(aspect.numerator)/\(aspect.denominator)"
            + ":frame_rate=\(frameRate.numerator)/\(frameRate.denominator)[in]"
        let filters = chain.isEmpty ? "null" : chain.joined(separator: ",")
        let graph = try FilterGraph("\(source);[in]\(filters)[out];[out]buffersink@out", threads: 1)
        let size = PixelSize(Int(av_buffersink_get_w(graph.sink)), Int(av_buffersink_get_h(graph.sink)))
        return (size, Rational(av_buffersink_get_frame_rate(graph.sink)))
    }

    /// Sets up a chain for audio of a format and forgets it; throws what libavfilter says against it.
    package static func setUpAudio(_ chain: [String], sampleRate: Int, layout: String) throws(AVFailure) {
        let source =
            "abuffer@in=sample_rate=\(sampleRate):sample_fmt=fltp:channel_layout=\(layout):time_base=1/\(sampleRate)"
        _ = try FilterGraph("\(source)[in];[in]\(chain.joined(separator: ","))[out];[out]abuffersink@out", threads: 1)
    }

    deinit { avfilter_graph_free(&graph) }

    /// Feeds one frame and hands out what is ready.
    package func push(_ frame: consuming Frame, emit: (consuming Frame) throws -> Void) throws {
        if let time = frame.time {
            let length = frame.samples > 0 ? Int64(frame.samples) : max(0, frame.duration)
            end = max(end, time &+ length)
        }
        try check(av_buffersrc_add_frame_flags(source, frame.pointer, 0), "filter")
        try pull(emit)
    }

    /// Feeds the frame that is overlaid on the next main frame; both must have the same timestamp.
    package func pushOverlay(_ frame: consuming Frame) throws(AVFailure) {
        try check(av_buffersrc_add_frame_flags(overlay, frame.pointer, 0), "filter")
    }

    /// Says that no more frames are overlaid: the last one stays.
    func endOverlay() throws(AVFailure) { try check(av_buffersrc_add_frame_flags(overlay, nil, 0), "filter") }

    /// Says that nothing more comes, and hands out the rest.
    package func drain(emit: (consuming Frame) throws -> Void) throws {
        if let overlay { try check(av_buffersrc_add_frame_flags(overlay, nil, 0), "filter") }
        // With the time at which the last frame ends: `fps` would leave that frame out otherwise.
        try check(av_buffersrc_close(source, end, 0), "filter")
        try pull(emit)
    }

    private func pull(_ emit: (consuming Frame) throws -> Void) throws {
        try pullFrames(from: sink, to: "filter", emit)
    }
}

/// Hands out the frames that are ready at the end of a graph.
///
/// - Parameter action: what the graph does, for errors.
func pullFrames(
    from sink: UnsafeMutablePointer<AVFilterContext>, to action: String, _ emit: (consuming Frame) throws -> Void
) throws {
    while true {
        let frame = Frame()
        let code = av_buffersink_get_frame(sink, frame.pointer)
        if code == vtx_error_again || code == vtx_error_end_of_file { return }
        try check(code, action)
        try emit(frame)
    }
}

/// The first filter whose name ends so.
func findFilter(
    in graph: UnsafeMutablePointer<AVFilterGraph>, suffix: String
) -> UnsafeMutablePointer<AVFilterContext>? {
    for index in 0..<Int(graph.pointee.nb_filters) {
        if let filter = graph.pointee.filters[index], let name = string(filter.pointee.name),
            name.hasSuffix(suffix)
        {
            return filter
        }
    }
    return nil
}
