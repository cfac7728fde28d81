// One compressed access unit.

import CLibAV
package import VTXModel

/// The only owner of an `AVPacket`.
package struct Packet: ~Copyable, @unchecked Sendable {
    // @unchecked: uniquely owned, and libav counts buffer references atomically.
    let pointer: UnsafeMutablePointer<AVPacket>

    package init() {
        guard let pointer = av_packet_alloc() else { fatalError("out of memory for a packet") }
        self.pointer = pointer
    }

    deinit {
        var pointer: UnsafeMutablePointer<AVPacket>? = pointer
        av_packet_free(&pointer)
    }

    /// Index of its stream in the file it comes from or goes to.
    package var stream: Int {
        get { Int(pointer.pointee.stream_index) }
        nonmutating set { pointer.pointee.stream_index = Int32(newValue) }
    }
    package var size: Int { Int(pointer.pointee.size) }
    package var isKey: Bool { pointer.pointee.flags & AV_PKT_FLAG_KEY != 0 }
    package var isCorrupt: Bool { pointer.pointee.flags & AV_PKT_FLAG_CORRUPT != 0 }
    /// `false` for what an edit list cuts off: it is decoded only because other frames refer to it.
    package var isShown: Bool { pointer.pointee.flags & AV_PKT_FLAG_DISCARD == 0 }
    package var position: Int64 { pointer.pointee.pos }

    package var presentation: Int64? {
        get { known(pointer.pointee.pts) }
        nonmutating set { pointer.pointee.pts = newValue ?? vtx_no_timestamp }
    }
    package var decoding: Int64? {
        get { known(pointer.pointee.dts) }
        nonmutating set { pointer.pointee.dts = newValue ?? vtx_no_timestamp }
    }
    /// 0 if unknown.
    package var duration: Int64 {
        get { pointer.pointee.duration }
        nonmutating set { pointer.pointee.duration = newValue }
    }

    /// A decoder's header that replaces the stream's own from this packet on; `nil`: it stays.
    package var newHeader: [UInt8]? {
        var size = 0
        guard let bytes = av_packet_get_side_data(pointer, AV_PKT_DATA_NEW_EXTRADATA, &size), size > 0 else {
            return nil
        }
        return Array(UnsafeBufferPointer(start: bytes, count: size))
    }

    /// Moves both timestamps by `ticks`.
    package func shift(by ticks: Int64) {
        if let time = presentation { presentation = time &+ ticks }
        if let time = decoding { decoding = time &+ ticks }
    }

    /// Expresses timestamps and duration in another unit.
    package func rescale(from: Rational, to: Rational) {
        if from != to { av_packet_rescale_ts(pointer, from.av, to.av) }
    }

    /// A second owner of the same data.
    package func copy() throws(AVFailure) -> Packet {
        let copy = Packet()
        try check(av_packet_ref(copy.pointer, pointer), "reference a packet")
        return copy
    }

    /// A packet that holds a copy of the first `count` bytes.
    package init(_ bytes: [UInt8], count: Int? = nil, isKey: Bool = true) throws(AVFailure) {
        self.init()
        let count = min(count ?? bytes.count, bytes.count)
        try check(av_new_packet(pointer, Int32(count)), "allocate a packet")
        bytes.withUnsafeBytes { from in
            guard count > 0, let from = from.baseAddress else { return }
            UnsafeMutableRawPointer(pointer.pointee.data).copyMemory(from: from, byteCount: count)
        }
        if isKey { pointer.pointee.flags |= AV_PKT_FLAG_KEY }
    }

    /// Changes what is compressed, in a copy if others have it too.
    package func change(_ body: (inout UnsafeMutableRawBufferPointer) -> Void) throws(AVFailure) {
        guard size > 0 else { return }
        try check(av_packet_make_writable(pointer), "copy a packet")
        var bytes = UnsafeMutableRawBufferPointer(start: pointer.pointee.data, count: size)
        body(&bytes)
    }

    /// What is compressed. Valid within `body`.
    package func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try body(UnsafeRawBufferPointer(start: pointer.pointee.data, count: size))
    }
}
