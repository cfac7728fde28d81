// What is particular to a family of hardware encoders.

/// What is particular to one family of hardware encoders. Facts; choosing is planning's work.
package protocol HardwareTraits: Sendable {
    /// The name as text for people writes it.
    var title: String { get }
    /// Names of the codecs whose encoders libavcodec 59 has.
    var codecs: Set<String> { get }
    /// The encoder's option for constant quality.
    var qualityOption: String { get }
    /// Speeds of the encoder; `nil` if it has one only.
    var speeds: SpeedScale? { get }
    /// Pixel formats of frames in memory, the usual one first; 10 bits are HEVC's alone.
    func pixelFormats(of codec: String) -> [String]
    /// Whether frames have to be copied to the device before they are encoded.
    var needsUpload: Bool { get }
    /// Encoder options that are always set.
    func options(of codec: String) -> [String: String]
    /// Options that put key frames at every `gop_size` frames and nowhere else.
    func gridOptions(of codec: String) -> [String: String]
}
