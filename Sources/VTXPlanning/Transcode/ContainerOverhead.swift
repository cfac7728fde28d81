// What a container adds to its packets, roughly.

import VTXModel

extension TranscodePlan {
    /// Bytes of an output of a length, in seconds, that are no packets: headers, index, headers of packets.
    func containerOverhead(seconds: Double) -> Double {
        let cost = container.packetOverhead
        let frames = video?.encode.map { $0.frameRate.value * seconds } ?? 0
        let packets = audio.reduce(0.0) { sum, track in
            let size = track.encode?.codec.traits.packetSamples ?? 1024
            return sum + seconds * Double(track.encode?.sampleRate ?? 48_000) / Double(size)
        }
        return 3000 + frames * cost.frame + packets * cost.audio
    }
}

extension Container {
    /// Bytes for each frame of video and each packet of audio.
    fileprivate var packetOverhead: (frame: Double, audio: Double) {
        switch self {
        // Sizes, chunk offsets and their runs, composition times.
        case .mp4, .m4v, .mov: (44, 4)
        case .m4a: (0, 5)
        case .mkv, .webm: (9, 8)
        // A header and an entry of the index.
        case .avi: (24, 26)
        // The rest of the last packet of a frame, headers of packets, clocks; several packets of audio share one.
        case .ts: (150, 16)
        // An eighth of a page's header, and lacing.
        case .ogg, .opus: (0, 2)
        case .mp3, .flac, .wav: (0, 0)
        }
    }
}
