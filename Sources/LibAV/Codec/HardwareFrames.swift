// Frames in the memory of a device.

import CLibAV
import VTXModel

/// Copies frames to a device whose encoder reads no others (VA-API).
final class HardwareFrames {
    private var device: UnsafeMutablePointer<AVBufferRef>?
    private var frames: UnsafeMutablePointer<AVBufferRef>?

    /// Opens the default device and tells an encoder about its frames.
    ///
    /// - Parameters:
    ///   - format: of the frames in memory.
    ///   - encoder: not yet open.
    init(
        size: PixelSize, format: AVPixelFormat, for encoder: UnsafeMutablePointer<AVCodecContext>
    ) throws(AVFailure) {
        Log.forget()
        let code = av_hwdevice_ctx_create(&device, AV_HWDEVICE_TYPE_VAAPI, nil, nil, 0)
        // libav says no more than that it failed.
        guard code >= 0 else {
            var failure = AVFailure("open the VA-API device", code)
            failure.words += ": no device in /dev/dri that a VA-API driver serves"
            throw failure
        }
        frames = av_hwframe_ctx_alloc(device)
        guard let frames else { throw outOfMemory("make frames of the device") }
        frames.pointee.data.withMemoryRebound(to: AVHWFramesContext.self, capacity: 1) { context in
            context.pointee.format = AV_PIX_FMT_VAAPI
            context.pointee.sw_format = format
            context.pointee.width = Int32(size.width)
            context.pointee.height = Int32(size.height)
        }
        try check(av_hwframe_ctx_init(frames), "make frames of the device")
        encoder.pointee.hw_frames_ctx = av_buffer_ref(frames)
        encoder.pointee.pix_fmt = AV_PIX_FMT_VAAPI
    }

    deinit {
        av_buffer_unref(&frames)
        av_buffer_unref(&device)
    }

    /// - Returns: a copy of `frame` on the device, with its time and its metadata.
    func upload(_ frame: borrowing Frame) throws(AVFailure) -> Frame {
        let copy = Frame()
        try check(av_hwframe_get_buffer(frames, copy.pointer, 0), "take a frame of the device")
        try check(av_hwframe_transfer_data(copy.pointer, frame.pointer, 0), "copy a frame to the device")
        try check(av_frame_copy_props(copy.pointer, frame.pointer), "copy a frame to the device")
        return copy
    }
}
