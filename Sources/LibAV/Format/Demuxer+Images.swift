// Images that are attached to a file.

import CLibAV

extension Demuxer {
    /// The bytes of an attached image; `nil` if the stream has none.
    package func attachedImage(of stream: Int) -> [UInt8]? {
        guard stream < streamCount, let found = streams[stream] else { return nil }
        let packet = found.pointee.attached_pic
        guard packet.size > 0, let data = packet.data else { return nil }
        return Array(UnsafeBufferPointer(start: data, count: Int(packet.size)))
    }
}
