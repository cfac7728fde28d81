// What a video stream looks like.
//
// Names of pixel formats are libav's own.

/// What a video stream looks like.
public struct VideoDescription: Hashable, Codable, Sendable {
    /// What the decoder holds, e.g. 1920 × 1088, for H.264 and HEVC; for others the same as `size`.
    public var codedSize: PixelSize
    /// What is meant to be seen, before pixel shape and orientation.
    public var size: PixelSize
    /// Width over height of one pixel; `nil` if the file does not say.
    public var sampleAspectRatio: Rational?
    /// Whether frames say `sampleAspectRatio` themselves, so that it may change midway; not part of the JSON. `nil` if
    /// nobody looked.
    public var hasCodedShape: Bool?
    /// Turns the stored image upright.
    public var orientation: Orientation
    /// The file has a display matrix that is no quarter turn, or nonsense; it is ignored.
    public var hasOddMatrix: Bool
    /// libav's pixel format, e.g. `yuv420p10le`.
    public var pixelFormat: String
    /// Bits per component.
    public var bitDepth: Int
    /// `4:2:0`, `4:2:2`, `4:4:4`, `4:1:1`, `rgb`, `gray`, ...
    public var sampling: String
    /// Whether the pixel format has an alpha channel.
    public var hasAlpha: Bool
    /// Frames over duration.
    public var averageFrameRate: Rational?
    /// The lowest rate that can express all timestamps exactly.
    public var nominalFrameRate: Rational?
    /// Whether the index shows frames of different lengths; `nil` where there is no index.
    public var hasVariableFrameRate: Bool?
    /// What the file says about fields.
    public var fieldOrder: FieldOrder
    /// Colour tags.
    public var color: ColorDescription
    /// Set for PQ, HLG and Dolby Vision.
    public var hdr: HDRDescription?
    /// How a sphere is projected to the image, by libav's name (`equirectangular`); `nil` for flat video.
    public var projection: String?
    /// The projection that libav does not know: by a mesh.
    package static let mesh = "mesh"
    /// How two views share the image, by libav's name (`side by side`); `nil` for one view.
    public var stereo: String?
    /// What decoding a few frames showed; `nil` where none were.
    public var interlaceSample: InterlaceSample?
    /// Black bars in frames of its whole length; not part of the JSON. `nil` if nobody looked.
    public var bars: BarSample?
    /// Channels of closed captions in a sample of its packets; `nil` without captions, and empty where the channels
    /// cannot be told.
    public var captions: [CaptionChannel]?

    /// A description; `size` defaults to `codedSize`.
    public init(
        codedSize: PixelSize, size: PixelSize? = nil, sampleAspectRatio: Rational? = nil,
        orientation: Orientation = .upright, hasOddMatrix: Bool = false, pixelFormat: String = "yuv420p",
        bitDepth: Int = 8, sampling: String = "4:2:0", hasAlpha: Bool = false,
        averageFrameRate: Rational? = nil, nominalFrameRate: Rational? = nil,
        hasVariableFrameRate: Bool? = nil, fieldOrder: FieldOrder = .unknown,
        color: ColorDescription = ColorDescription(), hdr: HDRDescription? = nil,
        interlaceSample: InterlaceSample? = nil, captions: [CaptionChannel]? = nil
    ) {
        self.codedSize = codedSize
        self.size = size ?? codedSize
        self.sampleAspectRatio = sampleAspectRatio
        self.orientation = orientation
        self.hasOddMatrix = hasOddMatrix
        self.pixelFormat = pixelFormat
        self.bitDepth = bitDepth
        self.sampling = sampling
        self.hasAlpha = hasAlpha
        self.averageFrameRate = averageFrameRate
        self.nominalFrameRate = nominalFrameRate
        self.hasVariableFrameRate = hasVariableFrameRate
        self.fieldOrder = fieldOrder
        self.color = color
        self.hdr = hdr
        self.interlaceSample = interlaceSample
        self.captions = captions
    }

