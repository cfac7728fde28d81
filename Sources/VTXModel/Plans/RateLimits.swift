// Limits of the bit rate that an encoder keeps, and the state of the decoder's buffer it begins with.

extension VideoEncodePlan {
    /// Bits per second at most, and bits of the decoder's buffer; `nil` if the encoder cannot be told how full that is.
    public var rateLimits: (maximum: Int64, buffer: Int64)? { traits.hasRateBuffer ? rate.limits : nil }

    /// Tells the encoder how much of the buffer is full at first.
    ///
    /// - Parameter part: a decimal number from 0 to 1.
    public mutating func startBuffer(at part: String) {
        guard let list = traits.parameterList else { return }
        options.addParameters("vbv-init=\(part)", to: list)
    }
}
