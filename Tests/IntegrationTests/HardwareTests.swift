// Hardware encoders and vtx doctor, on machines that have none: what is tried, said and refused.

import Foundation
import Testing
import VTXModel

@Suite("hardware", .timeLimit(.minutes(60)))
struct HardwareTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    @Test("doctor lists libraries, encoders, every hardware encoder, filters and programs")
    func doctor() throws {
        let lines = try vtx("doctor", "--json").json()
        #expect(lines.first?.value("command") == "doctor")
        func names(_ kind: String) -> [String] {
            lines.filter { $0.value("kind") == kind }.compactMap { $0.value("name") }
        }
        #expect(names("library").contains("libavcodec") && names("encoder").contains("libx264"))
        #expect(names("hardware").count == 8 && names("hardware").contains("hevc_vaapi"))
        #expect(names("program") == ["vtx-server"] && names("protection") == ["Landlock"])
        for line in lines where line.value("kind") == "hardware" && line.value("is_available") == false {
            let why: String? = line.value("detail")
            #expect(why?.isEmpty == false)
        }
        let text = try vtx("doctor")
        #expect(text.status == 0 && text.output.contains("libx264") && text.errors.isEmpty, "\(text.summary)")
    }

    @Test("Options are such as the encoders know", .needsOracle, arguments: HardwareEngine.allCases)
    func options(engine: HardwareEngine) throws {
        for name in engine.traits.codecs {
            let help = try Oracle.ffmpeg(["-h", "encoder=\(name)_\(engine.rawValue)"]).output
            // A libav built without the engine has nothing to compare with.
            guard help.contains("AVOptions") else { continue }
            let traits = engine.traits
            let own = traits.options(of: name).merging(traits.gridOptions(of: name)) { $1 }
            // These are of every encoder.
            for option in own.keys where option != "bf" { #expect(help.contains("-\(option) "), "\(name) \(option)") }
            if traits.qualityOption != "global_quality" { #expect(help.contains("-\(traits.qualityOption) ")) }
            for speed in traits.speeds?.values ?? [] { #expect(help.contains(" \(speed) "), "\(name) \(speed)") }
            let formats = help.split(separator: "\n").first { $0.contains("Supported pixel formats") } ?? ""
            let needed = traits.needsUpload ? ["vaapi"] : traits.pixelFormats(of: name)
            for format in needed { #expect(formats.contains(" \(format)"), "\(name) \(format)") }
        }
    }

    @Test("auto falls back to software where nothing works; a name is refused with libav's reason")
    func fallback() throws {
        let found = try vtx("doctor", "--json").json().filter { $0.value("kind") == "hardware" }
        let works = found.contains { $0.value("is_available") == true }
        try #require(!works, "this machine has hardware encoders")
        let output = folder.file("out.mp4")
        let result = try vtx(
            "transcode", fixture("clip.mkv"), "-o", output, "--encoder", "auto", "--speed", "ultrafast")
        #expect(result.status == 0 && result.errors.contains("encoded by software, libx264"), "\(result.summary)")
        let refused = try vtx("transcode", fixture("clip.mkv"), "-o", folder.file("no.mp4"), "--encoder", "nvenc")
        #expect(refused.status == 69 && refused.errors.contains("NVENC cannot encode H.264"), "\(refused.summary)")
        #expect(refused.errors.contains("vtx doctor"))
        let confined = try vtx(
            "transcode", fixture("clip.mkv"), "-o", folder.file("no.mp4"), "--encoder", "qsv", "--sandbox", "on")
        #expect(confined.status == 64 && confined.errors.contains("--sandbox on"), "\(confined.summary)")
        #expect(folder.names == ["out.mp4"])
    }
}