    /// The size in square pixels, upright; a wide pixel widens the image, so no rows are lost.
    public var displaySize: PixelSize {
        var shown = size
        shown.width = max(1, Int(shownWidth.rounded()))
        return orientation.exchangesSides ? shown.transposed : shown
    }

    /// `displaySize` with even sides, rounded once: 720 pixels of 10:11 are 654, not 655 and then 656.
    public var evenDisplaySize: PixelSize {
        let shown = PixelSize(max(2, Int((shownWidth / 2).rounded()) * 2), size.even.height)
        return orientation.exchangesSides ? shown.transposed : shown
    }

    /// Whether pixels are square, or nearly so.
    public var hasSquarePixels: Bool {
        guard let sar = sampleAspectRatio, sar.isPositive else { return true }
        return sar.isSameShape(as: Rational(1))
    }

    /// What frames say about the shape of their pixels; `nil` if the container decides about it.
    public var codedShape: Rational? {
        guard hasCodedShape == true else { return nil }
        return sampleAspectRatio.flatMap { $0.isPositive ? $0 : nil } ?? Rational(1)
    }

    /// Projection and views, for messages; `nil` for ordinary video.
    package var spatialWords: String? {
        let words = [projection, stereo].compactMap { $0 }
        return words.isEmpty ? nil : words.joined(separator: ", ")
    }

    /// Width of the stored image in square pixels.
    private var shownWidth: Double {
        hasSquarePixels ? Double(size.width) : Double(size.width) * (sampleAspectRatio?.value ?? 1)
    }

    /// Width over height of the upright image, as the file's numbers give it.
    public var displayAspectRatio: Rational? {
        guard size.width > 0, size.height > 0 else { return nil }
        let stored = Rational(Int64(size.width), Int64(size.height))
        let shaped = (sampleAspectRatio.flatMap { $0.isPositive ? $0 : nil } ?? Rational(1)) * stored
        return orientation.exchangesSides ? shaped.inverse : shaped
    }
}

extension VideoDescription {
    /// What follows from the rest, for readers of the JSON.
    private enum DerivedKey: String, CodingKey { case displaySize, displayAspectRatio, rotation }

    /// Writes, beside the stored values, `displaySize`, `displayAspectRatio` and `rotation` (degrees clockwise).
    public func encode(to encoder: any Encoder) throws {
        var stored = encoder.container(keyedBy: CodingKeys.self)
        try stored.encode(codedSize, forKey: .codedSize)
        try stored.encode(size, forKey: .size)
        try stored.encodeIfPresent(sampleAspectRatio, forKey: .sampleAspectRatio)
        try stored.encode(orientation, forKey: .orientation)
        try stored.encode(hasOddMatrix, forKey: .hasOddMatrix)
        try stored.encode(pixelFormat, forKey: .pixelFormat)
        try stored.encode(bitDepth, forKey: .bitDepth)
        try stored.encode(sampling, forKey: .sampling)
        try stored.encode(hasAlpha, forKey: .hasAlpha)
        try stored.encodeIfPresent(averageFrameRate, forKey: .averageFrameRate)
        try stored.encodeIfPresent(nominalFrameRate, forKey: .nominalFrameRate)
        try stored.encodeIfPresent(hasVariableFrameRate, forKey: .hasVariableFrameRate)
        try stored.encode(fieldOrder, forKey: .fieldOrder)
        try stored.encode(color, forKey: .color)
        try stored.encodeIfPresent(hdr, forKey: .hdr)
        try stored.encodeIfPresent(projection, forKey: .projection)
        try stored.encodeIfPresent(stereo, forKey: .stereo)
        try stored.encodeIfPresent(interlaceSample, forKey: .interlaceSample)
        try stored.encodeIfPresent(captions, forKey: .captions)
        var derived = encoder.container(keyedBy: DerivedKey.self)
        try derived.encode(displaySize, forKey: .displaySize)
        try derived.encodeIfPresent(displayAspectRatio, forKey: .displayAspectRatio)
        try derived.encode(orientation.quarterTurns * 90, forKey: .rotation)
    }
}
