// Progress of renditions: positions, not counts of packets.

import LibAV
import Testing
import VTXModel

@testable import VTXPipeline

@Suite("rendition progress")
struct RenditionProgressTests {
    /// Samples of an AAC, an E-AC-3 and an Opus packet.
    @Test("The position of audio follows the durations of its packets", arguments: [1024, 1536, 960] as [Int64])
    func audio(samples: Int64) throws {
        let base = Rational(1, 48_000)
        var progress = RenditionProgress()
        for index in Int64(0)..<100 {
            let packet = try Packet([1, 2, 3])
            packet.presentation = index * samples
            packet.duration = samples
            progress.add(packet, base: base)
        }
        #expect(progress.packets == 100)
        #expect(progress.bytes == 300)
        #expect(progress.position == MediaTime(100 * samples, base))
    }

    @Test("Packets that are shown before others, or have no timestamp, do not move the position back")
    func order() throws {
        let base = Rational(1, 25)
        var progress = RenditionProgress()
        for time in [0, 4, 2, nil, 1] as [Int64?] {
            let packet = try Packet([1])
            packet.presentation = time
            packet.duration = 1
            progress.add(packet, base: base)
        }
        #expect(progress.packets == 5)
        #expect(progress.position == MediaTime(5, base))
    }

    @Test("The position of video is the duration of all its frames; dropped chunks are subtracted")
    func video() {
        let rate = Rational(30_000, 1001)
        var progress = RenditionProgress()
        progress.add(frames: 90, bytes: 1000, rate: rate)
        progress.add(frames: 30, bytes: 500, rate: rate)
        progress.add(frames: -90, bytes: -1000, rate: rate)
        #expect(progress.packets == 30)
        #expect(progress.bytes == 500)
        #expect(progress.position == MediaTime(30, rate.inverse))
    }
}
