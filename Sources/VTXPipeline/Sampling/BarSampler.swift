// Decodes frames from the whole length of a source to look for black bars.

import LibAV
package import VTXModel

/// Places of the source that are looked at, each at its keyframe.
private let places = 60
/// Fewer different keyframes say too little: up to this number of frames between them are decoded too.
private let mostFrames = 2000
/// Packets from one keyframe to the next at most.
private let mostPackets = 3000

/// Looks for black bars in frames from `start` to `start` plus `duration`, in file time.
///
/// - Parameters:
///   - size: of the frames that count; others are left out.
///   - duration: `nil`: not known; then frames from the beginning are decoded.
/// - Returns: a sample without frames if none could be decoded. Errors of decoding are not errors here.
package func sampleBars(
    path: String, stream: Int, size: PixelSize, start: MediaTime, duration: MediaTime?
) -> BarSample {
    guard let demuxer = try? Demuxer(opening: path), let parameters = try? demuxer.parameters(of: stream),
        let decoder = try? Decoder(for: parameters)
    else { return BarSample(frames: 0) }
    demuxer.keepOnly([stream])
    let sampler = BarSampler(demuxer: demuxer, decoder: decoder, stream: stream, size: size)
    if let duration, duration > .zero { sampler.readKeyFrames(from: start.seconds, length: duration.seconds) }
    guard sampler.profile.frames < places, let rest = try? Demuxer(opening: path),
        let decoder = try? Decoder(for: parameters)
    else { return sampler.profile.sample }
    rest.keepOnly([stream])
    let whole = BarSampler(demuxer: rest, decoder: decoder, stream: stream, continuing: sampler)
    whole.readFrames(from: start.seconds, length: duration?.seconds)
    return whole.profile.sample
}

/// One reading of a source.
private final class BarSampler {
    private(set) var profile: BarProfile
    private let demuxer: Demuxer
    private let decoder: Decoder
    private let stream: Int
    /// Times of the keyframes that were looked at.
    private var seen: Set<Int64> = []
    private var graph: FilterGraph?
    private var shape: FrameShape?

    init(demuxer: Demuxer, decoder: Decoder, stream: Int, size: PixelSize) {
        self.demuxer = demuxer
        self.decoder = decoder
        self.stream = stream
        profile = BarProfile(size: size)
    }

    /// Adds to what another reading has found.
    convenience init(demuxer: Demuxer, decoder: Decoder, stream: Int, continuing other: BarSampler) {
        self.init(demuxer: demuxer, decoder: decoder, stream: stream, size: other.profile.size)
        profile = other.profile
        seen = other.seen
    }

    /// The keyframes at places spread over the source, each once.
    func readKeyFrames(from start: Double, length: Double) {
        for place in 0..<places {
            let time = start + length * (Double(place) + 0.5) / Double(places)
            guard (try? demuxer.seek(to: Int64(time * 1e6), stream: stream)) != nil else { continue }
            for _ in 0..<mostPackets {
                guard let packet = try? demuxer.read() else { break }
                guard packet.stream == stream, packet.isKey else { continue }
                if let time = packet.presentation ?? packet.decoding, seen.insert(time).inserted {
                    try? decoder.decode(packet) { try add($0) }
                    try? decoder.drain { try add($0) }
                    decoder.restart()
                }
                break
            }
        }
    }

    /// Frames one after another, of which those at the places count.
    func readFrames(from start: Double, length: Double?) {
        if start > 0 { try? demuxer.seek(to: Int64(start * 1e6), stream: stream) }
        let step = length.map { $0 / Double(places) } ?? 0
        var due = start
        var count = 0
        var isAtEnd = false
        func look(_ frame: consuming Frame) throws {
            count += 1
            let time = frame.time.map { Double($0) * decoder.timeBase.value }
            if let time, let length, time > start + length { isAtEnd = true }
            guard !isAtEnd, time.map({ $0 >= due }) ?? (count % 12 == 1) else { return }
            if let time { due = max(due + step, time + step * 0.5) }
            if let ticks = frame.time, seen.contains(ticks) { return }
            try add(frame)
        }
        while count < mostFrames, !isAtEnd, let packet = try? demuxer.read() {
            if packet.stream == stream { try? decoder.decode(packet, emit: look) }
        }
        if !isAtEnd { try? decoder.drain(emit: look) }
    }

    private func add(_ frame: consuming Frame) throws {
        guard frame.shape.size == profile.size, !frame.isDamaged else { return }
        if shape != frame.shape {
            shape = frame.shape
            // Gray has full range: black is 0 whatever the depth and the range of the source.
            graph = try FilterGraph(
                video: frame, timeBase: decoder.timeBase, frameRate: nil, chain: ["format=gray"], threads: 1)
        }
        frame.time = Int64(profile.frames)
        try graph?.push(frame) { profile.add(try $0.imageBytes()) }
    }
}
