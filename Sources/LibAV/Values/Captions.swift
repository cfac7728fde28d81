// Captions beside the images and packets that they belong to (CEA-608 and 708 in the form of ATSC A/53).

import CLibAV

extension Frame {
    /// Triplets of caption bytes.
    package var captions: [UInt8] {
        guard let item = av_frame_get_side_data(pointer, AV_FRAME_DATA_A53_CC), let data = item.pointee.data else {
            return []
        }
        return Array(UnsafeBufferPointer(start: data, count: item.pointee.size))
    }

    /// Removes the captions.
    package func takeCaptions() -> [UInt8] {
        defer { av_frame_remove_side_data(pointer, AV_FRAME_DATA_A53_CC) }
        return captions
    }

    /// Replaces the captions.
    package func setCaptions(_ bytes: [UInt8]) throws(AVFailure) {
        av_frame_remove_side_data(pointer, AV_FRAME_DATA_A53_CC)
        guard !bytes.isEmpty else { return }
        guard let item = av_frame_new_side_data(pointer, AV_FRAME_DATA_A53_CC, bytes.count) else {
            throw outOfMemory("keep captions")
        }
        bytes.withUnsafeBytes {
            UnsafeMutableRawPointer(item.pointee.data).copyMemory(from: $0.baseAddress!, byteCount: $0.count)
        }
    }
}

extension Packet {
    /// Captions that the encoder has not written into the packet.
    package var captions: [UInt8] { sideData(AV_PKT_DATA_A53_CC) ?? [] }

    func setCaptions(_ bytes: [UInt8]) throws(AVFailure) { try addSideData(AV_PKT_DATA_A53_CC, bytes) }

    /// The same access unit with other bytes, and without captions beside it.
    package func replacing(_ bytes: [UInt8]) throws(AVFailure) -> Packet {
        let packet = try Packet(bytes, isKey: false)
        try check(av_packet_copy_props(packet.pointer, pointer), "copy a packet's properties")
        packet.removeCaptions()
        return packet
    }

    private func removeCaptions() {
        for index in 0..<Int(pointer.pointee.side_data_elems) {
            guard pointer.pointee.side_data[index].type == AV_PKT_DATA_A53_CC else { continue }
            av_freep(&pointer.pointee.side_data[index].data)
            pointer.pointee.side_data_elems -= 1
            pointer.pointee.side_data[index] = pointer.pointee.side_data[Int(pointer.pointee.side_data_elems)]
            return
        }
    }
}
