import Testing
import VTXModel

@testable import VTXPlanning

/// What tracks may be in one target, in one row.
private struct Row: Sendable {
    var rules: TrackRules
    var title: String
    var video: [VideoCodec]
    var audio: [AudioCodec]
    var text: [SubtitleCodec]?
    var bitmaps: Set<String> = []
    var hevcTag: String?
    var flags: Set<Flag> = []
}

private enum Flag: String, CaseIterable {
    case isAudioOnly, hasOneAudioTrack, hasTimestamps, startsAtZero, copiesText, hasOrientation, hasChapters
    case hasCoverArt, hasAttachments, hasLibraryLanguages

    func holds(for rules: TrackRules) -> Bool {
        switch self {
        case .isAudioOnly: rules.isAudioOnly
        case .hasOneAudioTrack: rules.mostAudioTracks == 1
        case .hasTimestamps: rules.hasTimestamps
        case .startsAtZero: rules.startsAtZero
        case .copiesText: rules.copiesText
        case .hasOrientation: rules.hasOrientation
        case .hasChapters: rules.hasChapters
        case .hasCoverArt: rules.hasCoverArt
        case .hasAttachments: rules.hasAttachments
        case .hasLibraryLanguages: rules.label(of: audio(language: "deu")).language == "ger"
        }
    }
}

private let dvdAndBluRay: Set = ["hdmv_pgs_subtitle", "dvd_subtitle", "dvb_subtitle"]
private let mp4Video: [VideoCodec] = [.h264, .hevc, .av1, .vp9, .mpeg4]
private let mp4Audio: [AudioCodec] = [.aac, .ac3, .eac3, .opus, .mp3, .flac]
private let mp4Flags: Set<Flag> = [.hasTimestamps, .copiesText, .hasOrientation, .hasChapters, .hasCoverArt]

private let table: [Row] = [
    Row(
        rules: .container(.mp4), title: "MP4", video: mp4Video, audio: mp4Audio, text: [.movText], hevcTag: "hvc1",
        flags: mp4Flags),
    Row(
        rules: .container(.m4v), title: "M4V", video: mp4Video, audio: mp4Audio, text: [.movText], hevcTag: "hvc1",
        flags: mp4Flags),
    Row(
        rules: .container(.mov), title: "MOV", video: [.h264, .hevc, .mpeg4, .prores],
        audio: [.aac, .ac3, .eac3, .mp3, .pcm], text: [.movText], hevcTag: "hvc1",
        flags: [.hasTimestamps, .copiesText, .hasOrientation, .hasChapters, .hasLibraryLanguages]),
    Row(
        rules: .container(.webm), title: "WebM", video: [.vp9, .av1], audio: [.opus], text: [.webvtt],
        flags: [.hasTimestamps, .copiesText, .hasChapters]),
    Row(
        rules: .container(.mkv), title: "MKV", video: [.h264, .hevc, .av1, .vp9, .mpeg4, .prores, .ffv1],
        audio: [.aac, .opus, .ac3, .eac3, .mp3, .flac, .pcm], text: [.subrip, .ass], bitmaps: dvdAndBluRay,
        flags: [.hasTimestamps, .copiesText, .hasChapters, .hasAttachments]),
    Row(
        rules: .container(.avi), title: "AVI", video: [.mpeg4, .h264], audio: [.mp3, .ac3, .aac, .pcm],
        flags: [.startsAtZero, .copiesText]),
    Row(
        rules: .container(.ts), title: "MPEG-TS", video: [.h264, .hevc], audio: [.aac, .ac3, .eac3, .mp3], text: [],
        bitmaps: ["dvb_subtitle"], flags: [.hasTimestamps, .copiesText]),
    Row(
        rules: .container(.m4a), title: "M4A", video: [], audio: [.aac, .ac3], hevcTag: "hvc1",
        flags: [.isAudioOnly, .hasTimestamps, .copiesText, .hasOrientation, .hasChapters, .hasCoverArt]),
    Row(
        rules: .container(.mp3), title: "MP3", video: [], audio: [.mp3],
        flags: [.isAudioOnly, .hasOneAudioTrack, .startsAtZero, .copiesText, .hasChapters, .hasCoverArt]),
    Row(
        rules: .container(.ogg), title: "Ogg", video: [], audio: [.opus, .flac],
        flags: [.isAudioOnly, .hasTimestamps, .copiesText, .hasChapters]),
    Row(
        rules: .container(.opus), title: "Opus", video: [], audio: [.opus],
        flags: [.isAudioOnly, .hasTimestamps, .copiesText, .hasChapters]),
    Row(
        rules: .container(.flac), title: "FLAC", video: [], audio: [.flac],
        flags: [.isAudioOnly, .hasOneAudioTrack, .startsAtZero, .copiesText, .hasCoverArt]),
    Row(
        rules: .container(.wav), title: "WAV", video: [], audio: [.pcm],
        flags: [.isAudioOnly, .hasOneAudioTrack, .startsAtZero, .copiesText]),
    Row(
        rules: .segments(.fmp4), title: "fMP4 segments", video: [.h264, .hevc, .av1, .vp9],
        audio: [.aac, .opus, .mp3, .ac3, .eac3], text: [.webvtt], hevcTag: "hvc1",
        flags: [.hasTimestamps, .startsAtZero, .hasOrientation]),
    Row(
        rules: .segments(.ts), title: "transport streams", video: [.h264], audio: [.aac, .mp3, .ac3, .eac3],
        text: [.webvtt], hevcTag: "hvc1", flags: [.hasTimestamps, .startsAtZero]),
]

