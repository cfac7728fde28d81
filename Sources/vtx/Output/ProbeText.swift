// `vtx probe` for people.

import VTXCommandLine
import VTXKit
import VTXModel

struct ProbeText {
    let lines: [String]

    init(_ result: ProbeJob.Result) {
        let media = result.media
        var lines = [media.path, "  " + Self.fileLine(media)]
        for (key, value) in media.metadata.sorted(by: { $0.key < $1.key }) {
            lines.append("  \(key): \(Self.short(value))")
        }
        for program in media.programs ?? [] {
            let streams = program.streams.map { "#\($0)" }.joined(separator: ", ")
            lines.append("  program \(Self.short(program.title)): \(streams)")
        }
        for stream in media.streams { lines += Self.streamLines(stream) }
        if !media.chapters.isEmpty { lines.append("  chapters") }
        for chapter in media.chapters {
            lines.append("    \(chapter.start) to \(chapter.end)" + (chapter.title.map { "  \(Self.short($0))" } ?? ""))
        }
        if let scan = media.scan { lines += Self.scanLines(scan) }
        for warning in result.warnings {
            lines.append("  ! " + (warning.stream.map { "#\($0) " } ?? "") + warning.message)
        }
        self.lines = lines
    }

    private static func short(_ text: String) -> String {
        let line = String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 32 ? " " : $0 }))
        return line.count > 120 ? line.prefix(117) + "..." : line
    }

    private static func fileLine(_ media: MediaDescription) -> String {
        var parts = ["\(media.formatLongName.isEmpty ? media.format : media.formatLongName)"]
        switch (media.duration, media.durationSource) {
        case (let duration?, .bitRate): parts.append("about \(duration)")
        case (let duration?, _): parts.append("\(duration)")
        default: parts.append("duration unknown")
        }
        if let start = media.start, start.ticks != 0 { parts.append("starts at \(start)") }
        parts.append(bytesText(media.size))
        if let rate = media.bitRate { parts.append(bitRateText(rate)) }
        return parts.joined(separator: " · ")
    }

    private static func streamLines(_ stream: StreamDescription) -> [String] {
        var name = stream.codec
        if let profile = stream.profile { name += " \(profile)" }
        if let level = stream.level { name += " level \(level)" }
        if let tag = stream.codecTag { name += " (\(tag))" }
        var parts = [name]
        if let video = stream.video {
            // Cover art has a clock, but no rate.
            parts += stream.isCoverArt ? ["\(video.size)"] : videoParts(video)
        }
        if let audio = stream.audio {
            parts.append("\(audio.sampleRate) Hz")
            parts.append(audio.layout == "1 channels" ? "1 channel" : audio.layout)
            if let bits = audio.bitsPerSample { parts.append(counted(bits, "bit")) }
        }
        if let subtitle = stream.subtitle { parts.append(subtitle.form.rawValue) }
        if let rate = stream.bitRate { parts.append(bitRateText(rate)) }
        if let count = stream.frameCount { parts.append(counted(count, "frame")) }
        if let language = stream.language { parts.append(language) }
        if let title = stream.title { parts.append("\"\(short(title))\"") }
        if !stream.disposition.isEmpty { parts.append("[\(stream.disposition.joined(separator: ", "))]") }
        var lines = ["  #\(stream.index) \(stream.kind.rawValue)  " + parts.joined(separator: ", ")]
        if let video = stream.video { lines += detailLines(video) }
        var times: [String] = []
        if let start = stream.start { times.append("starts at \(start)") }
        if let duration = stream.duration { times.append("lasts \(duration)") }
        if !times.isEmpty { lines.append("       " + times.joined(separator: ", ")) }
        return lines
    }

    private static func videoParts(_ video: VideoDescription) -> [String] {
        var parts = ["\(video.size)", "\(video.pixelFormat) \(counted(video.bitDepth, "bit"))"]
        let average = video.averageFrameRate.map { shortDecimal($0.value) }
        let nominal = video.nominalFrameRate.map { shortDecimal($0.value) }
        switch (average, nominal) {
        case (let a?, let n?) where a != n: parts.append("\(a) fps on average, nominally \(n)")
        case (let rate?, _), (nil, let rate?): parts.append("\(rate) fps")
        default: break
        }
        if video.fieldOrder != .unknown {
            parts.append(video.fieldOrder.rawValue.split(separator: "_").joined(separator: " "))
        }
        return parts
    }

    private static func detailLines(_ video: VideoDescription) -> [String] {
        var parts: [String] = []
        if video.codedSize != video.size { parts.append("coded \(video.codedSize)") }
        if video.displaySize != video.size { parts.append("shown as \(video.displaySize)") }
        if let sar = video.sampleAspectRatio { parts.append("SAR \(ratio(sar))") }
        if let dar = video.displayAspectRatio { parts.append("DAR \(ratio(dar))") }
        if video.orientation.quarterTurns != 0 { parts.append("turned by \(video.orientation.quarterTurns * 90)°") }
        if video.orientation.isMirrored { parts.append("mirrored") }
        if let captions = video.captions {
            parts.append((["captions"] + captions.map(\.name)).joined(separator: " "))
        }
        let color = [
            ("range", video.color.range), ("primaries", video.color.primaries),
            ("transfer", video.color.transfer), ("matrix", video.color.matrix),
        ].compactMap { name, value in value.map { "\(name) \($0)" } }
        parts += color
        if let hdr = video.hdr { parts.append(hdrText(hdr)) }
        if let words = video.spatialWords { parts.append(words) }
        return parts.isEmpty ? [] : ["       " + parts.joined(separator: ", ")]
    }

    private static func ratio(_ value: Rational) -> String { "\(value.numerator):\(value.denominator)" }

    private static func hdrText(_ hdr: HDRDescription) -> String {
        var text =
            switch hdr.format {
            case .hdr10: "HDR10"
            case .pq: "PQ"
            case .hlg: "HLG"
            case .dolbyVision: "Dolby Vision" + (hdr.dolbyVisionProfile.map { " profile \($0)" } ?? "")
            }
        if let mastering = hdr.mastering {
            text +=
                ", mastered for \(shortDecimal(mastering.minimumLuminance.value)) to "
                + "\(shortDecimal(mastering.maximumLuminance.value)) cd/m²"
        }
        if let light = hdr.contentLight { text += ", MaxCLL \(light.maximum), MaxFALL \(light.frameAverage)" }
        return text
    }

    private static func scanLines(_ scan: PacketScan) -> [String] {
        var lines = ["  scan" + (scan.end.map { ": last frame ends at \($0)" } ?? "")]
        for stream in scan.streams {
            var text = "    #\(stream.index) \(counted(stream.packets, "packet"))"
            if stream.corruptPackets > 0 { text += ", \(stream.corruptPackets) corrupt" }
            if let shortest = stream.shortestFrame, let longest = stream.longestFrame {
                text +=
                    ", frames last \(decimal(shortest.seconds * 1000, 2)) to \(decimal(longest.seconds * 1000, 2)) ms"
            }
            lines.append(text)
        }
        if let error = scan.error { lines.append("    stopped: \(error)") }
        return lines
    }
}
