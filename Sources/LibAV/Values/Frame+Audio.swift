// Samples that are cut off and made.

import CLibAV
package import VTXModel

extension Frame {
    /// Silence in the form that an encoder takes.
    ///
    /// - Parameter samples: how many per channel, 1 or more.
    package init(silence samples: Int, for plan: AudioEncodePlan) throws(AVFailure) {
        self.init()
        let format = av_get_sample_fmt(plan.sampleFormat)
        pointer.pointee.format = format.rawValue
        pointer.pointee.sample_rate = Int32(plan.sampleRate)
        pointer.pointee.nb_samples = Int32(samples)
        pointer.pointee.ch_layout = try channelLayout(named: plan.layout)
        try check(av_frame_get_buffer(pointer, 0), "allocate silence")
        try check(
            av_samples_set_silence(
                pointer.pointee.extended_data, 0, Int32(samples), pointer.pointee.ch_layout.nb_channels, format),
            "make silence")
    }

    /// Leaves out all samples but the first `count`.
    package func keepFirst(_ count: Int) {
        pointer.pointee.nb_samples = min(pointer.pointee.nb_samples, Int32(clamping: max(0, count)))
    }
}
