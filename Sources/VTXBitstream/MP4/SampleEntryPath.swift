// Where the sample entry of a track is, so that it can be rewritten.

import VTXModel

/// The boxes from `moov` down to the sample entry of the only track.
struct SampleEntryPath {
    private var path: [ISOBox] = []
    private var inner: [ISOBox]

    init(_ bytes: [UInt8]) throws(VTXError) {
        var level = try isoBoxes(in: bytes)
        for type in ["moov", "trak", "mdia", "minf", "stbl", "stsd"] {
            let box = try level.required(type, of: path.last.map { "'\($0.type)'" } ?? "an initialization segment")
            path.append(box)
            if type != "stsd" { level = try isoBoxes(in: bytes, box.body) }
        }
        let table = path[path.count - 1].body
        let start = min(table.lowerBound + 8, table.upperBound)
        let entries = try isoBoxes(in: bytes, start..<table.upperBound)
        guard let entry = entries.first, entries.count == 1 else {
            throw damaged("a track with \(entries.count) sample entries")
        }
        path.append(entry)
        let isAudio = ["mp4a", "ac-3", "ec-3", "Opus", "fLaC", "alac", ".mp3"].contains(entry.type)
        let skipped = entry.body.lowerBound + (isAudio ? 28 : 78)
        inner = try isoBoxes(in: bytes, min(skipped, entry.body.upperBound)..<entry.body.upperBound)
    }

    func configuration(_ type: String, _ bytes: [UInt8]) throws(VTXError) -> [UInt8] {
        Array(bytes[try inner.required(type, of: "the sample entry").body])
    }

    /// The segment with `scheme` at the end of the sample entry, which is renamed.
    func protected(_ bytes: [UInt8], scheme: [UInt8]) throws(VTXError) -> [UInt8] {
        guard let entry = path.last else { return bytes }
        var bytes = bytes
        let isVideo = !inner.allSatisfy { !["avcC", "hvcC"].contains($0.type) }
        bytes.replaceSubrange(
            entry.range.lowerBound + 4..<entry.range.lowerBound + 8, with: Array((isVideo ? "encv" : "enca").utf8))
        for box in path {
            guard box.body.lowerBound - box.range.lowerBound == 8 else { throw damaged("a box with a long header") }
            let place = box.range.lowerBound
            bytes.replaceSubrange(place..<place + 4, with: bigEndian(UInt32(box.range.count + scheme.count)))
        }
        bytes.insert(contentsOf: scheme, at: entry.range.upperBound)
        return bytes
    }
}
