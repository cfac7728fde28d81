// Encoders in hardware, and how they are asked for.

/// A family of hardware encoders, as libavcodec calls it.
public enum HardwareEngine: String, Hashable, Codable, Sendable, CaseIterable {
    /// NVIDIA's NVENC.
    case nvenc
    /// Intel's Quick Sync Video.
    case qsv
    /// The Video Acceleration API of Linux: AMD and Intel.
    case vaapi
}

/// Which encoder of a codec is used.
public enum EncoderChoice: String, Hashable, Codable, Sendable, CaseIterable {
    /// Hardware if it works here, otherwise software.
    case automatic = "auto"
    /// Software.
    case software
    /// NVIDIA's.
    case nvenc
    /// Intel's.
    case qsv
    /// The Video Acceleration API.
    case vaapi

    /// The engine that is asked for by name.
    public var engine: HardwareEngine? { HardwareEngine(rawValue: rawValue) }
}
