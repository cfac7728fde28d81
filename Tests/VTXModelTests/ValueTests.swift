// Values as people write them: times with units, scaled numbers, names of codecs, counted things.

import Testing
import VTXModel

@Suite("written values")
struct ValueTests {
    @Test(
        "Times with units",
        arguments: [
            ("1m30s", 90), ("1h2m3.5s", 3723.5), ("90s", 90), ("500ms", 0.5), ("2H", 7200), ("-5s", -5),
            ("1min 30s", nil),
            ("", nil), ("-", nil), ("5", nil), ("1s1m", nil), ("1s1s", nil), ("s", nil), ("1x", nil), ("--5s", nil),
            ("1..5s", nil), ("9e9h", nil), ("99999999999h", nil),
        ] as [(String, Double?)])
    func times(text: String, seconds: Double?) {
        #expect(MediaTime(units: text)?.seconds == seconds)
    }

    @Test(
        "Bit rates",
        arguments: [
            ("2.5M", 2.5e6), ("2.5MB", 2.5e6), ("2.5Mbps", 2.5e6), ("2500kb/s", 2.5e6), ("2500 kbit/s", 2.5e6),
            ("800000", 8e5), ("1G", nil), ("0.5m", 5e5), ("M", nil), ("-1M", nil), ("1e6", 1e6), ("1e999", nil),
            ("0x10", nil), ("e6", nil), ("2,5M", nil),
            ("nan", nil),
            ("fast", nil), ("", nil),
        ] as [(String, Double?)])
    func rates(text: String, rate: Double?) {
        #expect(parsedBitRate(text) == rate)
    }

    @Test(
        "Sizes",
        arguments: [
            ("64k", 65536), ("800MB", 838_860_800), ("2GiB", 2_147_483_648), ("1.5g", 1_610_612_736), ("12", 12),
            ("b", nil),
        ] as [(String, Double?)])
    func sizes(text: String, bytes: Double?) { #expect(parsedByteCount(text, step: 1024) == bytes) }

    @Test(
        "Codecs by other names",
        arguments: [
            ("h265", "hevc"), ("HEVC", "hevc"), ("x265", "hevc"), ("H.264", "h264"), ("x264", "h264"), ("avc", "h264"),
            ("libx264", "h264"), ("libsvtav1", "av1"), ("SVT-AV1", "av1"), ("libvpx-vp9", "vp9"), ("VP9", "vp9"),
            ("xvid", "mpeg4"), ("prores_ks", "prores"), ("vp8", nil), ("h263", nil), ("", nil),
        ] as [(String, String?)])
    func video(name: String, codec: String?) { #expect(VideoCodec(named: name)?.rawValue == codec) }

    @Test(
        "Audio codecs by other names",
        arguments: [
            ("AAC", .aac), ("libopus", .opus), ("E-AC-3", .eac3), ("ec3", nil), ("lame", .mp3), ("FLAC", .flac),
            ("vorbis", nil),
        ] as [(String, AudioCodec?)])
    func audio(name: String, codec: AudioCodec?) { #expect(AudioCodec(named: name) == codec) }

    @Test("One thing has no plural")
    func plurals() {
        #expect(counted(1, "file") == "1 file" && counted(2, "file") == "2 files" && counted(0, "file") == "0 files")
        #expect(counted(1, "entry", "entries") == "1 entry" && counted(3, "entry", "entries") == "3 entries")
    }

    @Test("The lines of a message become one")
    func lines() {
        #expect("one of:\n  - a\r\n\n  - b".joinedLines == "one of: - a - b")
    }
}
