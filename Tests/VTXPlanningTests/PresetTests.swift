import Foundation
import Testing
import VTXModel
import VTXPlanning

@Suite("Presets")
struct PresetTests {
    func read(_ json: String) throws -> Preset {
        try JSONDecoder().decode(PresetFile.self, from: Data(json.utf8)).resolved()
    }

    @Test("The built-in presets have every codec", arguments: Preset.builtInNames)
    func complete(name: String) throws {
        let preset = try #require(Preset.builtIn(named: name))
        #expect(Set(preset.video.keys) == Set(VideoCodec.allCases))
        #expect(Set(preset.audio.keys) == Set(AudioCodec.allCases.filter { !$0.isLossless }))
    }

    @Test("A file changes what it names and keeps the rest of its base")
    func overlay() throws {
        let preset = try read(
            #"{"name": "mine", "base": "high", "video": {"h264": {"crf": 16.5, "options": {"tune": "source", "bf": 4}}, "av1": {"speed": 4}}, "audio": {"aac": {"stereo": "256k", "5.1": 512000}}}"#
        )
        #expect(preset.name == "mine")
        #expect(
            preset.video[.h264] == .init(quality: 16.5, speed: "slow", options: ["tune": "source", "bf": "4"]))
        #expect(preset.video[.av1]?.speed == "4")
        #expect(preset.video[.vp9] == Preset.high.video[.vp9])
        #expect(preset.audio[.aac]?.stereo == 256_000 && preset.audio[.aac]?.surround51 == 512_000)
        #expect(preset.audio[.aac]?.mono == Preset.high.audio[.aac]?.mono)
    }

    @Test("An empty file is the medium preset")
    func empty() throws {
        #expect(try read("{}") == Preset.medium)
    }

    @Test(
        "A misspelt key is an error that names it",
        arguments: [
            (#"{"vido": {}}"#, "vido"), (#"{"video": {"h265": {}}}"#, "h265"),
            (#"{"video": {"h264": {"CRF": 1}}}"#, "CRF"),
            (#"{"audio": {"aac": {"steroe": 1}}}"#, "steroe"), (#"{"audio": {"flac": {}}}"#, "flac"),
        ])
    func unknownKeys(json: String, key: String) {
        do {
            _ = try read(json)
            Issue.record("read without complaint")
        } catch {
            #expect("\(error)".contains(key))
        }
    }

    @Test(
        "Values outside their range are errors",
        arguments: [
            #"{"base": "best"}"#, #"{"video": {"h264": {"crf": 52}}}"#, #"{"video": {"mpeg4": {"crf": 5}}}"#,
            #"{"video": {"mpeg4": {"quantizer": 1}}}"#, #"{"video": {"h264": {"quantizer": 5}}}"#,
            #"{"video": {"h264": {"speed": "6"}}}"#, #"{"video": {"mpeg4": {"speed": "slow"}}}"#,
            #"{"audio": {"aac": {"stereo": "loud"}}}"#, #"{"audio": {"aac": {"stereo": 0}}}"#,
        ])
    func badValues(json: String) {
        #expect(throws: (any Error).self) { try read(json) }
    }

    @Test("A preset survives being written and read", arguments: Preset.builtInNames)
    func roundTrip(name: String) throws {
        let preset = try #require(Preset.builtIn(named: name))
        #expect(try JSONDecoder().decode(Preset.self, from: JSONEncoder().encode(preset)) == preset)
    }
}
