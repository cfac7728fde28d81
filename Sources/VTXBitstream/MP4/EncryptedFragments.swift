// Boxes that tell which bytes of each sample are encrypted, and their place in a fragment.

import VTXModel

/// A run of clear bytes and the protected ones after it.
struct ProtectedRange {
    var clear: Int
    var protected: Int
}

/// `saiz`, `saio` and `senc`; the offset in `saio` is filled in when its place is known.
func auxiliaryBoxes(of samples: [[ProtectedRange]]) throws(VTXError) -> [UInt8] {
    var sizes: [UInt8] = []
    var entries: [UInt8] = []
    for list in samples {
        // A clear run has 16 bits; longer ones are several runs.
        var runs: [(UInt16, UInt32)] = []
        for range in list {
            var clear = range.clear
            while clear > 0xFFFF {
                runs.append((0xFFFF, 0))
                clear -= 0xFFFF
            }
            runs.append((UInt16(clear), UInt32(range.protected)))
        }
        guard let size = UInt8(exactly: 2 + 6 * runs.count) else {
            throw VTXError(
                .unavailable, "a picture of \(runs.count) slices is not encrypted with cbcs",
                remedy: "encode with fewer slices a picture, or use \(.encryption) aes-128")
        }
        sizes.append(size)
        entries += bigEndian(UInt16(runs.count))
        for run in runs { entries += bigEndian(run.0) + bigEndian(run.1) }
    }
    let count = bigEndian(UInt32(samples.count))
    return isoBox("saiz", [0, 0, 0, 0, 0] + count + sizes)
        + isoBox("saio", [0, 0, 0, 0] + bigEndian(UInt32(1)) + bigEndian(UInt32(0)))
        + isoBox("senc", [0, 0, 0, 2] + count + entries)
}

/// Puts boxes at the end of track fragments; sizes and offsets follow.
func inserting(
    _ insertions: [(fragment: Int, boxes: [UInt8])], intoFragmentsOf bytes: [UInt8]
) throws(VTXError) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count + insertions.reduce(0) { $0 + $1.boxes.count })
    var done = 0
    for box in try isoBoxes(in: bytes) where box.type == "moof" {
        guard let boxes = insertions.first(where: { $0.fragment == box.range.lowerBound })?.boxes else { continue }
        result += bytes[done..<box.range.lowerBound]
        result += try fragment(Array(bytes[box.range]), with: boxes)
        done = box.range.upperBound
    }
    return result + bytes[done...]
}

private func fragment(_ moof: [UInt8], with boxes: [UInt8]) throws(VTXError) -> [UInt8] {
    let outer = try isoBoxes(in: moof)[0]
    let traf = try isoBoxes(in: moof, outer.body).required("traf", of: "'moof'")
    let parts = try isoBoxes(in: moof, traf.body)
    var moof = moof
    let header = try parts.required("tfhd", of: "'traf'").body
    var reader = ByteReader(moof, header)
    let flags = try reader.u32()
    guard flags & 1 == 0, outer.body.lowerBound == 8, traf.body.lowerBound - traf.range.lowerBound == 8 else {
        throw damaged("a fragment whose samples have absolute positions")
    }
    for run in parts where run.type == "trun" {
        var reader = ByteReader(moof, run.body)
        let flags = try reader.u32()
        _ = try reader.u32()
        guard flags & 1 != 0 else { continue }
        let place = reader.position
        let (offset, overflow) = try reader.i32().addingReportingOverflow(Int32(boxes.count))
        guard !overflow else { throw damaged("a data offset beyond 31 bits") }
        moof.replaceSubrange(place..<place + 4, with: bigEndian(offset))
    }
    // The list begins 16 bytes into `senc`, which is the last of the boxes.
    let added = try isoBoxes(in: boxes)
    var boxes = boxes
    let list = try added.required("senc", of: "the protection").range.lowerBound + 16
    let place = try added.required("saio", of: "the protection").range.upperBound - 4
    boxes.replaceSubrange(place..<place + 4, with: bigEndian(UInt32(traf.range.upperBound + list)))
    moof.replaceSubrange(
        traf.range.lowerBound..<traf.range.lowerBound + 4, with: bigEndian(UInt32(traf.range.count + boxes.count)))
    moof.replaceSubrange(0..<4, with: bigEndian(UInt32(moof.count + boxes.count)))
    moof.insert(contentsOf: boxes, at: traf.range.upperBound)
    return moof
}
