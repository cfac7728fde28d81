import Testing
import VTXModel
import VTXPlanning

@Suite("Lists of codecs and presets")
struct CatalogTests {
    @Test("Every codec is listed once, with its encoder as it is in this libav")
    func codecs() throws {
        let all = CodecEntry.all(Capabilities(encoders: ["libx264", "aac"], filters: []))
        let names = all.map(\.name)
        #expect(Set(names).count == names.count)
        #expect(
            Set(names)
                == Set(
                    VideoCodec.allCases.map(\.rawValue) + AudioCodec.allCases.map(\.rawValue)
                        + SubtitleCodec.allCases.map(\.rawValue)))
        #expect(all.filter(\.isAvailable).map(\.name) == ["h264", "aac"])
    }

    @Test("Each container has one default codec of a kind, at most", arguments: Container.allCases)
    func defaults(container: Container) {
        for kind in CodecEntry.Kind.allCases {
            let codecs = CodecEntry.all(everything).filter { $0.kind == kind && $0.containers.contains(container) }
            let defaults = codecs.filter { $0.defaultContainers.contains(container) }
            #expect(defaults.count == (codecs.isEmpty ? 0 : 1), "\(kind)")
        }
    }

    @Test("Other names are names that options take")
    func names() {
        for entry in CodecEntry.all(everything) {
            for name in entry.otherNames {
                let found = entry.kind == .video ? VideoCodec(named: name)?.rawValue : AudioCodec(named: name)?.rawValue
                #expect(found == entry.name, "\(name)")
            }
        }
    }

    @Test("Presets are listed with what they say of the codecs that they use")
    func presets() throws {
        let all = PresetEntry.all
        #expect(all.map(\.name) == Preset.builtInNames && all.allSatisfy { !$0.summary.isEmpty })
        let medium = try #require(all.first { $0.name == "medium" })
        #expect(medium.containers == nil && medium.video.count == VideoCodec.allCases.count)
        #expect(medium.video.first { $0.codec == .mpeg4 }?.quantizer == 5)
        let phone = try #require(all.first { $0.name == "phone" })
        #expect(phone.video.map(\.codec) == [.h264] && phone.video.first?.options["profile"] == "main")
        #expect(phone.largestFrame == PixelSize(1280, 720) && phone.isStereo)
    }
}
