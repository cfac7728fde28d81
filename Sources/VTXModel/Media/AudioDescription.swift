// The format of an audio stream.

/// What a stream of audio is made of.
public struct AudioDescription: Hashable, Codable, Sendable {
    /// Samples per second and channel, Hz.
    public var sampleRate: Int
    /// Number of channels.
    public var channels: Int
    /// libav's layout name, e.g. `stereo`, `5.1(side)`; `N channels` where the file names no speakers.
    public var layout: String
    /// libav's sample format of the decoder, e.g. `fltp`.
    public var sampleFormat: String
    /// Bits per sample of lossless codecs; `nil` where it means nothing.
    public var bitsPerSample: Int?

    /// A description.
    public init(
        sampleRate: Int, channels: Int, layout: String, sampleFormat: String = "fltp",
        bitsPerSample: Int? = nil
    ) {
        self.sampleRate = sampleRate
        self.channels = channels
        self.layout = layout
        self.sampleFormat = sampleFormat
        self.bitsPerSample = bitsPerSample
    }
}
