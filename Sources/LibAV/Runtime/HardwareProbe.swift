// Which hardware encoders work on this machine.

import CLibAV
package import VTXModel

package enum HardwareProbe {
    /// Tries every hardware encoder for a codec.
    ///
    /// - Parameter codecs: those to try.
    /// - Returns: a finding for each engine that may have an encoder of the codec.
    package static func findings(for codecs: [VideoCodec] = VideoCodec.allCases) -> [HardwareFinding] {
        HardwareEngine.allCases.flatMap { engine in
            codecs.compactMap { codec in
                codec.on(engine).map {
                    HardwareFinding(engine: engine, codec: codec, problem: problem(of: $0, on: engine))
                }
            }
        }
    }

    /// Why the encoder cannot be used, in libav's words; `nil` if it can.
    private static func problem(of codec: VideoCodec, on engine: HardwareEngine) -> String? {
        let traits = codec.traits
        guard avcodec_find_encoder_by_name(traits.encoder) != nil else {
            return "this libav has no encoder \(traits.encoder)"
        }
        let size = PixelSize(640, 360)
        var plan = VideoEncodePlan(
            codec: codec, encoder: traits.encoder, size: size, pixelFormat: traits.pixelFormats[0],
            frameRate: Rational(25), isConstantRate: true, timeBase: Rational(1, 25),
            expected: FrameShape(size: size, pixelFormat: traits.pixelFormats[0]), rate: .constantQuality(crf: 25),
            options: engine.traits.options(of: codec.rawValue))
        plan.hardware = engine
        do {
            _ = try Encoder(video: plan, needsGlobalHeader: true)
            return nil
        } catch {
            return error.cause?.description ?? error.description
        }
    }
}
