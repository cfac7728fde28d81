// The packets of one chunk in a file with a checksum.

import Glibc
import LibAV
import VTXModel
import VTXSystem

/// The file format of chunks: timestamps, flags and bytes of each packet.
///
/// The number in `magic` rises with this format and with that of the journal: older work is then discarded.
enum PacketFile {
    private static let magic: UInt64 = 0x3373_746b_7078_7476  // "vtxpkts3"
    /// Five 64-bit words before the packets' bytes. The last record has a size of -1, and before it the number of
    /// packets and what they do to the decoder's buffer.
    private static let headerSize = 40

    /// Writes one file; it is gone if it is never finished.
    final class Writer {
        private let path: String
        private let partial: String
        private let file: File
        private var buffer: [UInt8] = []
        private var sum = Checksum()
        private(set) var summary = ChunkSummary()
        private let rateBuffer: RateBuffer?
        private var isFinished = false

        init(_ path: String, buffer: RateBuffer?) throws {
            self.path = path
            rateBuffer = buffer
            partial = path + ".part"
            file = try File(partial, for: .writing, mode: 0o600)
            put(magic)
        }

        deinit { if !isFinished { unlink(partial) } }

        /// - Parameter encoded: bytes that count for the decoder's buffer, if the encoder has not written all of them.
        func write(_ packet: borrowing Packet, encoded: Int? = nil) throws {
            put(UInt64(bitPattern: packet.presentation ?? .min))
            put(UInt64(bitPattern: packet.decoding ?? .min))
            put(UInt64(bitPattern: packet.duration))
            put(packet.isKey ? 1 : 0)
            put(UInt64(packet.size))
            packet.withBytes { buffer.append(contentsOf: $0) }
            summary.packets += 1
            summary.bytes += Int64(packet.size)
            if let rateBuffer {
                summary.use.add(bytes: encoded ?? packet.size, ticks: packet.duration, in: rateBuffer)
            }
            if buffer.count > 1 << 18 { try flush() }
        }

        /// Ends the file and gives it its name.
        func finish() throws -> ChunkSummary {
            let use = summary.use
            for value in [Int64(summary.packets), use.needed, use.gained, use.most] {
                put(UInt64(bitPattern: value))
            }
            put(.max)
            try flush()
            put(UInt64(sum.value))
            try file.write(buffer)
            try renameFile(partial, to: path)
            isFinished = true
            return summary
        }

        private func put(_ value: UInt64) {
            withUnsafeBytes(of: value.littleEndian) { buffer.append(contentsOf: $0) }
        }

        private func flush() throws {
            buffer.withUnsafeBytes { sum.add($0) }
            try file.write(buffer)
            buffer.removeAll(keepingCapacity: true)
        }
    }

    /// Reads a finished file.
    ///
    /// - Parameter each: takes the packets in the order they were written.
    /// - Throws: `.inputOutput` if the file is not what was written.
    static func read(_ path: String, each: (consuming Packet) throws -> Void) throws -> ChunkSummary {
        let file = try File(path, for: .reading)
        let damaged = VTXError(
            .inputOutput, "\(path) is damaged", remedy: "pass \(.startOver) to start over")
        var sum = Checksum()
        var bytes = [UInt8](repeating: 0, count: headerSize)
        var summary = ChunkSummary()

        func take(_ count: Int) throws -> Bool {
            if bytes.count < count { bytes = [UInt8](repeating: 0, count: count) }
            let whole = try bytes.withUnsafeMutableBytes {
                try file.read(into: UnsafeMutableRawBufferPointer(rebasing: $0[..<count])) == count
            }
            if whole { bytes.withUnsafeBytes { sum.add(UnsafeRawBufferPointer(rebasing: $0[..<count])) } }
            return whole
        }
        func word(_ index: Int) -> UInt64 {
            bytes.withUnsafeBytes {
                UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self))
            }
        }

        guard try take(8), word(0) == magic else { throw damaged }
        while try take(headerSize) {
            let size = word(4)
            if size == .max {
                let expected = UInt64(sum.value)
                guard word(0) == UInt64(summary.packets) else { throw damaged }
                let use = (1...3).map { Int64(bitPattern: word($0)) }
                summary.use = BufferUse(needed: use[0], gained: use[1], most: use[2])
                guard try take(8), word(0) == expected else { throw damaged }
                return summary
            }
            guard size < 1 << 31 else { throw damaged }
            let presentation = Int64(bitPattern: word(0))
            let decoding = Int64(bitPattern: word(1))
            let duration = Int64(bitPattern: word(2))
            let isKey = word(3) == 1
            guard try take(Int(size)) else { throw damaged }
            summary.packets += 1
            summary.bytes += Int64(size)
            let packet = try Packet(bytes, count: Int(size), isKey: isKey)
            packet.presentation = presentation == .min ? nil : presentation
            packet.decoding = decoding == .min ? nil : decoding
            packet.duration = duration
            try each(packet)
        }
        throw damaged
    }
}
