// Copied audio: which packets, and when they are played.

import LibAV
import VTXModel
import VTXSystem

/// Copies audio without gaps of rounding, and fills a late start with silence.
final class AudioCopy: TrackCopy {
    let output: TrackOutput
    private let origin: Int64
    private let base: Rational
    private let timeBase: Rational
    private let frameSize: Int64
    /// Longest time before 0 that is kept, and the end of the video.
    private let earliest: Int64
    private let latest: Int64
    /// Until silence has been put before it: the track's own header and file.
    private var late: (configuration: [UInt8], path: String)?
    /// Where the next packet is due, if the audio has no gap.
    private var due: Int64?
    private let tolerance: Int64
    /// Transport streams cannot say that a packet is played in part.
    private let hasWholePackets: Bool

    init(
        _ plan: PackageAudioPlan, parameters: CodecParameters, plan package: PackagePlan,
        progress: Guarded<RenditionProgress>, emit: @escaping (RenditionEvent) throws -> Void
    ) throws {
        base = parameters.timeBase
        let timeBase = Rational(1, Int64(plan.sampleRate))
        self.timeBase = timeBase
        let start = package.inputs[plan.input].origin
        origin = rescale(start.ticks, from: start.base, to: timeBase)
        frameSize = Int64(parameters.frameSize)
        hasWholePackets = package.segments == .ts
        late = plan.isFilled ? (parameters.header, package.inputs[plan.input].path) : nil
        // Players hide what is before 0 if an edit list says so; transport streams have none.
        let usual = frameSize > 0 ? frameSize : 1024
        earliest = package.segments == .ts ? -usual : -max(3 * usual, Int64(plan.sampleRate) / 10)
        latest =
            package.video.isEmpty
            ? .max : rescale(package.duration.ticks, from: package.duration.base, to: timeBase)
        // One and a half ticks of a coarse clock; exact clocks are followed exactly.
        tolerance = base == timeBase ? 0 : rescale(3, from: base * Rational(1, 2), to: timeBase) + 1
        let starts = package.boundaries.map { rescale($0.ticks, from: $0.base, to: timeBase) }
        output = TrackOutput(
            name: plan.name,
            segmenter: try Segmenter(
                type: package.segments, parameters: parameters, base: timeBase,
                cuts: .keyFrames(starts: starts, piece: 0), isVideo: false, label: plan.label, tag: nil,
                emit: emit),
            base: timeBase, progress: progress)
    }

    /// Samples of a packet: the codec's frame size where the rounded duration allows it.
    private func length(_ duration: Int64) -> Int64 {
        let rounded = rescale(duration, from: base, to: timeBase)
        guard frameSize > 0 else { return max(1, rounded) }
        if rounded <= 0 { return frameSize }
        // Spectral band replication doubles the samples of a frame.
        for size in [frameSize, frameSize * 2, frameSize / 2] where abs(size - rounded) <= tolerance {
            return size
        }
        if hasWholePackets, rounded < frameSize { return frameSize }
        return rounded
    }

    func write(_ packet: consuming Packet) throws {
        output.outcome.read += 1
        guard let shown = packet.presentation else {
            output.outcome.leftOut += 1
            return
        }
        let samples = length(packet.duration)
        var time = rescale(shown, from: base, to: timeBase) - origin
        if let due, time < due || time - due <= tolerance { time = due }
        due = time + samples
        guard time >= earliest, time + samples / 2 < latest else {
            output.outcome.leftOut += 1
            return
        }
        if let late {
            self.late = nil
            try fill(until: time, like: packet, late)
        }
        packet.presentation = time
        packet.decoding = time
        packet.duration = samples
        try output.write(packet)
    }

    /// Puts silence before the first packet, from less than a frame after the beginning on.
    private func fill(
        until time: Int64, like first: borrowing Packet, _ late: (configuration: [UInt8], path: String)
    ) throws {
        guard
            let silence = SilentAAC(
                configuration: late.configuration, like: first.withBytes { Array($0.prefix(7)) })
        else {
            throw VTXError(
                .badMedia, "the audio of \(late.path) begins \(MediaTime(time, timeBase)) after the video",
                cause: "no silence can be put before this kind of AAC without encoding",
                remedy: "\(command: .ladder) fills it with silence")
        }
        for count in (0..<max(0, time / SilentAAC.samples)).reversed() {
            let packet = try Packet(silence.frame)
            packet.presentation = time - (count + 1) * SilentAAC.samples
            packet.decoding = packet.presentation
            packet.duration = SilentAAC.samples
            output.outcome.filled += 1
            try output.write(packet)
        }
    }

    func finish() throws { try output.finish() }
}
