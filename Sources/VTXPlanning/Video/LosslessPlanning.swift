// Quality at which an encoder loses nothing, which takes a profile of its own.

import VTXModel

/// The error for lossless video with a maximum bit rate, which the encoder would pass over.
func losslessWithLimit(_ codec: VideoCodec) -> VTXError {
    VTXError(
        .usage, "\(.crf) 0 is lossless with \(codec.encoder), and has no maximum bit rate",
        remedy: "use \(.crf, "1") or more")
}

extension VideoPlanner {
    /// Gives video that is encoded without loss its profile.
    ///
    /// - Throws: `.usage` if another profile is asked for, or a limit of the bit rate.
    func planLossless(_ encode: inout VideoEncodePlan) throws(VTXError) {
        let traits = encode.codec.traits
        guard encode.rate.crf == 0, let profile = traits.losslessProfile(pixelFormat: encode.pixelFormat) else {
            return
        }
        if case .capped = encode.rate { throw losslessWithLimit(encode.codec) }
        let preset = options.preset(of: encode.codec).options["profile"]
        if let asked = options.encoderOptions["profile"] ?? preset, asked != profile.option {
            throw VTXError(
                .usage, "\(.crf) 0 is lossless with \(encode.encoder), which profile \(asked) does not allow",
                cause: "it needs the profile \(profile.title)",
                remedy: options.encoderOptions["profile"] == nil
                    ? "use \(.crf, "1") or more, or a preset without a profile"
                    : "use \(.crf, "1") or more, or \(.encoderOption, "profile=\(profile.option)")")
        }
        encode.options["profile"] = profile.option
    }

    /// Notes that video is encoded without loss.
    mutating func noteLossless(_ encode: VideoEncodePlan) {
        guard encode.rate.crf == 0,
            let profile = encode.codec.traits.losslessProfile(pixelFormat: encode.pixelFormat)
        else { return }
        decide(.lossless(encode.codec, profile: profile.title))
    }
}
