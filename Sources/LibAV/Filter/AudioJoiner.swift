// Several mono tracks made the channels of one, with libavfilter's `join`.

import CLibAV
package import VTXModel

/// Joins audio that comes in any order. Calls must not overlap.
package final class AudioJoiner: @unchecked Sendable {
    // @unchecked: used under a lock.
    private var graph: UnsafeMutablePointer<AVFilterGraph>?
    private let sources: [UnsafeMutablePointer<AVFilterContext>]
    private let sink: UnsafeMutablePointer<AVFilterContext>
    /// Where each input has ended so far, and whether nothing more comes, in samples of its own rate.
    private var ends: [Int64]
    private var hasEnded: [Bool]
    private let shapes: [(rate: Int32, format: Int32)]

    /// - Parameters:
    ///   - tracks: mono each; the first one's sample rate is that of the result.
    ///   - layout: libav's name of a layout of as many channels, in its order.
    package init(tracks: [CodecParameters], layout: JoinedLayout) throws(AVFailure) {
        guard let graph = avfilter_graph_alloc() else { throw outOfMemory("make a filter graph") }
        var owned: UnsafeMutablePointer<AVFilterGraph>? = graph
        do throws(AVFailure) {
            Log.forget()
            let shapes = tracks.map { ($0.pointer.pointee.sample_rate, $0.pointer.pointee.format) }
            var inputs: UnsafeMutablePointer<AVFilterInOut>?
            var outputs: UnsafeMutablePointer<AVFilterInOut>?
            let code = avfilter_graph_parse2(graph, Self.description(shapes, layout), &inputs, &outputs)
            avfilter_inout_free(&inputs)
            avfilter_inout_free(&outputs)
            try check(code, "set up the filters")
            try check(avfilter_graph_config(graph, nil), "set up the filters")
            var sources: [UnsafeMutablePointer<AVFilterContext>] = []
            for index in tracks.indices {
                if let source = findFilter(in: graph, suffix: "@in\(index)") { sources.append(source) }
            }
            guard sources.count == tracks.count, let sink = findFilter(in: graph, suffix: "@out") else {
                throw AVFailure("set up the filters", vtx_error_invalid_data)
            }
            self.sources = sources
            self.sink = sink
            self.shapes = shapes.map { (rate: $0.0, format: $0.1) }
            ends = shapes.map { _ in 0 }
            hasEnded = shapes.map { _ in false }
            self.graph = graph
        } catch {
            avfilter_graph_free(&owned)
            throw error
        }
    }

    deinit { avfilter_graph_free(&graph) }

    private static func description(_ shapes: [(rate: Int32, format: Int32)], _ layout: JoinedLayout) -> String {
        let rate = shapes[0].rate
        let inputs = shapes.enumerated().map { index, shape in
            "abuffer@in\(index)=sample_rate=\(shape.rate):sample_fmt=\(shape.format):channel_layout=mono"
                + ":time_base=1/\(shape.rate)[s\(index)];"
                // All begin at 0 and have no gaps, or channels would come apart.
                + "[s\(index)]aresample=\(rate):async=1:min_hard_comp=0.02:first_pts=0[a\(index)];"
        }
        let map = layout.speakers.enumerated().map { "\($0).0-\($1)" }.joined(separator: "|")
        return inputs.joined() + shapes.indices.map { "[a\($0)]" }.joined()
            + "join=inputs=\(shapes.count):channel_layout=\(layout.rawValue):map=\(map)[out];[out]abuffersink@out"
    }

    /// Feeds a frame of one track, whose time is in samples.
    package func push(_ frame: consuming Frame, of track: Int, emit: (consuming Frame) throws -> Void) throws {
        if frame.pointer.pointee.ch_layout.order == AV_CHANNEL_ORDER_UNSPEC {
            av_channel_layout_default(&frame.pointer.pointee.ch_layout, frame.pointer.pointee.ch_layout.nb_channels)
        }
        ends[track] = max(ends[track], (frame.time ?? ends[track]) + Int64(frame.samples))
        try check(av_buffersrc_add_frame_flags(sources[track], frame.pointer, 0), "join audio")
        try fillGaps(emit)
        try pull(emit)
    }

    /// Ends one track: silence stands in for it until the others end.
    package func finish(_ track: Int, emit: (consuming Frame) throws -> Void) throws {
        hasEnded[track] = true
        try fillGaps(emit)
        if hasEnded.allSatisfy({ $0 }) {
            for (index, source) in sources.enumerated() {
                try check(av_buffersrc_close(source, ends[index], 0), "join audio")
            }
        }
        try pull(emit)
    }

    /// Seconds by which a track may lag behind the others before silence stands in for it: memory is bounded by that.
    private static let mostLag = 60.0

    /// Fills tracks that have ended, or that lag far behind, with silence.
    private func fillGaps(_ emit: (consuming Frame) throws -> Void) throws {
        func seconds(_ track: Int) -> Double { Double(ends[track]) / Double(shapes[track].rate) }
        let longest = shapes.indices.map(seconds).max() ?? 0
        for track in shapes.indices {
            let rate = shapes[track].rate
            let goal = Int64((hasEnded[track] ? longest : longest - Self.mostLag) * Double(rate))
            while ends[track] < goal {
                let count = min(goal - ends[track], Int64(rate))
                let silence = try Frame(monoSilence: Int(count), rate: rate, format: shapes[track].format)
                silence.time = ends[track]
                ends[track] += count
                try check(av_buffersrc_add_frame_flags(sources[track], silence.pointer, 0), "join audio")
                try pull(emit)
            }
        }
    }

    private func pull(_ emit: (consuming Frame) throws -> Void) throws {
        try pullFrames(from: sink, to: "join audio", emit)
    }
}
