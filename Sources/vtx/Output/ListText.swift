// The lists of codecs, filters and presets as tables for people.

import VTXCommandLine
import VTXModel
import VTXPlanning

/// The codecs, one table for each kind.
func codecTable(_ codecs: [CodecEntry]) -> [String] {
    var lines: [String] = []
    for kind in CodecEntry.Kind.allCases {
        let head = [kind.rawValue, "", "encoder", "", "containers", "segments", "quality", "other names"]
        let rows = codecs.filter { $0.kind == kind }.map { codec in
            [
                codec.name, codec.title, codec.encoder, codec.isAvailable ? "present" : "missing",
                codec.containers.map { $0.rawValue + (codec.defaultContainers.contains($0) ? "*" : "") }
                    .joined(separator: " "),
                codec.segments.map(\.rawValue).joined(separator: " "), codec.quality.map(qualityText) ?? "",
                codec.otherNames.joined(separator: " "),
            ]
        }
        lines += (lines.isEmpty ? [] : [""]) + aligned([head] + rows).map(withoutTrailingSpaces)
    }
    return lines
}

private func qualityText(_ quality: CodecEntry.Quality) -> String {
    let range = [quality.minimum, quality.maximum].compactMap { $0 }.map(shortDecimal).joined(separator: " to ")
    return switch quality.scale {
    case .crf: "CRF \(range)"
    case .quantizer: "quantizer \(range)"
    case .profile: "profile"
    case .lossless: "lossless"
    case .bitRate: "bit rate"
    }
}

/// What was found, and what it is for.
func findingTable(_ findings: [Finding]) -> [String] {
    aligned(
        findings.map { [$0.isAvailable ? "ok" : "missing", $0.kind.rawValue, $0.name, $0.purpose, $0.detail ?? ""] }
    ).map(withoutTrailingSpaces)
}

/// The filters: name, what flows through, description.
func filterTable(_ filters: [FilterDescription]) -> [String] {
    aligned(
        filters.map { filter in
            let input = streams(filter.inputs, isDynamic: filter.hasDynamicInputs)
            let output = streams(filter.outputs, isDynamic: filter.hasDynamicOutputs)
            return [filter.name, "\(input) -> \(output)", filter.description]
        }
    ).map(withoutTrailingSpaces)
}

/// `video`, `2 audio`, `video+`, `none`.
private func streams(_ streams: [FilterDescription.Stream], isDynamic: Bool) -> String {
    guard !streams.isEmpty else { return isDynamic ? "any" : "none" }
    let kinds = [FilterDescription.Stream.video, .audio].compactMap { kind -> String? in
        let count = streams.count { $0 == kind }
        return count == 0 ? nil : count == 1 ? kind.rawValue : "\(count) \(kind.rawValue)"
    }
    return kinds.joined(separator: " ") + (isDynamic ? "+" : "")
}

/// The presets for quality as a table with a row for each codec, those for a purpose as one with a row for each preset.
func presetTables(_ presets: [PresetEntry]) -> [String] {
    let (qualities, purposes) = (presets.filter { $0.containers == nil }, presets.filter { $0.containers != nil })
    var lines = aligned(qualities.map { [$0.name, $0.summary] }) + [""]
    let video = VideoCodec.allCases.map { codec in
        [codec.title] + qualities.map { preset in preset.video.first { $0.codec == codec }.map(videoText) ?? "" }
    }
    let audio = AudioCodec.allCases.filter { !$0.isLossless }.map { codec in
        [codec.title] + qualities.map { preset in preset.audio.first { $0.codec == codec }.map(audioText) ?? "" }
    }
    lines += aligned([[""] + qualities.map(\.name)] + video + audio).map(withoutTrailingSpaces)
    lines += ["audio: bit rates of mono, stereo, 5.1", ""]
    lines += aligned(purposes.map { [$0.name, $0.summary] }) + [""]
    lines += aligned([["", "containers", "video", "audio", "at most"]] + purposes.map(purposeRow))
        .map(withoutTrailingSpaces)
    return lines
}

private func purposeRow(_ preset: PresetEntry) -> [String] {
    let video = preset.video.map { part in
        let words = videoText(part)
        return words == "lossless" ? part.codec.title : "\(part.codec.title) \(words)"
    }
    let limits = [
        preset.largestFrame.map { "\($0)" }, preset.isStereo ? "stereo" : nil, preset.mostBytes.map(bytesText),
    ]
    .compactMap { $0 }
    return [
        preset.name, (preset.containers ?? []).map(\.rawValue).joined(separator: " "),
        video.joined(separator: " · "), preset.audio.map(\.codec.title).joined(separator: " · "),
        limits.joined(separator: ", "),
    ]
}

/// `CRF 21, medium`; `CRF 32, speed 2`.
private func videoText(_ part: PresetEntry.Video) -> String {
    let quality = part.crf.map { "CRF \(shortDecimal($0))" } ?? part.quantizer.map { "quantizer \(shortDecimal($0))" }
    let options = part.options.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    let speed = part.speed.map { Int($0) == nil ? $0 : "speed \($0)" }
    let words = [quality, speed].compactMap { $0 } + options
    return words.isEmpty ? "lossless" : words.joined(separator: ", ")
}

/// `96k 160k 384k`.
private func audioText(_ part: PresetEntry.Audio) -> String {
    [part.mono, part.stereo, part.surround51].compactMap { $0 }.map { "\($0 / 1000)k" }.joined(separator: " ")
}

func withoutTrailingSpaces(_ line: String) -> String {
    var line = line
    while line.last == " " { line.removeLast() }
    return line
}
