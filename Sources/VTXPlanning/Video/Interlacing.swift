// Whether frames are made of two fields taken at different times.
//
// Flags are trusted where frames were decoded and carry them; where they do not, what the frames look like
// decides: old captures are often combed without flags.

public import VTXModel

/// Whether decoding a sample of frames is worth it, to look for interlacing.
public func needsInterlaceSample(_ stream: StreamDescription) -> Bool {
    guard stream.kind == .video, !stream.isCoverArt, stream.isDecodable, let video = stream.video else {
        return false
    }
    guard interlaceable.contains(stream.codec) else { return false }
    guard stream.codec == "h264", video.fieldOrder == .progressive else { return true }
    // H.264 that calls itself progressive is believed where television never went: above 1080 rows, and
    // above 30 frames a second.
    return video.size.height <= 1088 && sourceRate(video).rate < Rational(31)
}

/// Codecs that are used for interlaced video.
private let interlaceable: Set = [
    "h264", "mpeg1video", "mpeg2video", "mpeg4", "dvvideo", "vc1", "prores", "rawvideo", "ffv1", "dnxhd",
    "mjpeg", "mjpegb", "huffyuv", "ffvhuff", "utvideo", "magicyuv", "v210", "v410", "cfhd", "jpeg2000",
]

/// How fields are made into frames.
struct Deinterlacing: Equatable {
    /// Filters, separated by commas.
    var filter: String
    /// Frames that come out over frames that go in.
    var factor: Rational
    var decision: VideoDecision

    /// Of sources whose flags repeat fields: film, which has none to join, and in between maybe video, which has.
    static let betweenFilm = Deinterlacing(
        "bwdif=mode=send_frame:parity=auto:deint=interlaced", because: .repeatedFields)

    fileprivate init(_ filter: String, perField: Bool = false, because evidence: InterlaceEvidence) {
        self.filter = filter
        factor = Rational(perField ? 2 : 1)
        decision = .deinterlaced(perField: perField, because: evidence)
    }

    /// Undoes 3:2 pulldown of `video`.
    fileprivate init(removingPulldownOf video: VideoDescription, because found: Pulldown?) {
        let rate = constantRate(for: video)
        factor = Rational(4, 5)
        // `decimate` numbers frames, so that none may be missing; `fieldmatch` flags frames that stay combed.
        filter =
            "fps=fps=\(rate),fieldmatch=order=\(parity(video)):combmatch=full,"
            + "bwdif=mode=send_frame:parity=auto:deint=interlaced,decimate"
        decision = .removedPulldown(to: rate * factor, because: found)
    }
}

/// - Parameter removesPulldown: whether pulldown that was found is undone without being asked.
func deinterlacing(
    _ video: VideoDescription, choice: DeinterlaceChoice, removesPulldown: Bool = false
) -> Deinterlacing? {
    let pulldown = video.interlaceSample?.pulldown
    let mode = choice == .field ? "send_field" : "send_frame"
    switch choice {
    case .off: return nil
    case .frame, .field:
        return Deinterlacing(
            "bwdif=mode=\(mode):parity=\(parity(video)):deint=all", perField: choice == .field,
            because: .asked(choice.rawValue))
    case .pulldown:
        // Where it is in flags, each frame is stored once.
        return pulldown == .flags ? .betweenFilm : Deinterlacing(removingPulldownOf: video, because: pulldown)
    case .automatic where removesPulldown && pulldown == .fields:
        return Deinterlacing(removingPulldownOf: video, because: pulldown)
    case .automatic where pulldown == .flags: return .betweenFilm
    case .automatic: break
    }
    guard let sample = video.interlaceSample, sample.frames > 0 else {
        guard video.fieldOrder.isInterlaced else { return nil }
        return Deinterlacing(
            "bwdif=mode=\(mode):parity=auto:deint=interlaced",
            because: .header)
    }
    if sample.flaggedInterlaced * 2 >= sample.frames {
        return Deinterlacing(
            "bwdif=mode=\(mode):parity=auto:deint=interlaced",
            because: .flagged(sample.flaggedInterlaced, of: sample.frames))
    }
    if appearsInterlaced(sample) {
        return Deinterlacing(
            "bwdif=mode=\(mode):parity=\(parity(video)):deint=all",
            because: .combed(sample.topFirst + sample.bottomFirst, of: sample.frames))
    }
    return nil
}

/// Whether combed frames are a quarter of all at least, clearly outnumber whole ones, and agree on which field comes
/// first. Noise finds both orders; telecined video (3:2 pulldown) has more whole frames than combed ones.
func appearsInterlaced(_ sample: InterlaceSample) -> Bool {
    let combed = sample.topFirst + sample.bottomFirst
    let minority = min(sample.topFirst, sample.bottomFirst)
    return combed >= 3 && combed * 4 >= sample.frames && combed > 2 * sample.progressive && minority * 4 <= combed
}

/// Which field is shown first, as `bwdif` says it.
private func parity(_ video: VideoDescription) -> String {
    if let sample = video.interlaceSample {
        if sample.topFirst != sample.bottomFirst, sample.topFirst + sample.bottomFirst >= 3 {
            return sample.topFirst > sample.bottomFirst ? "tff" : "bff"
        }
        if sample.flaggedInterlaced > 0 {
            return sample.flaggedTopFirst * 2 >= sample.flaggedInterlaced ? "tff" : "bff"
        }
    }
    switch video.fieldOrder {
    case .topFirst: return "tff"
    case .bottomFirst: return "bff"
    case .unknown, .progressive: return "auto"
    }
}
