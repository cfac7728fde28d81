import Testing

@testable import VTXBitstream

@Suite("Leading units")
struct LeadingUnitTests {
    @Test(
        "The order of display begins anew with IDR and, of HEVC, BLA",
        arguments: [
            // Access unit delimiter, parameter sets, then the frame.
            ("h264", "00000001 09f0 00000001 6764 000001 68eb 000001 6588", true),
            ("h264", "00000001 09f0 000001 419a", false),
            ("h264", "000001 0605 000001 419a 000001 6588", false), ("h264", "000001 0605", false), ("h264", "", false),
            ("hevc", "00000001 4001 000001 2601af", true), ("hevc", "000001 2801af", true),
            ("hevc", "000001 2001af", true),
            // CRA, a trailing frame.
            ("hevc", "000001 2a01af", false), ("hevc", "000001 0201d0", false), ("mpeg2video", "000001 00001f", false),
        ])
    func anchors(codec: String, packet: String, expected: Bool) {
        #expect(bytes(packet).withUnsafeBytes { startsDisplayOrder($0, codec: codec) } == expected)
    }
}
