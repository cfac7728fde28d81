// What an MPEG transport stream segment holds (ISO/IEC 13818-1): tables, first timestamps and key frames.

package import VTXModel

/// An MPEG-TS segment, read back.
package struct TransportSegment: Hashable, Sendable {
    /// The elementary streams of the program, in the order of the program map.
    package var streams: [Stream]
    /// The bytes before the first audio or video packet, if the tables are there: what EXT-X-MAP of an
    /// I-frame playlist points to. `nil` if a table is missing or comes too late.
    package var tables: Range<Int>?
    /// Programs that the association table lists; HLS wants exactly one.
    package var programCount: Int

    /// One elementary stream.
    package struct Stream: Hashable, Sendable {
        package var pid: Int
        /// Of the program map: 0x1B H.264, 0x0F AAC with ADTS, 0x03 and 0x04 MP3, 0x81 AC-3, 0x87 E-AC-3.
        package var type: UInt8
        /// Presentation time of the first frame, in 90 kHz ticks of 33 bits; `nil` if there is none.
        package var firstPTS: Int64?
        /// Earliest and latest, counted on from `firstPTS` over the end of the 33 bits.
        package var earliestPTS: Int64?
        package var latestPTS: Int64?
        package var frameCount = 0
        /// Elementary-stream bytes of the first frame: parameter sets or an ADTS header.
        package var firstFrame: [UInt8] = []
        /// Whether the first frame is marked as a point of random access.
        package var startsWithKeyFrame = false
        /// Frames marked as points of random access. Video only.
        package var keyFrames: [KeyFrame] = []

        package var isVideo: Bool { [0x01, 0x02, 0x10, 0x1B, 0x24].contains(type) }
    }

    /// A key frame and the packets it can be read from.
    package struct KeyFrame: Hashable, Sendable {
        /// Counted on from the first of the stream.
        package var pts: Int64
        /// From the packet that starts the frame to the last one that carries a part of it.
        package var range: Range<Int>
    }

    package var video: Stream? { streams.first(where: \.isVideo) }
    package var audio: Stream? { streams.first { !$0.isVideo && $0.frameCount > 0 } }

    private static let packetSize = 188

    /// - Throws: `.badMedia` if the bytes are not whole packets, or a table is damaged.
    package init(_ bytes: [UInt8]) throws(VTXError) {
        guard bytes.count.isMultiple(of: Self.packetSize) else {
            throw damaged("\(bytes.count) bytes are no whole number of transport packets")
        }
        streams = []
        programCount = 0
        var hasMap = false
        var firstMedia: Int?
        // What each of the 2¹³ packet identifiers carries: a stream by its number, the program map, or nothing.
        let (nothing, map) = (-1, -2)
        var index = [Int](repeating: nothing, count: 1 << 13)
        // Of the frame of each stream that is being read: whether it is a key frame. `nil` before the first.
        var open: [Bool?] = []

        let span = bytes.span
        for start in stride(from: 0, to: bytes.count, by: Self.packetSize) {
            let packet = try TransportPacket(span, at: start)
            if packet.pid == 0, packet.startsUnit {
                let programs = try readAssociation(try section(bytes, packet, table: 0))
                programCount = max(programCount, programs.count)
                for pid in programs { index[pid] = map }
            } else if index[packet.pid] == map, packet.startsUnit {
                for (pid, type) in try readProgramMap(try section(bytes, packet, table: 2))
                where index[pid] == nothing {
                    index[pid] = streams.count
                    streams.append(Stream(pid: pid, type: type))
                    open.append(nil)
                }
                hasMap = true
                if firstMedia == nil { tables = 0..<packet.end }
            } else if index[packet.pid] >= 0 {
                let number = index[packet.pid]
                if firstMedia == nil { firstMedia = start }
                if packet.startsUnit {
                    let frame = try FrameHeader(bytes, packet)
                    streams[number].begin(frame, packet)
                    open[number] = packet.isRandomAccess && streams[number].isVideo && frame.pts != nil
                    streams[number].collect(bytes, frame.body)
                } else if let isKey = open[number] {
                    if isKey { streams[number].extendKeyFrame(to: packet.end) }
                    streams[number].collect(bytes, packet.payload)
                }
            } else if firstMedia == nil, packet.startsUnit, packet.pid > 0x1F, packet.pid != 0x1FFF,
                bytes[packet.payload].starts(with: [0, 0, 1])
            {
                // Media before its tables.
                firstMedia = start
            }
        }
        guard hasMap else { return }
        if let found = tables, let firstMedia {
            tables = found.lowerBound..<max(found.upperBound, firstMedia)
        }
    }
}

extension TransportSegment.Stream {
    fileprivate init(pid: Int, type: UInt8) {
        self.pid = pid
        self.type = type
    }

    fileprivate mutating func begin(_ frame: FrameHeader, _ packet: TransportPacket) {
        frameCount += 1
        if frameCount == 1 { startsWithKeyFrame = packet.isRandomAccess }
        guard let pts = frame.pts else { return }
        let unwrapped = firstPTS.map { unwrapPTS(pts, near: latestPTS ?? $0) } ?? pts
        firstPTS = firstPTS ?? pts
        earliestPTS = min(earliestPTS ?? unwrapped, unwrapped)
        latestPTS = max(latestPTS ?? unwrapped, unwrapped)
        if packet.isRandomAccess, isVideo {
            keyFrames.append(.init(pts: unwrapped, range: packet.start..<packet.end))
        }
    }

    fileprivate mutating func extendKeyFrame(to end: Int) {
        guard let last = keyFrames.indices.last else { return }
        keyFrames[last].range = keyFrames[last].range.lowerBound..<end
    }

    /// Keeps the start of the first frame; parameter sets stand at its front.
    fileprivate mutating func collect(_ bytes: [UInt8], _ payload: Range<Int>) {
        guard frameCount == 1, firstFrame.count < 4096 else { return }
        firstFrame += bytes[payload].prefix(4096 - firstFrame.count)
    }
}

extension TransportSegment {
    /// The key frames of the video as I-frame playlists need them.
    ///
    /// - Parameters:
    ///   - origin: the 90 kHz time that is 0 in the output.
    ///   - offset: where the segment begins in its file.
    package func keyFrameRecords(origin: Int64, at offset: Int64 = 0) -> [KeyFrameRecord] {
        (video?.keyFrames ?? []).map { frame in
            KeyFrameRecord(
                time: presentationTime(ofPTS: frame.pts, origin: origin),
                offset: offset + Int64(frame.range.lowerBound), bytes: Int64(frame.range.count))
        }
    }
}
