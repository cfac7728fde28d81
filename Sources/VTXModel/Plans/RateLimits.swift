// Limits of the bit rate that an encoder keeps, and the state of the decoder's buffer it begins with.

extension VideoEncodePlan {
    /// Bits per second at most, and bits of the buffer, of an encoder that can be told how full that is.
    public var rateLimits: (maximum: Int64, buffer: Int64)? {
        guard codec == .h264 || codec == .hevc else { return nil }
        switch rate {
        case .bitRate(_, let maximum, let buffer): return (maximum, buffer)
        case .crf:
            guard let maximum = options["maxrate"].flatMap({ Int64($0) }),
                let buffer = options["bufsize"].flatMap({ Int64($0) })
            else { return nil }
            return (maximum, buffer)
        case .quantizer: return nil
        }
    }

    /// Tells the encoder how much of the buffer is full at first: `1` is all of it.
    public mutating func startBuffer(at part: String) {
        options.addParameters("vbv-init=\(part)", to: codec == .h264 ? "x264-params" : "x265-params")
    }
}
