// What the user asked of a ladder, before anything is known about the source.

public import VTXModel

/// Options of one ladder. Every `nil` means: decide from the source.
public struct LadderOptions: Hashable, Sendable {
    /// Rate control of the rungs.
    public enum Rate: String, Hashable, Sendable, CaseIterable {
        /// CRF with a maximum bit rate: simple sources cost less, and peaks stay within the rung.
        case capped
        /// The rung's bit rate on average.
        case abr
    }

    /// Directory of the package.
    public var output: String
    /// Quality settings.
    public var preset: Preset
    /// Program of a transport stream (`program_number`); `nil`: the first one with video, or else audio.
    public var program: Int?
    /// One variant set a codec, in this order.
    public var codecs: [VideoCodec] = [.h264]
    /// Rungs to make; `nil`: chosen by the size of the source.
    public var rungs: [RungRequest]?
    /// Capped quality, or an average bit rate for each rung.
    public var rate: Rate = .capped
    /// Constant rate factor on the scale of the encoder; `nil`: that of the preset.
    public var crf: Double?
    /// Speed preset of the encoder; `nil`: that of the preset.
    public var speed: String?
    /// Seconds.
    public var segmentDuration = Rational(6)
    /// Seconds between IDR frames.
    public var gopDuration = Rational(2)
    /// Seconds per chunk, after which encoders start again; 0 for one chunk, `nil` for what suits the source.
    public var chunkDuration: Rational?
    /// Format of the segments.
    public var segments: SegmentType = .fmp4
    /// One file per rendition, using byte ranges.
    public var isSingleFile = false
    /// Highest frame rate.
    public var maximumFrameRate: Rational?
    /// Audio tracks to take.
    public var audioTracks: TrackSelection = .automatic
    /// Bits per second of stereo; `nil`: 128,000.
    public var audioBitRate: Int64?
    /// Offers 5.1 beside stereo where the source has it, in this codec.
    public var surround: AudioCodec?
    /// Subtitle tracks to take.
    public var subtitleTracks: TrackSelection = .automatic
    /// Subtitle files to add.
    public var subtitleFiles: [SubtitleFile] = []
    /// What subtitles that are not UTF-8 are in, by iconv's name; `nil`: what is detected.
    public var subtitleEncoding: String?
    /// Whether a poster and thumbnails are made.
    public var wantsThumbnails = true
    /// How segments are encrypted; `nil`: not at all.
    public var encryption: EncryptionOptions?
    /// The player page in the package; `nil`: none.
    public var player: PlayerPlan?
    /// When to deinterlace.
    public var deinterlace: DeinterlaceChoice = .automatic
    /// Filters by name.
    public var filters = FilterOptions()
    /// What happens to closed captions inside the video.
    public var captions: CaptionChoice = .keep
    /// Threads of each encoder; `nil`: chosen automatically.
    public var threads: Int?
    /// Processor cores that may be used.
    public var cores = 2

    /// Paths of the files that are read beside the media.
    public var otherInputs: [String] { contentInputs + (player?.script.map { [$0] } ?? []) }

    /// Those of them whose content is in the renditions.
    public var contentInputs: [String] { subtitleFiles.map(\.path) + filters.inputs }

    /// The value made of its parts; what is left out is as its declaration says.
    public init(output: String, preset: Preset = .medium) {
        self.output = output
        self.preset = preset
    }
}

extension LadderOptions {
    /// What nothing but video can follow.
    var needingVideo: [AskedSetting] {
        [
            (.rungs, rungs != nil), (.crf, crf != nil), (.speed, speed != nil),
            (.frameRate, maximumFrameRate != nil),
            (.deinterlacing, [.frame, .field, .pulldown].contains(deinterlace)), (.captions, captions != .keep),
        ] + filters.ofVideo
    }

    /// What nothing but audio can follow.
    var needingAudio: [AskedSetting] { [(.audioBitRate, audioBitRate != nil)] + filters.ofAudio }
}

/// One rung that was asked for: `720p`, `720p:2800k`.
public struct RungRequest: Hashable, Sendable {
    /// Rows of landscape video, columns of portrait video.
    public var shortSide: Int
    /// Average bits per second.
    public var bitRate: Int64?

    /// The value made of its parts; what is left out is as its declaration says.
    public init(shortSide: Int, bitRate: Int64? = nil) {
        self.shortSide = shortSide
        self.bitRate = bitRate
    }

    /// - Throws: `.usage` if the text is not a list of rungs.
    public static func list(parsing text: String) throws(VTXError) -> [RungRequest] {
        var list: [RungRequest] = []
        for item in text.split(separator: ",", omittingEmptySubsequences: false) {
            let parts = item.split(separator: ":", omittingEmptySubsequences: false)
            let side = parts[0].lowercased().hasSuffix("p") ? parts[0].dropLast() : parts[0]
            let rate = parts.count == 2 ? bitsPerSecond(parts[1]) : nil
            guard let shortSide = Int(side), (32...4320).contains(shortSide), shortSide % 2 == 0,
                parts.count == 1 || (parts.count == 2 && rate != nil)
            else {
                throw VTXError(
                    .usage, "invalid rung '\(item)'",
                    remedy: "write even rows from 32 to 4320, and perhaps a bit rate: 1080p,720p:2800k")
            }
            list.append(RungRequest(shortSide: shortSide, bitRate: rate))
        }
        return list
    }
}

/// `2800k`, `2.5M`, `800000`.
private func bitsPerSecond(_ text: Substring) -> Int64? {
    guard let rate = parsedBitRate(String(text)), (1000...1e9).contains(rate) else {
        return nil
    }
    return Int64(rate.rounded())
}
