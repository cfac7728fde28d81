// How the parts of a join are brought into one form.

import VTXModel

extension JoinPlanner {
    /// Gives each part the plans of the tracks that are encoded.
    func complete(_ plan: inout JoinPlan) {
        for index in plan.parts.indices {
            if let encode = plan.video?.encode, let own = parts[index].video?.encode {
                plan.parts[index].video = shaped(own, like: encode)
            }
            plan.parts[index].audio = plan.audio.enumerated().map { track, audio in
                let stream = streams[index][track]
                let own = parts[index].audio.first { $0.stream == stream }?.encode
                return JoinPart.Audio(stream: stream, encode: audio.encode.map { shaped(own, like: $0) })
            }
        }
    }

    /// The filters of a part, and the rest as in the output.
    private func shaped(_ own: VideoEncodePlan, like output: VideoEncodePlan) -> VideoEncodePlan {
        var encode = output
        encode.expected = own.expected
        let tail = conversion(from: own, to: output)
        encode.filters = own.filters + tail
        encode.refit = own.refit + tail
        encode.decoderThreads = own.decoderThreads
        encode.overlaySubtitle = nil
        encode.overlayFile = nil
        return encode
    }

    /// Filters for a part whose colours are coded by another matrix than the output's.
    private func conversion(from own: VideoEncodePlan, to output: VideoEncodePlan) -> [String] {
        let (from, to) = (matrix(of: own), matrix(of: output))
        guard from != to else { return [] }
        let exact = "flags=bicubic+accurate_rnd+full_chroma_int"
        // The scaler passes frames on whose format stays the same, whatever their matrix.
        let rgb = output.pixelFormat.contains("p10") ? "gbrp10le" : "gbrp"
        return [
            "scale=in_color_matrix=\(from):in_range=limited:\(exact)", "format=\(rgb)",
            "scale=out_color_matrix=\(to):out_range=limited:\(exact)", "format=\(output.pixelFormat)",
        ]
    }

    private func matrix(of encode: VideoEncodePlan) -> String {
        scalerMatrix(encode.color.matrix ?? (encode.expected.size.height >= 720 ? "bt709" : "smpte170m"))
    }

    /// The filters of a part before it gets the form of the output.
    private func shaped(_ own: AudioEncodePlan?, like output: AudioEncodePlan) -> AudioEncodePlan {
        var encode = output
        encode.filters = own?.filters ?? output.filters
        return encode
    }
}
