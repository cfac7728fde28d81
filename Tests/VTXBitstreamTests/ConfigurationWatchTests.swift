// Streams whose decoder has to be set up anew midway.

import Testing

@testable import VTXBitstream

@Suite("changes of configuration")
struct ConfigurationWatchTests {
    private let set: [UInt8] = [0x67, 66, 0, 30, 1], other: [UInt8] = [0x67, 100, 0, 31, 2]
    // Numbers 0 and 1: `1…` and `010…`.
    private let picture: [UInt8] = [0x68, 0x90], changed: [UInt8] = [0x68, 0xA0], second: [UInt8] = [0x68, 0x48]
    private let frame: [UInt8] = [0x65, 0x88, 0, 0, 1, 0x67, 9, 9]

    private func stream(_ units: [UInt8]...) -> [UInt8] { units.flatMap { [0, 0, 0, 1] + $0 } }
    private func sized(_ units: [UInt8]...) -> [UInt8] { units.flatMap { [0, 0, 0, UInt8($0.count)] + $0 } }

    private func watch(_ header: [UInt8], _ codec: String = "h264", pictures: Bool = true) -> ConfigurationWatch {
        ConfigurationWatch(codec: codec, header: header, followsPictureSets: pictures)!
    }

    private func changes(_ watch: inout ConfigurationWatch, _ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBytes { watch.changes(with: $0) }
    }

    @Test("Sets that repeat, or come in the first packet, are no change", arguments: [true, false])
    func repeated(hasHeader: Bool) {
        var watch = watch(hasHeader ? stream(set, picture) : [])
        for _ in 0..<3 { #expect(!changes(&watch, stream([9, 16], set, picture, frame))) }
        #expect(!changes(&watch, stream(frame)))
        var stale = self.watch(stream(other))
        #expect(!changes(&stale, stream(set, picture, frame)))
        #expect(!changes(&stale, stream(set, picture, frame)))
    }

    @Test("Another sequence set is a change, also under another number; zeros behind it are not")
    func sequence() {
        var watch = watch(stream(set, picture))
        #expect(!changes(&watch, stream(set + [0, 0], picture, frame)))
        #expect(changes(&watch, stream(other, picture, frame)))
    }

    @Test("A picture set counts if it changes under its number, and only where that is asked")
    func pictures() {
        var watch = watch(stream(set, picture))
        #expect(!changes(&watch, stream(frame)))
        #expect(!changes(&watch, stream(second, frame)))
        #expect(changes(&watch, stream(changed, frame)))
        var free = self.watch(stream(set, picture), pictures: false)
        #expect(!changes(&free, stream(frame)))
        #expect(!changes(&free, stream(changed, frame)))
    }

    @Test("Records and units with lengths are read alike")
    func lengths() {
        let record: [UInt8] = [1, 66, 0, 30, 0xFF, 0xE1, 0, 5] + set + [1, 0, 2] + picture
        var watch = watch(record)
        #expect(!changes(&watch, sized(frame)))
        #expect(!changes(&watch, sized(set, picture, frame)))
        #expect(changes(&watch, sized(other, picture, frame)))
    }

    @Test("HEVC: sequence sets of the base layer")
    func hevc() {
        let set: [UInt8] = [0x42, 1, 1, 1], other: [UInt8] = [0x42, 1, 2, 2], upper: [UInt8] = [0x42, 9, 3, 3]
        var watch = watch(stream(set), "hevc")
        #expect(!changes(&watch, stream(set, [0x26, 1, 5])))
        #expect(!changes(&watch, stream(upper, set, [0x26, 1, 5])))
        #expect(changes(&watch, stream(other, [0x26, 1, 5])))
    }

    @Test("AAC: two ADTS headers of another kind are a change, one is damage")
    func audio() {
        let first: [UInt8] = [0xFF, 0xF1, 0x4C, 0x80, 1, 2, 3], next: [UInt8] = [0xFF, 0xF1, 0x50, 0x80, 1, 2, 3]
        var watch = watch([], "aac")
        for bytes in [first, first, next, first, next] { #expect(!changes(&watch, bytes)) }
        #expect(changes(&watch, next))
    }

    @Test(
        "What is cut off is no set, and no trap",
        arguments: [[], [0, 0, 1], [0, 0, 0, 1, 0x67], [0, 0, 0, 9, 0x67, 1]])
    func damage(bytes: [UInt8]) {
        for codec in ["h264", "hevc", "aac"] {
            for header in [[], bytes, [1, 2, 3, 4, 5, 6, 7, 8], [UInt8](repeating: 1, count: 30)] {
                var watch = watch(header, codec)
                _ = changes(&watch, bytes)
                _ = changes(&watch, bytes)
            }
        }
        #expect(ConfigurationWatch(codec: "vp9", header: [], followsPictureSets: true) == nil)
    }
}
