// Audio made a little longer or shorter, with libswresample.

import CLibAV

/// Resamples audio of one format by a share that may change from frame to frame. Stays on one thread.
package final class AudioStretcher {
    private var context: OpaquePointer?
    /// Has the format, and the layout by which libswresample knows it.
    private let pattern: Frame
    private let format: String
    /// Samples that have gone in and are still to come out.
    package private(set) var delay: Int64 = 0

    /// - Parameters:
    ///   - frame: has the format.
    ///   - previous: the frame before, which has gone elsewhere: what follows joins it without a click.
    package init(like frame: borrowing Frame, after previous: consuming Frame?) throws(AVFailure) {
        pattern = try frame.copy()
        format = frame.audioFormat
        let layout = pattern.pointer.pointee.ch_layout
        if layout.order == AV_CHANNEL_ORDER_UNSPEC {
            av_channel_layout_default(&pattern.pointer.pointee.ch_layout, layout.nb_channels)
        }
        let type = AVSampleFormat(pattern.pointer.pointee.format)
        let rate = pattern.pointer.pointee.sample_rate
        let code = withUnsafeMutablePointer(to: &pattern.pointer.pointee.ch_layout) {
            swr_alloc_set_opts2(&context, $0, type, rate, $0, type, rate, 0, nil)
        }
        try check(code, "set up the resampler")
        let options = context.map(UnsafeMutableRawPointer.init)
        // Without this flag it would resample only where rates differ.
        try check(av_opt_set_int(options, "flags", Int64(SWR_FLAG_RESAMPLE), 0), "set up the resampler")
        try check(av_opt_set_int(options, "linear_interp", 1, 0), "set up the resampler")
        try check(swr_init(context), "set up the resampler")
        guard let previous, previous.audioFormat == format else { return }
        try check(swr_drop_output(context, Int32(previous.samples)), "resample")
        _ = try convert(previous)
        delay = 0
    }

    deinit { swr_free(&context) }

    /// Whether a frame has the format.
    package func takes(_ frame: borrowing Frame) -> Bool { frame.audioFormat == format }

    /// Stretches what follows.
    ///
    /// - Parameter share: by which it gets longer; negative: shorter.
    package func stretch(by share: Double) throws(AVFailure) {
        // As many samples are made of a minute. It is set again with each frame, so the minute never ends.
        let minute = 60 * pattern.pointer.pointee.sample_rate
        try check(
            swr_set_compensation(context, Int32((share * Double(minute)).rounded()), minute), "change the resampling")
    }

    /// Feeds a frame.
    ///
    /// - Returns: what is ready; without a time.
    package func push(_ frame: borrowing Frame) throws(AVFailure) -> Frame? { try convert(frame) }

    /// The rest; nothing goes in after it.
    package func drain() throws(AVFailure) -> Frame? {
        let most = swr_get_out_samples(context, 0)
        try check(most, "resample")
        guard most > 0 else { return nil }
        let output = try room(for: most, like: pattern)
        let count = swr_convert(context, output.pointer.pointee.extended_data, most, nil, 0)
        try check(count, "resample")
        output.pointer.pointee.nb_samples = count
        delay = 0
        if count == 0 { return nil }
        return output
    }

    private func convert(_ frame: borrowing Frame) throws(AVFailure) -> Frame? {
        let most = swr_get_out_samples(context, frame.pointer.pointee.nb_samples)
        try check(most, "resample")
        let output = try room(for: most, like: frame)
        let data = frame.pointer.pointee.extended_data
        let count = data?.withMemoryRebound(
            to: UnsafePointer<UInt8>?.self, capacity: Int(frame.pointer.pointee.ch_layout.nb_channels)
        ) {
            swr_convert(
                context, output.pointer.pointee.extended_data, most, $0, frame.pointer.pointee.nb_samples)
        }
        try check(count ?? vtx_error_invalid_data, "resample")
        output.pointer.pointee.nb_samples = count ?? 0
        delay = swr_get_delay(context, Int64(pattern.pointer.pointee.sample_rate))
        if output.samples == 0 { return nil }
        return output
    }

    private func room(for samples: Int32, like frame: borrowing Frame) throws(AVFailure) -> Frame {
        let output = Frame()
        try check(av_frame_copy_props(output.pointer, frame.pointer), "resample")
        output.pointer.pointee.format = frame.pointer.pointee.format
        output.pointer.pointee.sample_rate = frame.pointer.pointee.sample_rate
        output.pointer.pointee.nb_samples = max(1, samples)
        try check(
            av_channel_layout_copy(&output.pointer.pointee.ch_layout, &frame.pointer.pointee.ch_layout),
            "copy a layout")
        try check(av_frame_get_buffer(output.pointer, 0), "allocate audio")
        output.time = nil
        output.duration = 0
        return output
    }
}
