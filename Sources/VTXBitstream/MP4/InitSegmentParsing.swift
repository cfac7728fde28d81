// From the boxes of an initialization segment to its tracks.

package import VTXModel

extension InitSegment {
    /// - Throws: `.badMedia` if the bytes are no initialization segment, or a damaged one.
    package init(_ bytes: [UInt8]) throws(VTXError) {
        let movie = try isoBoxes(in: bytes).required("moov", of: "an initialization segment")
        let boxes = try isoBoxes(in: bytes, movie.body)
        let header = try TimeHeader(bytes, boxes.required("mvhd", of: "'moov'"))
        tracks = []
        for box in boxes where box.type == "trak" {
            tracks.append(try Track(bytes, box, movieTimescale: header.timescale))
        }
        for box in boxes where box.type == "mvex" {
            for defaults in try isoBoxes(in: bytes, box.body) where defaults.type == "trex" {
                var reader = ByteReader(bytes, defaults.body)
                try reader.skip(4)
                let id = try reader.u32()
                try reader.skip(4)
                let (duration, size, flags) = (try reader.u32(), try reader.u32(), try reader.u32())
                for index in tracks.indices where tracks[index].id == id {
                    tracks[index].defaultDuration = duration
                    tracks[index].defaultSize = size
                    tracks[index].defaultFlags = flags
                }
            }
        }
    }
}

extension InitSegment.Track {
    fileprivate init(_ bytes: [UInt8], _ trak: ISOBox, movieTimescale: UInt32) throws(VTXError) {
        let boxes = try isoBoxes(in: bytes, trak.body)
        let media = try isoBoxes(in: bytes, try boxes.required("mdia", of: "'trak'").body)

        var reader = ByteReader(bytes, try boxes.required("tkhd", of: "'trak'").body)
        let isLong = try reader.u8() == 1
        try reader.skip(3 + (isLong ? 16 : 8))
        id = try reader.u32()
        // Reserved, duration, reserved, layer, group, volume, reserved.
        try reader.skip(4 + (isLong ? 8 : 4) + 8 + 8)
        let (a, b) = (try reader.i32(), try reader.i32())
        try reader.skip(4)
        let (c, d) = (try reader.i32(), try reader.i32())

        let mediaHeader = try media.required("mdhd", of: "'mdia'")
        let header = try TimeHeader(bytes, mediaHeader)
        timescale = header.timescale
        reader = ByteReader(
            bytes, header.afterDuration..<max(header.afterDuration, mediaHeader.body.upperBound))
        language = packedLanguage(try reader.u16())

        reader = ByteReader(bytes, try media.required("hdlr", of: "'mdia'").body)
        try reader.skip(8)
        let handler = try reader.fourCC()
        kind = handler == "vide" ? .video : handler == "soun" ? .audio : .other

        let information = try isoBoxes(in: bytes, try media.required("minf", of: "'mdia'").body)
        let table = try isoBoxes(in: bytes, try information.required("stbl", of: "'minf'").body)
        let description = try table.required("stsd", of: "'stbl'").body
        let entriesStart = min(description.lowerBound + 8, description.upperBound)
        guard let box = try isoBoxes(in: bytes, entriesStart..<description.upperBound).first else {
            throw damaged("'stsd' without a sample entry")
        }
        let entry = try SampleEntry(bytes, box, kind: kind)
        sampleEntry = entry.format
        isEncrypted = entry.isEncrypted
        codec = entry.codec
        supplementalCodec = entry.supplementalCodec
        video = entry.size.map {
            InitSegment.Video(
                size: $0, sampleAspectRatio: entry.sampleAspectRatio,
                orientation: Orientation(matrix: a, b, c, d) ?? .upright, color: entry.color)
        }
        audio = entry.audio
        editOffset = try readEditOffset(
            bytes, boxes.first("edts"), movieTimescale: movieTimescale, timescale: timescale)
    }
}
