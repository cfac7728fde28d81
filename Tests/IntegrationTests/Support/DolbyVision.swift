// Clips with a configuration of Dolby Vision, which ffmpeg 5.1 cannot make: its box is put into a finished MP4.

import Foundation

enum DolbyVision {
    /// A clip of a second in which the box says what the arguments do.
    ///
    /// - Parameter codec: `hevc`, `h264` or `av1`.
    static func clip(
        _ path: String, profile: Int, level: Int = 1, compatibility: Int, codec: String = "hevc", color: [String] = []
    ) throws {
        let encoder: [String] =
            switch codec {
            case "h264": ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "13"]
            case "av1": ["-c:v", "libsvtav1", "-preset", "12", "-pix_fmt", "yuv420p10le", "-g", "13"]
            default:
                [
                    "-c:v", "libx265", "-preset", "ultrafast", "-x265-params",
                    "log-level=none:keyint=13:min-keyint=13:scenecut=0:open-gop=0", "-pix_fmt", "yuv420p10le", "-tag:v",
                    "hvc1",
                ]
            }
        try Oracle.ffmpeg(
            ["-f", "lavfi", "-i", "testsrc2=size=128x96:rate=25:duration=1"] + encoder + color + [path])
        try insert(box(profile: profile, level: level, compatibility: compatibility), intoEntryOf: path)
    }

    static func box(profile: Int, level: Int, compatibility: Int) -> [UInt8] {
        let type = profile > 10 ? "dvwC" : profile > 7 ? "dvvC" : "dvcC"
        // The profile in seven bits, the level in six, then: RPU and base layer, no enhancement layer.
        let bits = profile << 9 | level << 3 | 5
        return [0, 0, 0, 32] + Array(type.utf8) + [
            1, 0, UInt8(bits >> 8), UInt8(bits & 255), UInt8(compatibility << 4),
        ]
            + [UInt8](repeating: 0, count: 19)
    }

    /// The whole box of an MP4 or MOV file, and the type of the sample entry that it is in.
    static func read(_ path: String) throws -> (entry: String, box: [UInt8]?) {
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        guard let entry = entryPath(in: bytes).last else { return ("", nil) }
        let inner = boxes(in: bytes, entry.lowerBound + 86..<entry.upperBound)
        let found = inner.first { ["dvcC", "dvvC", "dvwC"].contains(type(of: $0, in: bytes)) }
        return (type(of: entry, in: bytes), found.map { Array(bytes[$0]) })
    }

    /// Puts a box at the end of the first sample entry of video; the `moov` box is the last one of the file.
    private static func insert(_ box: [UInt8], intoEntryOf path: String) throws {
        var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        let boxes = entryPath(in: bytes)
        for range in boxes {
            let size = UInt32(range.count + box.count)
            bytes.replaceSubrange(
                range.lowerBound..<range.lowerBound + 4, with: withUnsafeBytes(of: size.bigEndian, Array.init))
        }
        guard let entry = boxes.last, boxes.first?.upperBound == bytes.count else {
            throw ProgramFailure(description: "no sample entry at the end of \(path)")
        }
        bytes.insert(contentsOf: box, at: entry.upperBound)
        try Data(bytes).write(to: URL(fileURLWithPath: path))
    }

    /// From `moov` down to the sample entry of the first track.
    private static func entryPath(in bytes: [UInt8]) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var level = 0..<bytes.count
        for name in ["moov", "trak", "mdia", "minf", "stbl", "stsd"] {
            guard let box = boxes(in: bytes, level).first(where: { type(of: $0, in: bytes) == name }) else { return [] }
            found.append(box)
            level = box.lowerBound + (name == "stsd" ? 16 : 8)..<box.upperBound
        }
        return found + boxes(in: bytes, level).prefix(1)
    }

    private static func boxes(in bytes: [UInt8], _ range: Range<Int>) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var place = range.lowerBound
        while place + 8 <= range.upperBound {
            let size = bytes[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
            guard size >= 8, size <= range.upperBound - place else { break }
            found.append(place..<place + size)
            place += size
        }
        return found
    }

    private static func type(of box: Range<Int>, in bytes: [UInt8]) -> String {
        String(decoding: bytes[box.lowerBound + 4..<box.lowerBound + 8], as: UTF8.self)
    }
}
