// Which defaults do not count beside the options of a command line.

import VTXBatch
import VTXModel

/// The options of a command line, as far as the user's defaults depend on them.
struct DefaultRules {
    private let replaced: Set<String>

    /// - Parameter scan: the command line.
    init(_ scan: WordScan) {
        var given: [String: String] = [:]
        for words in scan.options {
            guard let option = OptionTable.name(in: words[0]) else { continue }
            given[option] = words.count > 1 ? words[1] : String(words[0].dropFirst(option.count + 1))
        }
        var replaced = Set(given.keys)
        for group in Self.alternatives where !group.isDisjoint(with: given.keys) { replaced.formUnion(group) }
        if let video = given["--video"] ?? given["--codec"] {
            replaced.formUnion(["copy", "none"].contains(video) ? Self.ofEncodedVideo : Self.ofVideoCodec)
        }
        if let cut = given["--cut"], cut != "exact" { replaced.formUnion(Self.ofEncodedVideo.union(["--video"])) }
        // A way to cut means nothing for a whole file.
        if Set(given.keys).isDisjoint(with: ["--start", "--end", "--duration"]) { replaced.insert("--cut") }
        if let audio = given["--audio-codec"] {
            replaced.formUnion(audio == "copy" ? Self.ofEncodedAudio : ["--audio-bitrate"])
        }
        if given["--audio"] == "none" { replaced.formUnion(Self.ofEncodedAudio) }
        if given["--preset"] != nil { replaced.formUnion(Self.ofPresets) }
        // A name with an extension says which container is meant.
        if let name = scan.output, let dot = name.lastIndex(of: "."), !name[dot...].contains("/") {
            replaced.insert("--container")
            if Container(fileExtension: String(name[dot...].dropFirst()))?.isAudioOnly == true {
                replaced.formUnion(
                    Self.ofEncodedVideo.union(["--video"]).subtracting(["--fade", "--speed-up", "--target-size"]))
            }
        }
        self.replaced = replaced
    }

    /// Whether the command line says something else.
    func replace(_ option: String) -> Bool {
        let bare = option.hasPrefix("--no-") ? "--" + option.dropFirst(5) : option
        return !replaced.isDisjoint(with: [bare, "--no-" + bare.dropFirst(2)])
    }

    /// Options of which one rules out the others.
    private static let alternatives: [Set<String>] = [
        ["--crf", "--bitrate", "--max-bitrate", "--two-pass", "--target-size"], ["--target-size", "--chunk"],
        ["--height", "--resolution", "--size", "--fit"],
        ["--end", "--duration"], ["--loudness", "--volume"], ["--quiet", "-q", "--verbose"],
    ]

    /// On the scales of one codec: for another they mean something else, or nothing.
    private static let ofVideoCodec: Set = [
        "--crf", "--speed", "--option", "--pixel-format", "--two-pass", "--max-bitrate",
    ]

    /// What copied video cannot follow.
    private static let ofEncodedVideo = ofVideoCodec.union([
        "--bitrate", "--height", "--resolution", "--size", "--fit", "--fps", "--gop", "--hdr", "--deinterlace",
        "--crop", "--overlay", "--filter", "--encoder", "--target-size", "--chunk",
        "--rotate", "--flip", "--denoise", "--deband", "--sharpen", "--fade", "--speed-up", "--burn", "--captions",
    ])

    /// What copied audio cannot follow.
    private static let ofEncodedAudio: Set = [
        "--audio-codec", "--audio-bitrate", "--channels", "--sample-rate", "--loudness", "--volume", "--fade",
        "--speed-up", "--audio-filter",
    ]

    /// What presets choose.
    private static let ofPresets = ofVideoCodec.union([
        "--video", "--codec", "--bitrate", "--height", "--resolution", "--size", "--fit", "--gop", "--hdr",
        "--audio-codec",
        "--audio-bitrate", "--channels", "--sample-rate",
    ])
}
