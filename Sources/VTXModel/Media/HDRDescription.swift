// What a file says about its high dynamic range.

/// High dynamic range and what the file says about it.
public struct HDRDescription: Hashable, Codable, Sendable {
    /// Kinds of high dynamic range.
    public enum Format: String, Hashable, Codable, Sendable {
        case hdr10, pq, hlg
        case dolbyVision = "dolby_vision"
    }

    /// Kind of high dynamic range.
    public var format: Format
    /// Mastering display, if the file describes one.
    public var mastering: MasteringDisplay?
    /// Content light levels, if the file has them.
    public var contentLight: ContentLight?
    /// Dolby Vision profile, e.g. 5 or 8.
    public var dolbyVisionProfile: Int?
    /// What a decoder without Dolby Vision sees: 0 nothing usable, 1 HDR10, 2 SDR, 4 HLG.
    public var dolbyVisionCompatibility: Int?

    /// A description; what is left out is unknown.
    public init(
        format: Format, mastering: MasteringDisplay? = nil, contentLight: ContentLight? = nil,
        dolbyVisionProfile: Int? = nil, dolbyVisionCompatibility: Int? = nil
    ) {
        self.format = format
        self.mastering = mastering
        self.contentLight = contentLight
        self.dolbyVisionProfile = dolbyVisionProfile
        self.dolbyVisionCompatibility = dolbyVisionCompatibility
    }
}

/// The screen the source was graded on (SMPTE ST 2086).
public struct MasteringDisplay: Hashable, Codable, Sendable {
    /// Chromaticities x, y of red, green, blue and white, in that order: eight numbers from 0 to 1.
    public var chromaticities: [Rational]
    /// Lowest luminance, cd/m².
    public var minimumLuminance: Rational
    /// Highest luminance, cd/m².
    public var maximumLuminance: Rational

    /// Chromaticities from 0 to 1, luminances in cd/m².
    public init(chromaticities: [Rational], minimumLuminance: Rational, maximumLuminance: Rational) {
        self.chromaticities = chromaticities
        self.minimumLuminance = minimumLuminance
        self.maximumLuminance = maximumLuminance
    }
}

/// Content light levels (CTA-861.3), cd/m².
public struct ContentLight: Hashable, Codable, Sendable {
    /// Maximum content light level (MaxCLL), cd/m².
    public var maximum: Int
    /// Maximum frame-average light level (MaxFALL), cd/m².
    public var frameAverage: Int

    /// Levels in cd/m².
    public init(maximum: Int, frameAverage: Int) {
        self.maximum = maximum
        self.frameAverage = frameAverage
    }
}
