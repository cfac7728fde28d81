// Images that are written as cover art.

import CLibAV
package import VTXModel

extension CodecParameters {
    /// A stream of one image, to be written as cover art.
    ///
    /// - Parameters:
    ///   - isPNG: otherwise it is JPEG.
    ///   - channels: 1 to 4 components of a pixel.
    package convenience init(imageOf size: PixelSize, isPNG: Bool, channels: Int) {
        self.init(timeBase: MediaTime.microsecond, frameRate: AVRational(num: 0, den: 1))
        pointer.pointee.codec_type = AVMEDIA_TYPE_VIDEO
        pointer.pointee.codec_id = isPNG ? AV_CODEC_ID_PNG : AV_CODEC_ID_MJPEG
        pointer.pointee.width = Int32(size.width)
        pointer.pointee.height = Int32(size.height)
        // The writer of FLAC asks it for the bits of a pixel.
        let ofPNG = [1: AV_PIX_FMT_GRAY8, 2: AV_PIX_FMT_YA8, 4: AV_PIX_FMT_RGBA]
        let format =
            isPNG ? ofPNG[channels] ?? AV_PIX_FMT_RGB24 : channels == 1 ? AV_PIX_FMT_GRAY8 : AV_PIX_FMT_YUVJ420P
        pointer.pointee.format = format.rawValue
    }

    /// An attached image.
    ///
    /// - Parameter isPNG: otherwise it is JPEG.
    package convenience init(attaching image: [UInt8], isPNG: Bool) throws(AVFailure) {
        self.init(timeBase: MediaTime.microsecond, frameRate: AVRational(num: 0, den: 1))
        pointer.pointee.codec_type = AVMEDIA_TYPE_ATTACHMENT
        pointer.pointee.codec_id = isPNG ? AV_CODEC_ID_PNG : AV_CODEC_ID_MJPEG
        guard let space = av_mallocz(image.count + Int(AV_INPUT_BUFFER_PADDING_SIZE)) else {
            throw outOfMemory("attach an image")
        }
        image.withUnsafeBytes { bytes in
            if let from = bytes.baseAddress { space.copyMemory(from: from, byteCount: bytes.count) }
        }
        pointer.pointee.extradata = space.assumingMemoryBound(to: UInt8.self)
        pointer.pointee.extradata_size = Int32(image.count)
    }
}
