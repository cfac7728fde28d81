// All that is wrong with what was asked: a planner ends at the first mistake.

import VTXModel

/// Options of which each can be taken back.
protocol AskedOptions: Equatable {
    /// Makes a setting what it is if nothing is asked.
    mutating func takeBack(_ setting: Setting)
}

/// Plans, and if that is refused, again and again without the settings that were refused.
///
/// - Throws: the first mistake, with the others.
func collectingMistakes<Asked: AskedOptions, Plan>(
    in options: Asked, _ plan: (Asked) throws(VTXError) -> Plan
) throws(VTXError) -> Plan {
    do { return try plan(options) } catch {
        guard error.kind == .usage else { throw error }
        var first = error
        var rest = options
        var next = error
        while let less = rest.without(next.settings) {
            rest = less
            do throws(VTXError) {
                _ = try plan(rest)
                break
            } catch {
                next = error
                guard next.kind == .usage, next != first, !first.others.contains(next) else { break }
                first.others.append(next)
            }
        }
        throw first
    }
}

extension AskedOptions {
    /// The options without some settings; `nil` if they have none of them.
    fileprivate func without(_ settings: [Setting]) -> Self? {
        var result = self
        for setting in settings { result.takeBack(setting) }
        return result == self ? nil : result
    }
}

extension VTXError {
    /// The settings that it is about; without any, those that its remedy names.
    fileprivate var settings: [Setting] {
        let named = message.settings
        return named.isEmpty ? remedy?.message.settings ?? [] : named
    }
}

extension TranscodeOptions: AskedOptions {
    mutating func takeBack(_ setting: Setting) {
        switch setting {
        case .video: video = .automatic
        case .crf: crf = nil
        // Each has a meaning beside the others.
        case .bitRate, .maximumBitRate, .twoPass: (bitRate, maximumBitRate, twoPass) = (nil, nil, false)
        case .speed: speed = nil
        case .height, .resolution, .size, .fit: fit = nil
        case .frameRate: frameRate = nil
        case .keyFrameInterval: gopDuration = nil
        case .pixelFormat: pixelFormat = nil
        case .deinterlacing: deinterlace = .automatic
        case .burnSubtitle: burn = nil
        case .encoderOption: encoderOptions = [:]
        case .hdr: hdr = nil
        case .captions: captions = .keep
        case .chunkDuration: chunkDuration = nil
        default: takeBackOther(setting)
        }
    }

    private mutating func takeBackOther(_ setting: Setting) {
        switch setting {
        case .speedUp: speedUp = nil
        case .start: start = nil
        case .end: end = nil
        case .duration: duration = nil
        case .cut: cutMode = nil
        case .audioCodec: audioCodec = .automatic
        case .audioTracks: audioTracks = .automatic
        case .channels: channels = .keep
        case .sampleRate: sampleRate = nil
        case .audioBitRate: audioBitRate = nil
        case .loudness: loudness = nil
        case .subtitles: subtitleTracks = .automatic
        case .metadata: tags.changes = []
        default: filters.takeBack(setting)
        }
    }
}

extension LadderOptions: AskedOptions {
    mutating func takeBack(_ setting: Setting) {
        switch setting {
        case .crf: crf = nil
        case .speed: speed = nil
        case .rungs: rungs = nil
        case .rateMode: rate = .capped
        case .codecs: codecs = [.h264]
        case .frameRate: maximumFrameRate = nil
        case .chunkDuration: chunkDuration = nil
        case .deinterlacing: deinterlace = .automatic
        case .captions: captions = .keep
        case .audioTracks: audioTracks = .automatic
        case .audioBitRate: audioBitRate = nil
        case .subtitles: subtitleTracks = .automatic
        default: filters.takeBack(setting)
        }
    }
}

extension FilterOptions {
    /// Takes one filter back.
    fileprivate mutating func takeBack(_ setting: Setting) {
        switch setting {
        case .crop: crop = nil
        case .rotate: quarterTurns = 0
        case .flip: flip = nil
        case .denoise: denoise = nil
        case .deband: deband = false
        case .sharpen: sharpen = nil
        case .fade: fade = nil
        case .volume: volume = nil
        default: break
        }
    }
}
