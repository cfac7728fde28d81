// Audio: which tracks, in which layout and at which level.

import Foundation
import Testing

@Suite("audio", .needsOracle, .timeLimit(.minutes(60)))
struct AudioTests {
    let folder: Folder

    init() throws { folder = try Folder() }

    @Test(
        "Tracks are chosen by number and language",
        arguments: [
            ("eng", ["eng"]), ("deu", ["deu"]), ("ger", ["deu"]), ("de", ["deu"]), ("2", ["deu"]),
            ("1", ["eng"]), ("deu,1", ["eng", "deu"]),
            ("all", ["eng", "deu"]), ("none", []),
        ])
    func selection(tracks: String, languages: [String]) throws {
        let output = folder.file("out.mkv")
        try transcode(fixture("clip.mkv"), to: output, "--audio", tracks, "--video", "copy")
        let audio = try Oracle.describe(output).audio
        #expect(audio.map { $0.tag("language") } == languages)
        // Somebody is always the default.
        #expect(audio.isEmpty || audio.count(where: \.isDefault) == 1)
    }

    @Test(
        "A track that is not there is a usage error that names those that are",
        arguments: ["fra", "3", "eng,fra", "0", "english"])
    func missing(tracks: String) throws {
        let result = try vtx(
            "transcode", fixture("clip.mkv"), "-o", folder.file("out.mkv"), "--audio", tracks)
        #expect(result.status == 64, "\(result.summary)")
        #expect(folder.names.isEmpty)
    }

    @Test(
        "5.1(side) goes into every codec",
        arguments: [
            ("mp4", "aac", 6, "5.1"), ("webm", "opus", 6, "5.1"), ("mp3", "mp3", 2, "stereo"),
            ("mkv", "ac3", 6, "5.1"), ("mkv", "eac3", 6, "5.1"),
            ("mkv", "flac", 6, "5.1"), ("wav", "pcm", 6, "5.1"),
        ])
    func surround(container: String, codec: String, channels: Int, layout: String) throws {
        let output = folder.file("out.\(container)")
        try transcode(fixture("surround.mkv"), to: output, "--audio-codec", codec, "--video", "none")
        #expect(try Oracle.decodeErrors(output).isEmpty)
        let audio = try Oracle.describe(output).audio[0]
        #expect(audio.channels == channels)
        #expect(audio.channelLayout?.hasPrefix(layout) == true, "\(audio.channelLayout ?? "")")
        #expect(audio.tag("language") == "eng" || ["mp3", "wav"].contains(container))
        // The centre is still the centre: its tone is nowhere else.
        if channels == 6 {
            let source = try Oracle.level(fixture("surround.mkv"), filter: "pan=mono|c0=FC")
            #expect(near(try Oracle.level(output, filter: "pan=mono|c0=FC"), source, 1))
            #expect(try Oracle.level(output, filter: "pan=mono|c0=FL") < source - 15)
        }
    }

    @Test(
        "7.1 goes into every codec",
        arguments: [
            ("mkv", "aac", 8), ("opus", "opus", 8), ("flac", "flac", 8), ("mkv", "ac3", 6), ("mp3", "mp3", 2),
        ])
    func surround71(container: String, codec: String, channels: Int) throws {
        let output = folder.file("out.\(container)")
        try transcode(fixture("surround71.flac"), to: output, "--audio-codec", codec)
        #expect(try Oracle.decodeErrors(output).isEmpty)
        #expect(try Oracle.describe(output).audio[0].channels == channels)
    }

    @Test(
        "Mono at 8 kHz goes into every container",
        arguments: [
            ("m4a", "8000"), ("mp3", "8000"), ("ogg", "48000"), ("opus", "48000"), ("flac", "8000"),
            ("wav", "8000"), ("mp4", "8000"), ("webm", "48000"),
            ("mkv", "8000"), ("avi", "32000"), ("mov", "8000"),
        ])
    func mono(container: String, rate: String) throws {
        let output = folder.file("out.\(container)")
        try transcode(fixture("mono8k.wav"), to: output)
        #expect(try Oracle.decodeErrors(output).isEmpty)
        let file = try Oracle.describe(output)
        #expect(file.audio.count == 1 && file.audio[0].channels == 1)
        #expect(file.audio[0].sampleRate == rate)
        // One frame of MP3 at 8 kHz is 72 ms, and its priming counts as well.
        #expect(near(file.duration, 1, 0.2), "\(file.duration)")
        #expect(near(try Oracle.level(output), try Oracle.level(fixture("mono8k.wav")), 1.5))
    }

    @Test("AC-3 and E-AC-3 get a sample rate they have", arguments: ["ac3", "eac3"])
    func resampled(codec: String) throws {
        let output = folder.file("out.mkv")
        let result = try transcode(fixture("mono8k.wav"), to: output, "--audio-codec", codec)
        #expect(result.errors.contains("resampled from 8000"))
        #expect(try Oracle.describe(output).audio[0].sampleRate == "32000")
    }

