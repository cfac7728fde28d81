/// What a planner decides about the video, with its reason.
public enum VideoDecision: Hashable, Codable, Sendable {
    // Choice
    /// A source stream is not written.
    case dropped(stream: Int, because: VideoDropReason)
    /// A rung asked for is larger than the source; short sides in pixels.
    case leftOutRung(shortSide: Int, source: Int)
    /// A rung is smaller than the frames that a codec's encoder takes.
    case tooSmallRung(PixelSize, VideoCodec)
    /// A rung is made smaller, to what level 5.2 of a codec allows.
    case limitedRung(shortSide: Int, to: PixelSize, VideoCodec)

    // Encoder
    /// Hardware encodes it.
    case hardware(HardwareEngine, VideoCodec)
    /// No hardware that encodes it works here; the first problem, in libav's words.
    case noHardware(VideoCodec, String?)

    // Shape
    /// Rotated and mirrored as the metadata says.
    case turned(Orientation)
    /// A display matrix that is not a quarter turn is ignored.
    case shownAsStored
    /// Pixels of another shape become square.
    case squarePixels(PixelSize, aspect: Rational)
    /// Odd sides become even.
    case evenSides(from: PixelSize, to: PixelSize)
    /// Enlarged; `height` is the height asked for, `nil` if a size was.
    case enlarged(to: PixelSize, source: PixelSize, height: Int?)
    /// Placed on black.
    case padded(PixelSize, within: PixelSize)
    /// Smaller than the box asked for, and not enlarged.
    case keptSize(PixelSize, within: PixelSize)
    /// The shorter side is less than what was asked for, and not enlarged.
    case keptShortSide(PixelSize, under: Int)

    // Fields and frame rate
    /// Deinterlaced; `perField`: each field becomes a frame.
    case deinterlaced(perField: Bool, because: InterlaceEvidence)
    /// 3:2 pulldown is undone; the rate of the film in frames per second, `nil` if it was asked for and not found.
    case removedPulldown(to: Rational, because: Pulldown?)
    /// A variable rate becomes constant, in frames per second.
    case constantRate(Rational, because: ConstantRateReason)
    /// The source has no rate that can be kept, and gets a usual one, in frames per second; `source`: its own, if it has one.
    case assumedRate(Rational, source: Rational?, because: ConstantRateReason)
    /// Timestamps are kept; the average in frames per second, `nil` if the source has no believable rate.
    case variableRate(average: Rational?)
    /// Copied frames of a stream without timestamps get them by a constant rate, in frames per second.
    case madeTimestamps(Rational)
    /// The first frame is repeated up to the start of the output.
    case filledStart(Container)
    /// The frame rate is divided to be at most `limit`, in frames per second.
    case reducedRate(from: Rational, to: Rational, limit: Rational)

    // Colour
    /// HDR was to be kept, but the source is SDR.
    case nothingToKeep
    /// Another pixel format, by libav's name; `losing` names bits and sampling that it has no room for.
    case converted(to: String, losing: [String])
    /// The alpha channel is lost.
    case droppedAlpha(VideoCodec)
    /// Dolby Vision metadata is lost.
    case droppedDolbyVision
    /// The target has no place for the configuration of Dolby Vision, whose frames are copied.
    case uncarriedDolbyVision(target: String)
    /// The projection or the two views of video, by libav's names, are not written to the target.
    case droppedSpatial(String, target: String)
    /// The projection or the two views of video, by libav's names, do not hold any more: these settings change what they
    /// describe; none: black was added.
    case outdatedSpatial(String, because: [Setting])
    /// HDR (PQ, or else HLG) is mapped to BT.709.
    case toneMapped(pq: Bool)
    /// RGB of which the source does not name primaries and transfer, or not both, is tagged with those of a colour space,
    /// by libav's name. `isPartlyNamed`: they follow what the source does name.
    case assumedColorSpace(String, isPartlyNamed: Bool)
    /// Full range becomes limited range.
    case limitedRange

    // Encoder
    /// Nothing is lost, in a profile for that.
    case lossless(VideoCodec, profile: String)

    // Resuming
    /// Encoded in chunks, between which a job can resume.
    case chunks(of: MediaTime)
}

/// Why a video stream is not written.
public enum VideoDropReason: Hashable, Codable, Sendable {
    /// The container is for audio.
    case audioOnly(Container)
    /// The file announces the stream and has nothing of it.
    case noSamples
    /// Another stream was asked for.
    case otherAsked(Int)
    /// Another stream is larger or comes first.
    case otherBetter(Int)
}

/// What says that a video is interlaced.
public enum InterlaceEvidence: Hashable, Codable, Sendable {
    /// The setting, with its value.
    case asked(String)
    /// The file's header.
    case header
    /// Flags of `count` frames of a sample of `total`.
    case flagged(Int, of: Int)
    /// Combing in `count` frames of a sample of `total`.
    case combed(Int, of: Int)
    /// Flags repeat fields, as in film; only frames that are flagged interlaced are changed.
    case repeatedFields
}

/// What needs a constant frame rate.
public enum ConstantRateReason: Hashable, Codable, Sendable {
    /// A frame rate was asked for.
    case frameRate
    /// A fixed keyframe interval was asked for.
    case keyFrameInterval
    /// A higher speed was asked for, which leaves frames out.
    case speedUp
    /// A codec without exact timestamps.
    case codec(VideoCodec)
    /// A container without timestamps.
    case container(Container)
    /// Renditions that share a segment grid.
    case renditions
    /// The preset of that name.
    case preset(String)
}
