// What tracks may be where they are written: in a file of a container, or in the segments of an HLS package.
//
// The facts are those of the container's, the codecs' and the segment type's traits. Planners ask here and nowhere
// else, so that a track is planned in the same way for every target.

import VTXModel

/// What the target of a plan allows its tracks to be.
enum TrackRules: Hashable, Sendable {
    /// One file.
    case container(Container)
    /// Segments of an adaptive package, one rendition a track.
    case segments(SegmentType)
}

extension TrackRules {
    /// The container; `nil` for segments.
    var container: Container? {
        if case .container(let container) = self { container } else { nil }
    }

    /// For messages: `MP4`, `fMP4 segments`.
    var title: String {
        switch self {
        case .container(let container): container.title
        case .segments(let type): type.words
        }
    }

    /// For messages that quote a file name: `.mp4`, `fMP4 segments`.
    var formatName: String { container.map { ".\($0.rawValue)" } ?? title }

    // MARK: Video

    /// Video codecs, the one to choose first in front.
    var videoCodecs: [VideoCodec] {
        switch self {
        case .container(let container): container.videoCodecs
        case .segments(let type): VideoCodec.allCases.filter { $0.traits.segments.contains(type) }
        }
    }

    /// Video whose packets go in as they are.
    var copyableVideo: CopyableCodecs {
        container?.traits.copyableVideo ?? .some(videoCodecs.map(\.rawValue))
    }

    /// Whether a display matrix can say that frames have to be turned.
    var hasOrientation: Bool {
        switch self {
        case .container(let container): container.isISO
        case .segments(let type): type == .fmp4
        }
    }

    /// Whether there is a place for the configuration of Dolby Vision.
    var hasDolbyVision: Bool {
        switch self {
        case .container(let container): container.isISO || container == .mkv
        case .segments(let type): type == .fmp4
        }
    }

    /// The four characters to name a codec by; `nil` for the muxer's own choice.
    ///
    /// - Parameter options: the encoder's.
    func tag(of codec: VideoCodec, options: [String: String] = [:]) -> String? {
        container?.isISO ?? true ? codec.traits.isoTag(options: options) : nil
    }

    // MARK: Audio

    /// Audio codecs, the one to choose first in front.
    var audioCodecs: [AudioCodec] {
        switch self {
        case .container(let container): container.audioCodecs
        case .segments(let type): AudioCodec.allCases.filter { $0.traits.segments.contains(type) }
        }
    }

    /// Audio whose packets go in as they are.
    var copyableAudio: CopyableCodecs {
        container?.traits.copyableAudio ?? .some(audioCodecs.map(\.rawValue))
    }

    /// Whether there is no video.
    var isAudioOnly: Bool { container?.isAudioOnly ?? false }

    /// Audio tracks at most; `nil` for no limit worth naming.
    var mostAudioTracks: Int? { container?.traits.mostAudioTracks }

    /// Sample rates of a codec, in Hz; `nil` for any up to 192,000.
    func sampleRates(of codec: AudioCodec) -> [Int]? {
        guard let lowest = container?.traits.lowestSampleRates[codec] else { return codec.traits.sampleRates }
        return codec.traits.sampleRates?.filter { $0 >= lowest }
    }

    // MARK: Timestamps

    /// Whether each frame has a timestamp. Without, gaps and late starts must be filled.
    var hasTimestamps: Bool { container?.hasTimestamps ?? true }

    /// Whether audio must begin at 0: where there are no timestamps, and in renditions, which all begin together.
    var startsAtZero: Bool { container.map { !$0.hasTimestamps } ?? true }

    // MARK: Subtitles and other contents

    /// Subtitles; `nil` if there are none. HLS has WebVTT.
    var subtitles: SubtitleTraits? {
        switch self {
        case .container(let container): container.traits.subtitles
        case .segments: SubtitleTraits(text: [.webvtt])
        }
    }

    /// Whether text may be copied that has the right form. The text of segments is always written again, because it is
    /// cut at their boundaries.
    var copiesText: Bool { container != nil }

    /// Whether there are chapters.
    var hasChapters: Bool { container?.traits.hasChapters ?? false }

    /// Whether there is cover art.
    var hasCoverArt: Bool { container?.traits.hasCoverArt ?? false }

    /// Whether there are attached files, such as fonts.
    var hasAttachments: Bool { container?.traits.hasAttachments ?? false }

    /// What a track made from `stream` is labelled with.
    func label(of stream: StreamDescription) -> TrackLabel {
        TrackLabel(
            language: language(of: stream), title: stream.title,
            disposition: stream.disposition.filter { !["attached_pic", "timed_thumbnails"].contains($0) })
    }

    private func language(of stream: StreamDescription) -> String? { writtenLanguage(stream.language, in: container) }
}
