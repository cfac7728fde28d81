// cbcs on small real media: which bytes are encrypted, and what the boxes say of it.

import Testing
import VTXModel

@testable import VTXBitstream

@Suite("common encryption")
struct CommonEncryptionTests {
    private let protection = SampleProtection(
        keyID: Array(repeating: 0xAB, count: 16), iv: Array(repeating: 0xCD, count: 16))

    /// A cipher that shows where it was: every bit turned.
    private func flip(_ bytes: [UInt8]) throws(VTXError) -> [UInt8] { bytes.map { ~$0 } }

    private func box(_ path: String, in bytes: [UInt8]) throws -> [UInt8] {
        var range = bytes.indices
        for name in path.split(separator: "/") {
            range = try #require(try isoBoxes(in: bytes, range).first(String(name)), "\(path)").body
            // Fields that stand before the boxes inside.
            let skipped = ["stsd": 8, "encv": 78, "enca": 28][name] ?? 0
            range = range.lowerBound + skipped..<range.upperBound
        }
        return Array(bytes[range])
    }

    @Test("The sample entry says cbcs, one block of ten, and the codec it was")
    func sampleEntry() throws {
        let encryptor = try SampleEncryptor(initialization: TinyMovie.initSection, protection: protection)
        let scheme = "moov/trak/mdia/minf/stbl/stsd/encv/sinf/"
        #expect(try box(scheme + "frma", in: encryptor.initialization) == Array("avc1".utf8))
        #expect(
            try box(scheme + "schm", in: encryptor.initialization)
                == [0, 0, 0, 0] + Array("cbcs".utf8) + [0, 1, 0, 0])
        #expect(
            try box(scheme + "schi/tenc", in: encryptor.initialization)
                == [1, 0, 0, 0, 0, 0x19, 1, 0] + protection.keyID + [16] + protection.iv)
        let (before, after) = (try InitSegment(TinyMovie.initSection), try InitSegment(encryptor.initialization))
        #expect(after.tracks[0].isEncrypted)
        #expect(after.tracks[0].codec == before.tracks[0].codec)
        #expect(after.tracks[0].editOffset == before.tracks[0].editOffset)
    }

    @Test("Slices are encrypted after their headers, one block of ten, and small ones not at all")
    func subsamples() throws {
        var encryptor = try SampleEncryptor(initialization: TinyMovie.initSection, protection: protection)
        let segment = try encryptor.segment(TinyMovie.segment, cipher: flip)
        let header = try InitSegment(encryptor.initialization)
        let clear = try header.fragments(in: TinyMovie.segment)
        let secret = try header.fragments(in: segment)
        #expect(secret.count == 2)
        // Length, NAL header and slice header are 9 bytes of each; what is left of 11 is no block.
        let runs: [[(UInt16, UInt32)]] = [[(9, 113)], [(11, 0)], [(11, 0)], [(9, 113)], [(9, 17)], [(11, 0)]]
        let boxes = try isoBoxes(in: segment).filter { $0.type == "moof" }
        for (index, moof) in boxes.enumerated() {
            let traf = try isoBoxes(in: segment, moof.body).required("traf", of: "moof")
            let parts = try isoBoxes(in: segment, traf.body)
            let listed = runs[index * 3..<index * 3 + 3]
            let entries: [UInt8] = listed.flatMap { list in
                big(UInt16(list.count)) + list.flatMap { big($0.0) + big($0.1) }
            }
            let senc = try parts.required("senc", of: "traf").body
            #expect(Array(segment[senc]) == [0, 0, 0, 2, 0, 0, 0, 3] + entries)
            let saiz = try parts.required("saiz", of: "traf").body
            #expect(Array(segment[saiz]) == [0, 0, 0, 0, 0, 0, 0, 0, 3, 8, 8, 8])
            let saio = try parts.required("saio", of: "traf").body
            #expect(
                Array(segment[saio])
                    == [0, 0, 0, 0, 0, 0, 0, 1] + big(UInt32(senc.lowerBound + 8 - moof.range.lowerBound)))
        }
        let pairs = zip(clear.flatMap(\.tracks[0].samples), secret.flatMap(\.tracks[0].samples))
        for ((before, after), list) in zip(pairs, runs) {
            #expect(before.presentation == after.presentation)
            let (start, blocks) = (Int(list[0].0), Int(list[0].1) / 16)
            let old = Array(TinyMovie.segment[before.range])
            for (place, byte) in segment[after.range].enumerated() {
                let block = (place - start) / 16
                let isSecret = place >= start && block < blocks && block % 10 == 0
                #expect(byte == (isSecret ? ~old[place] : old[place]), "byte \(place) of \(list)")
            }
        }
    }

    @Test("Audio is encrypted in whole blocks, without a list of them")
    func audio() throws {
        let clear = initSection(
            sampleDescription: VTXBitstreamTests.box(
                "stsd", [0, 0, 0, 0, 0, 0, 0, 1],
                VTXBitstreamTests.box(
                    "ec-3", [UInt8](repeating: 0, count: 16), [0, 2, 0, 16], [0, 0, 0, 0], big(UInt32(48_000) << 16),
                    VTXBitstreamTests.box("dec3", [0, 0, 0x20, 0x0F, 0x00]))), handler: "soun")
        var encryptor = try SampleEncryptor(initialization: clear, protection: protection)
        #expect(
            try box("moov/trak/mdia/minf/stbl/stsd/enca/sinf/schi/tenc", in: encryptor.initialization).prefix(8)
                == [0, 0, 0, 0, 0, 0, 1, 0])
        #expect(try InitSegment(encryptor.initialization).audio?.codec == "ec-3")

        let sample = (0..<40).map { UInt8($0) }
        func fragment(_ content: [UInt8]) -> [UInt8] {
            let moof = VTXBitstreamTests.box(
                "moof",
                VTXBitstreamTests.box(
                    "traf", VTXBitstreamTests.box("tfhd", [0, 2, 0, 0], big(UInt32(1))),
                    VTXBitstreamTests.box("tfdt", [0, 0, 0, 0], big(UInt32(0))),
                    VTXBitstreamTests.box(
                        "trun", [0, 0, 3, 1], big(UInt32(1)), big(UInt32(84)), big(UInt32(1536)), big(UInt32(40)))))
            return moof + VTXBitstreamTests.box("mdat", content)
        }
        #expect(
            try encryptor.segment(fragment(sample), cipher: flip)
                == fragment(sample.prefix(32).map { ~$0 } + sample.suffix(8)))
    }

    @Test("Pictures of other codecs are refused")
    func refused() {
        let entry = VTXBitstreamTests.box(
            "av01", [UInt8](repeating: 0, count: 78), VTXBitstreamTests.box("av1C", [0x81, 0x04, 0x0C, 0]))
        let section = initSection(
            sampleDescription: VTXBitstreamTests.box("stsd", [0, 0, 0, 0, 0, 0, 0, 1], entry), handler: "vide")
        #expect { try SampleEncryptor(initialization: section, protection: protection) } throws: {
            ($0 as? VTXError)?.kind == .unavailable
        }
    }

    @Test("HEVC slice headers end where FFmpeg's trace_headers says")
    func hevcHeaders() throws {
        let configuration = bytes(
            """
            0101600000009000000000001ef000fcfdf8f800000f03a00001001840010c01ffff016000000300900000030000
            03001e959009a10001002842010101600000030090000003000003001ea02080c1659592e4caf016808000000300
            8000000c84a2000100064401c173d889
            """)
        let headers = try HEVCHeaders(configuration: configuration)
        let slices: [(String, Int)] = [
            ("2801af1d80bfebc5036d183059b008cfecfa50bb43b310a001f783512b7b286f", 5),
            ("0201d0097e10c63b5f7b83937de5642a4521d8911840e3116b54dc1a1523d928", 8),
            ("0201d021dff510c18ec02e0ba0d609972a958d56a14eaaf73d755471fb7bfff7", 10),
            ("0201e06697fd410c061240dc47fd6e3de5893349da49fbff7e1d546fefdeb8eb", 11),
            ("0001e046fffd22218030a2f02eff458fad6571caeb779f4e927270a6b251b3ff", 11),
        ]
        for (digits, end) in slices {
            let unit = bytes(digits)
            #expect(try headers.sliceData(unit, unit.indices) == end, "\(digits)")
        }
    }

    @Test("Damaged slices are an error, not a crash")
    func damaged() throws {
        var encryptor = try SampleEncryptor(initialization: TinyMovie.initSection, protection: protection)
        let fragment = try #require(try InitSegment(TinyMovie.initSection).fragments(in: TinyMovie.segment).first)
        let picture = fragment.tracks[0].samples[0].range
        for place in picture {
            var broken = TinyMovie.segment
            broken[place] = ~broken[place]
            _ = try? encryptor.segment(broken, cipher: flip)
        }
    }
}
