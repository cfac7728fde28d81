import Testing

@testable import VTXBitstream

@Suite("Parameter sets of H.264")
struct AVCParameterSetTests {
    /// 320x240, High, level 1.3, number 0, and a picture parameter set with number 0.
    private let sequence = "6764000dacd94141fb011000000300100000030320f1429960"
    private let picture = "68ebe3cb22c0"

    private var record: [UInt8] {
        let (one, two) = (bytes(sequence), bytes(picture))
        return [1, one[1], one[2], one[3], 0xFF, 0xE1, 0, UInt8(one.count)] + one + [1, 0, UInt8(two.count)] + two
            + [0xFD, 0xF8, 0xF8, 0]
    }

    @Test("Numbers, profile and level are read from both forms of headers")
    func read() {
        let stream = bytes("00000001" + sequence + "000001" + picture)
        for header in [record, stream] {
            let sets = AVCParameterSets(header: header)
            #expect(sets.numbers == [0] && sets.profiles == [100] && sets.levels == [13] && sets.isFrameOnly)
        }
        #expect(AVCParameterSets(header: record).lengthSize == 4)
        #expect(AVCParameterSets(header: stream).lengthSize == nil)
        #expect(AVCParameterSets(header: []).numbers.isEmpty)
        #expect(AVCParameterSets(header: [1, 2, 3, 4, 5, 0xFF, 0xFF, 0xFF]).numbers.isEmpty)
    }

    @Test("An encoder's sets come behind the stream's, in the stream's form")
    func join() throws {
        let encoder = bytes("00000001" + sequence + "00000001" + picture)
        let joined = try #require(joinedAVCHeader(record, with: encoder))
        #expect(joined[5] & 31 == 2 && Array(joined.suffix(4)) == [0xFD, 0xF8, 0xF8, 0])
        #expect(joined.count == record.count + bytes(sequence).count + bytes(picture).count + 4)
        #expect(joinedAVCHeader(encoder, with: encoder)?.count == encoder.count * 2)
        #expect(joinedAVCHeader(record, with: []) == nil && joinedAVCHeader([], with: encoder) == nil)
    }

    @Test("Start codes become lengths")
    func lengths() {
        let frame = bytes("00000001 09f0 000001 6588aabb")
        #expect(
            frame.withUnsafeBytes { lengthPrefixed($0, lengthSize: 4) }
                == bytes("00000002 09f0 00000004 6588aabb"))
        #expect(frame.withUnsafeBytes { lengthPrefixed($0, lengthSize: 1) } == bytes("02 09f0 04 6588aabb"))
        let long = [0, 0, 1] + [UInt8](repeating: 0x65, count: 300)
        #expect(long.withUnsafeBytes { lengthPrefixed($0, lengthSize: 1) } == nil)
    }
}