@Suite("Rules of containers and segments")
struct TrackRulesTests {
    @Test("Each target holds what the table says", arguments: table)
    private func holds(row: Row) {
        let rules = row.rules
        #expect(rules.title == row.title)
        #expect(Set(rules.videoCodecs) == Set(row.video))
        #expect(rules.videoCodecs.first == row.video.first)
        #expect(rules.audioCodecs == row.audio)
        #expect(rules.subtitles?.text == row.text)
        #expect(rules.subtitles?.bitmaps ?? [] == row.bitmaps)
        #expect(rules.tag(of: .hevc) == row.hevcTag)
        #expect(Set(Flag.allCases.filter { $0.holds(for: rules) }) == row.flags)
    }

    @Test("The table has every container and every type of segment")
    func complete() {
        let all = Container.allCases.map { TrackRules.container($0) } + SegmentType.allCases.map { .segments($0) }
        #expect(Set(table.map(\.rules)) == Set(all))
    }

    @Test(
        "Packets are copied into segments if the codec may be written there",
        arguments: [
            (.fmp4, "hevc", true), (.ts, "hevc", false), (.ts, "h264", true), (.fmp4, "mpeg2video", false),
            (.fmp4, "opus", true), (.ts, "opus", false), (.ts, "eac3", true), (.fmp4, "pcm_s16le", false),
            (.fmp4, "none", false),
        ] as [(SegmentType, String, Bool)])
    func copying(type: SegmentType, codec: String, expected: Bool) {
        let rules = TrackRules.segments(type)
        #expect((rules.copyableVideo.contains(codec) || rules.copyableAudio.contains(codec)) == expected)
    }

    @Test("AVI keeps MP3 from 32 kHz on; elsewhere the codec's rates hold")
    func sampleRates() {
        #expect(TrackRules.container(.avi).sampleRates(of: .mp3) == [48000, 44100, 32000])
        for rules in [TrackRules.container(.mkv), .segments(.ts)] {
            #expect(rules.sampleRates(of: .mp3) == AudioCodec.mp3.traits.sampleRates)
        }
    }

    @Test(
        "Segments have WebVTT, written again even if the source has it, and no bitmaps",
        arguments: [
            ("subrip", .convert(.webvtt)), ("webvtt", .convert(.webvtt)), ("ass", .convert(.webvtt)),
            ("hdmv_pgs_subtitle", .impossible(.bitmapInPackage)), ("ttml", .impossible(.notText(codec: "ttml"))),
        ] as [(String, SubtitleFate)])
    func subtitles(codec: String, expected: SubtitleFate) {
        for type in SegmentType.allCases {
            #expect(subtitleFate(text(0, codec: codec), under: .segments(type), isExact: false) == expected)
        }
    }

    @Test("The same track is planned for a file and for segments, which begin at 0")
    func audioTracks() throws {
        let source = media(audio(0))
        func plan(_ rules: TrackRules) throws -> Decided<[AudioTrackPlan]> {
            try planAudio(
                source.numberedTracks(.audio),
                in: TrackContext(source: source, rules: rules, capabilities: everything),
                options: AudioTrackOptions(preset: .medium, codec: .codec(.aac)))
        }
        let file = try plan(.container(.mp4))
        let segments = try plan(.segments(.fmp4))
        #expect(file.value[0].encode?.filters == ["aresample=async=1:min_hard_comp=0.02"])
        #expect(segments.value[0].encode?.filters == ["aresample=async=1:min_hard_comp=0.02:first_pts=0"])
        var same = segments.value[0]
        same.encode?.filters = file.value[0].encode?.filters ?? []
        #expect(same == file.value[0])
        #expect(file.decisions == segments.decisions)
    }
}