    @Test(
        "A downmix keeps the dialogue",
        arguments: [("surround.mkv", "stereo"), ("surround71.flac", "stereo"), ("surround.mkv", "mono")])
    func dialogue(source: String, channels: String) throws {
        let output = folder.file("out.flac")
        let result = try transcode(fixture(source), to: output, "--channels", channels)
        #expect(result.errors.contains("mixed down"))
        let centre = try Oracle.level(fixture(source), filter: "pan=mono|c0=FC")
        for side in channels == "mono" ? ["c0"] : ["FL", "FR"] {
            let level = try Oracle.level(output, filter: "pan=mono|c0=\(side)")
            #expect(level >= centre - 3.5, "\(side): \(level) dB, centre \(centre) dB")
            #expect(level <= centre + 1)
        }
    }

    @Test("A loud downmix does not clip")
    func clipping() throws {
        // All channels at full scale in phase: the sum is far over it.
        let source = folder.file("loud.wav")
        let tone = Array(repeating: "0.9*sin(880*PI*t)", count: 6).joined(separator: "|")
        try Oracle.ffmpeg([
            "-f", "lavfi", "-i", "aevalsrc='\(tone)':channel_layout=5.1:sample_rate=48000:duration=2", source,
        ])
        let output = folder.file("out.flac")
        try transcode(source, to: output, "--channels", "stereo")
        let peak = try Oracle.loudness(output).truePeak
        #expect(peak <= 0.1, "\(peak) dBTP")
    }

    @Test("Mono and stereo go to each other at the same loudness")
    func monoStereo() throws {
        let stereo = folder.file("stereo.flac")
        try transcode(fixture("mono8k.wav"), to: stereo, "--channels", "stereo")
        #expect(try Oracle.describe(stereo).audio[0].channels == 2)
        #expect(near(try Oracle.level(stereo), try Oracle.level(fixture("mono8k.wav")), 0.5))
        let mono = folder.file("mono.flac")
        try transcode(fixture("clip.mkv"), to: mono, "--channels", "mono")
        #expect(try Oracle.describe(mono).audio[0].channels == 1)
        #expect(near(try Oracle.level(mono), try Oracle.level(fixture("clip.mkv")), 0.5))
    }

    @Test(
        "--loudness reaches its target, and peaks stay under the limit",
        arguments: [
            (-16.0, 0.02, "m4a"), (-23, 0.5, "flac"), (-14, 0.1, "opus"), (-16, 0.02, "mp3"),
        ])
    func loudness(target: Double, amplitude: Double, container: String) throws {
        // A tone whose level swells, with a click every second.
        let source = folder.file("source.wav")
        let tone =
            "\(amplitude)*sin(880*PI*t)*(0.6+0.4*sin(PI*t))+\(amplitude)*2.5*sin(5000*PI*t)*lt(mod(t,1),0.01)"
        try Oracle.ffmpeg([
            "-f", "lavfi", "-i", "aevalsrc='\(tone)|\(tone)':sample_rate=48000:duration=6", source,
        ])
        let output = folder.file("out.\(container)")
        let result = try transcode(source, to: output, "--loudness", "\(target)")
        #expect(result.errors.contains("LUFS"))
        let measured = try Oracle.loudness(output)
        #expect(near(measured.integrated, target, 0.7), "\(measured)")
        #expect(measured.truePeak <= -0.5, "\(measured)")
    }

    @Test("Loudness of the part that is kept counts, not of the rest")
    func loudnessOfCut() throws {
        let source = folder.file("source.wav")
        try Oracle.ffmpeg([
            "-f", "lavfi", "-i",
            "aevalsrc='0.5*sin(880*PI*t)*lt(t,3)+0.02*sin(880*PI*t)*gte(t,3)':sample_rate=48000:duration=6",
            source,
        ])
        let output = folder.file("out.flac")
        try transcode(source, to: output, "--loudness", "-18", "--start", "3")
        #expect(near(try Oracle.loudness(output).integrated, -18, 0.7))
    }

    @Test("Silence is left as it is")
    func silence() throws {
        let source = folder.file("source.wav")
        try Oracle.ffmpeg([
            "-f", "lavfi", "-i", "anullsrc=sample_rate=48000:channel_layout=stereo:duration=1", source,
        ])
        let output = folder.file("out.flac")
        let result = try transcode(source, to: output, "--loudness", "-16")
        #expect(result.errors.contains("silence"))
        #expect(try Oracle.samples(output) == 48000)
    }

    @Test("A bit rate and a sample rate are what was asked for")
    func rates() throws {
        let output = folder.file("out.m4a")
        try transcode(fixture("clip.mkv"), to: output, "--audio-bitrate", "64k", "--sample-rate", "44100")
        let audio = try Oracle.describe(output).audio[0]
        #expect(audio.sampleRate == "44100")
        #expect(
            try vtx("transcode", fixture("clip.mkv"), "-o", folder.file("x.m4a"), "--sample-rate", "44101")
                .status == 64)
    }

    @Test("A lossless copy of audio is the same to the sample", arguments: ["flac", "wav"])
    func lossless(container: String) throws {
        let output = folder.file("out.\(container)")
        try transcode(fixture("mono8k.wav"), to: output)
        let old = try Oracle.ffmpeg(["-i", fixture("mono8k.wav"), "-f", "md5", "-c:a", "pcm_s16le", "-"])
            .output
        let new = try Oracle.ffmpeg(["-i", output, "-f", "md5", "-c:a", "pcm_s16le", "-"]).output
        #expect(old == new)
    }
}
