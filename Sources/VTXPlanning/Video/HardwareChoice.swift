// Whether hardware encodes the video.

import VTXModel

extension VideoPlanner {
    /// The codec with the encoder that was asked for.
    ///
    /// - Throws: `.unavailable` if hardware is asked for by name that does not work here, `.usage` if it has no encoder
    ///   for the codec.
    mutating func choosingEncoder(for codec: VideoCodec) throws(VTXError) -> VideoCodec {
        switch options.encoder {
        case .software: return codec
        case .automatic:
            let findings = capabilities.hardware.filter { $0.codec == codec }
            if let engine = findings.first(where: \.isUsable)?.engine, let found = codec.on(engine) {
                decide(.hardware(engine, codec))
                return found
            }
            decide(.noHardware(codec, findings.compactMap(\.problem).first))
            return codec
        case .nvenc, .qsv, .vaapi:
            guard let engine = options.encoder.engine else { return codec }
            let found = try require(engine, for: codec)
            decide(.hardware(engine, codec))
            return found
        }
    }

    private func require(_ engine: HardwareEngine, for codec: VideoCodec) throws(VTXError) -> VideoCodec {
        guard let found = codec.on(engine) else {
            let possible = rules.videoCodecs.filter { $0.on(engine) != nil }.map(\.rawValue)
            throw VTXError(
                .usage, "\(engine.title) has no encoder for \(codec.title)",
                remedy: possible.isEmpty
                    ? .leaveOut(.encoder) : "use \(.video, choice(possible)), or leave out \(.encoder)")
        }
        let finding = capabilities.hardware.first { $0.engine == engine && $0.codec == codec }
        guard let finding, finding.isUsable else {
            throw VTXError(
                .unavailable, "\(engine.title) cannot encode \(codec.title) on this machine",
                cause: Message(finding?.problem ?? "it was not tried"),
                remedy: "\(.encoder, "auto") falls back to software, and `\(command: .doctor)` shows what there is")
        }
        return found
    }
}
