// The presets for a purpose as a table: one row each, on the columns of the table of quality presets.
//
// A purpose is a fact about players, sites or programs, with its source beside it; CRF and speed are a choice.
// `mostBytes` limits the size of the output: short sources keep the quality of the preset, long ones fill the size.

import VTXModel

/// One preset for a purpose.
struct PurposeRow: Sendable {
    var purpose: PresetPurpose
    /// The column that its other settings are from.
    var level = PresetLevel.medium
    /// What differs from that column.
    var video: [VideoCodec: Preset.Video] = [:]
    /// What differs from that column.
    var audio: [AudioCodec: Preset.Audio] = [:]
}

/// The rows, in the order in which they are offered.
let purposeRows: [PurposeRow] = [web, phone, archive, edit, youtube, telegram, email, discord]

/// MDN's "Web video codec guide" and "Web audio codec guide" recommend H.264 and AAC in MP4, which every browser plays,
/// and VP9 and Opus in WebM. 1920x1080 is what ladders have at most too.
private let web = PurposeRow(
    purpose: PresetPurpose(
        preset: "web", summary: "web pages: plays in every browser", containers: [.mp4, .m4v, .webm],
        videoCodecs: [.h264, .vp9], audioCodecs: [.aac, .opus], largestFrame: PixelSize(1920, 1080), isStereo: true),
    video: [.h264: .init(quality: 23, speed: "slow")])

/// Android's Compatibility Definition (5.3.4) requires decoders of H.264 to take Main profile at level 3.1, which frames
/// of 1280x720 fill; "Supported media formats" recommends that size with AAC-LC in stereo.
private let phone = PurposeRow(
    purpose: PresetPurpose(
        preset: "phone", summary: "phones and tablets, old ones too", containers: [.mp4, .m4v, .mov],
        videoCodecs: [.h264], audioCodecs: [.aac], largestFrame: PixelSize(1280, 720), isStereo: true),
    video: [.h264: .init(quality: 23, speed: "medium", options: ["profile": "main"])])

/// FFV1 (RFC 9043) and FLAC (RFC 9639) in Matroska (RFC 9559) are lossless and have checksums; archives keep video so.
private let archive = PurposeRow(
    purpose: PresetPurpose(
        preset: "archive", summary: "keeping: lossless, with checksums; large files", containers: [.mkv],
        videoCodecs: [.ffv1], audioCodecs: [.flac], keepsHDR: true),
    level: .high)

/// Apple's "ProRes White Paper" describes ProRes 422 for editing several streams in real time. Editors expect a constant
/// frame rate and PCM.
private let edit = PurposeRow(
    purpose: PresetPurpose(
        preset: "edit", summary: "editing: every frame a keyframe, PCM audio; large files", containers: [.mov, .mkv],
        videoCodecs: [.prores], audioCodecs: [.pcm], keepsHDR: true, isConstantRate: true))

/// YouTube's "Recommended upload encoding settings": MP4 with the index in front, H.264 High profile with two consecutive
/// B-frames and closed GOPs of half the frame rate, 4:2:0, progressive, the source's frame rate, no limit of the bit
/// rate; AAC-LC at 48 kHz with 128, 384 and 512 kb/s for mono, stereo and 5.1. YouTube encodes again, so quality is high.
private let youtube = PurposeRow(
    purpose: PresetPurpose(
        preset: "youtube", summary: "uploads to YouTube, which encodes them again", containers: [.mp4],
        videoCodecs: [.h264], audioCodecs: [.aac], sampleRate: 48_000, gopDuration: Rational(1, 2),
        isConstantRate: true),
    level: .high, video: [.h264: .init(quality: 18, speed: "slow", options: ["bf": "2"])],
    audio: [.aac: .init(mono: 128_000, stereo: 384_000, surround51: 512_000)])

/// Telegram's Bot API (`sendVideo`): clients show MPEG-4 videos in the chat, and other formats as documents; H.264 and AAC
/// are the only codecs that TDLib's maintainers call guaranteed. The size is that of `phone`.
private let telegram = PurposeRow(
    purpose: PresetPurpose(
        preset: "telegram", summary: "Telegram: plays inside the chat", containers: [.mp4], videoCodecs: [.h264],
        audioCodecs: [.aac], largestFrame: PixelSize(1280, 720), isStereo: true),
    level: .low, video: [.h264: .init(quality: 25, speed: "medium")])

/// Gmail and many mail servers take messages of 25 MB. Base64 (RFC 2045) makes four characters of three bytes, and lines of
/// 76 of them, so that 18 MB of video become 24.6 MB. The size of frames is that of `phone`, or what the size allows.
private let email = PurposeRow(
    purpose: PresetPurpose(
        preset: "email-25mb", summary: "mail: at most 18 MB, which are 25 MB in a message", containers: [.mp4],
        videoCodecs: [.h264], audioCodecs: [.aac], largestFrame: PixelSize(1280, 720), isStereo: true,
        mostBytes: 18_000_000),
    video: [.h264: .init(quality: 24, speed: "slow")])

/// A Discord server without boosts takes files of 10 MB (CloudPaste, "Discord Storage Configuration"), and MP4 with H.264
/// plays in the chat.
private let discord = PurposeRow(
    purpose: PresetPurpose(
        preset: "discord", summary: "Discord: at most 10 MB, plays inside the chat", containers: [.mp4],
        videoCodecs: [.h264], audioCodecs: [.aac], largestFrame: PixelSize(1280, 720), isStereo: true,
        mostBytes: 10_000_000),
    video: [.h264: .init(quality: 24, speed: "slow")])

extension Preset {
    /// The preset of a row.
    init(_ row: PurposeRow) {
        self.init(name: row.purpose.preset, row.level)
        purpose = row.purpose
        video.merge(row.video) { $1 }
        audio.merge(row.audio) { $1 }
    }
}
