/// What a planner decides about an audio track, with its reason.
public enum AudioDecision: Hashable, Codable, Sendable {
    /// The container takes one track, and it is another.
    case droppedForOther(Container)
    /// The file begins without data of the track, so that its format is unknown.
    case droppedWithoutFormat
    /// The file announces the track and has nothing of it.
    case droppedWithoutSamples
    /// There is no decoder for the codec, by libav's name.
    case droppedWithoutDecoder(codec: String)
    /// Two mono tracks of MXF, counted from 1, become one of stereo.
    case joinedPair(Int, Int)
    /// So many mono tracks may belong together, and are kept apart.
    case severalMono(Int)
    /// The preferred codec has no encoder.
    case otherCodec(AudioCodec, preferred: AudioCodec)
    /// Samples get fewer bits.
    case reducedDepth(Int, AudioCodec)
    /// Another sample rate, in Hz; `container` is `nil` if the codec has one rate only.
    case resampled(from: Int, to: Int, AudioCodec, in: Container?)
    /// 5.1 was asked for but the layout stays; `codec` is named if it is the obstacle, otherwise the source has too few channels.
    case keptLayout(String, codec: AudioCodec?)
    /// One channel goes to both.
    case monoToStereo(LayoutReason)
    /// Fewer channels; `isNormalized`: with dialogue at full level and peaks limited.
    case mixedDown(from: String, to: String, isNormalized: Bool, LayoutReason)
    /// Channels without names are taken as those of a layout.
    case assumedLayout(String)
    /// The same number of channels under the codec's own layout.
    case mappedLayout(String, from: String, AudioCodec)
    /// The highest bit rate the codec has at a sample rate, in bits per second and Hz.
    case limitedBitRate(Int64, AudioCodec, sampleRate: Int)
    /// A lower bit rate than the preset's, in bits per second, for the sake of the output's size.
    case loweredBitRate(Int64, from: Int64)
    /// No source track has six channels for the 5.1 rendition asked for.
    case noSurround
}

/// Why channels change.
public enum LayoutReason: Hashable, Codable, Sendable {
    /// The setting for channels, with its value.
    case asked(String)
    /// The codec does not have the source's layout.
    case codec(AudioCodec)
    /// The preset of that name has two channels at most.
    case preset(String)
}
