// Sources to plan for: a camera's file, changed where a test needs it.

import Testing
import VTXModel
import VTXPlanning

let everything = Capabilities(
    encoders: [
        "libx264", "libx265", "libvpx-vp9", "libsvtav1", "mpeg4", "prores_ks", "ffv1", "aac", "libopus", "libmp3lame",
        "ac3",
        "eac3",
        "flac", "pcm_s16le", "mov_text", "webvtt", "subrip", "ass",
    ],
    filters: [
        "zscale", "tonemap", "bwdif", "fieldmatch", "decimate", "subtitles", "crop", "transpose", "hflip", "vflip",
        "hqdn3d", "deband", "cas", "fade", "afade", "volume", "atempo", "null", "movie", "scale",
        "overlay", "colorchannelmixer", "eq", "vignette", "highpass", "split", "hstack",
    ])

func seconds(_ value: Double) -> MediaTime { MediaTime(seconds: value) }

func picture(
    _ index: Int = 0, codec: String = "h264", _ width: Int = 1920, _ height: Int = 1080,
    disposition: [String] = [], start: Double = 0, duration: Double? = 10,
    change: (inout VideoDescription) -> Void = { _ in }
) -> StreamDescription {
    var video = VideoDescription(
        codedSize: PixelSize(width, height), averageFrameRate: Rational(25), nominalFrameRate: Rational(25))
    change(&video)
    return StreamDescription(
        index: index, kind: .video, codec: codec, start: seconds(start), duration: duration.map(seconds),
        disposition: disposition, video: video)
}

func audio(
    _ index: Int = 1, codec: String = "aac", rate: Int = 48000, layout: String = "stereo", channels: Int = 2,
    language: String? = nil, disposition: [String] = [], start: Double = 0, duration: Double? = 10,
    bits: Int? = nil, isDecodable: Bool = true
) -> StreamDescription {
    StreamDescription(
        index: index, kind: .audio, codec: codec, isDecodable: isDecodable, start: seconds(start),
        duration: duration.map(seconds), language: language, disposition: disposition,
        audio: AudioDescription(sampleRate: rate, channels: channels, layout: layout, bitsPerSample: bits))
}

func text(_ index: Int, codec: String = "subrip", language: String? = nil) -> StreamDescription {
    let isBitmap = ["hdmv_pgs_subtitle", "dvd_subtitle", "dvb_subtitle"].contains(codec)
    return StreamDescription(
        index: index, kind: .subtitle, codec: codec, language: language,
        subtitle: SubtitleDescription(form: isBitmap ? .bitmap : .text))
}

func media(_ streams: StreamDescription..., duration: Double? = 10, start: Double = 0) -> MediaDescription {
    MediaDescription(
        path: "in.mkv", format: "matroska", formatLongName: "Matroska", duration: duration.map(seconds),
        durationSource: .header, start: seconds(start), streams: streams)
}

func plan(
    _ source: MediaDescription, to output: String = "out.mp4", _ capabilities: Capabilities = everything,
    _ change: (inout TranscodeOptions) -> Void = { _ in }
) throws -> TranscodePlan {
    var options = TranscodeOptions(output: output)
    change(&options)
    return try planTranscode(of: source, options: options, capabilities: capabilities)
}

/// The error of a plan that is refused; records a failure if it is not.
func refusal(
    _ source: MediaDescription, to output: String = "out.mp4", _ capabilities: Capabilities = everything,
    _ change: (inout TranscodeOptions) -> Void = { _ in }
) -> VTXError {
    do {
        let made = try plan(source, to: output, capabilities, change)
        Issue.record("not refused: \(made)")
    } catch let error as VTXError {
        return error
    } catch {
        Issue.record(error)
    }
    return VTXError(.internal, "")
}

extension TranscodePlan {
    /// `subject: action` of every decision.
    var said: [String] { decisions.map { "\($0.text.subject): \($0.text.action)" } }

    func says(_ text: String) -> Bool { said.contains { $0.contains(text) } }
}
