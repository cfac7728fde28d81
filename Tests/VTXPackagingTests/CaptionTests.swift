// What multivariant playlists say about captions inside the video.

import Testing
import VTXModel

@testable import VTXPackaging

@Suite("captions in playlists")
struct CaptionPlaylistTests {
    private func video(_ captions: [CaptionChannel]?) -> PackagedRendition {
        var rendition = PackagedRendition(name: "v", codec: "avc1.42c00a", segments: [])
        rendition.captions = captions
        return rendition
    }

    /// The lines of captions: EXT-X-MEDIA, then what the variant says, then the version.
    private func lines(_ captions: [CaptionChannel]?...) throws -> [String] {
        var playlist = MultivariantPlaylist(variants: [
            .init(
                uri: "v.m3u8", bitRates: BitRates(peak: 2, average: 1), codecs: ["avc1.42c00a"],
                resolution: PixelSize(64, 48))
        ])
        playlist.declareCaptions(of: captions.map(video))
        let text = try playlist.render().split(separator: "\n").map(String.init)
        return text.filter { $0.contains("TYPE=CLOSED") }.map { String($0.dropFirst("#EXT-X-MEDIA:".count)) }
            + text.filter { $0.hasPrefix("#EXT-X-STREAM-INF") }
            .map { $0.split(separator: ",").last.map(String.init) ?? "" }
            + text.filter { $0.hasPrefix("#EXT-X-VERSION") }
    }

    private static let first =
        #"TYPE=CLOSED-CAPTIONS,GROUP-ID="captions",NAME="CC1",LANGUAGE="und",DEFAULT=NO,AUTOSELECT=YES,"#
        + #"INSTREAM-ID="CC1""#

    @Test("None, some and unknown ones")
    func statements() throws {
        #expect(try lines(nil, nil) == ["CLOSED-CAPTIONS=NONE"])
        #expect(try lines([]) == ["RESOLUTION=64x48"])
        // The same channel in several renditions is one; CEA-708 beside it is the same text.
        #expect(
            try lines([.cc(1), .service(1)], [.cc(1)], nil)
                == [Self.first, #"CLOSED-CAPTIONS="captions""#, "#EXT-X-VERSION:4"])
    }

    @Test("Only the first can be chosen by its language; services need version 7")
    func several() throws {
        let made = try lines([.cc(3), .cc(1)])
        #expect(made.first == Self.first)
        #expect(made[1].contains(#"AUTOSELECT=NO,INSTREAM-ID="CC3""#))
        let service = try lines([.service(2)])
        #expect(service[0].contains(#"NAME="Service 2""#) && service[0].hasSuffix(#"INSTREAM-ID="SERVICE2""#))
        #expect(service.last == "#EXT-X-VERSION:7")
    }
}
