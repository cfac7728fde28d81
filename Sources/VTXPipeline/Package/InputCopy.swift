// Copies the packets of one file to the renditions that are made of it.

import LibAV
import VTXModel
import VTXSystem

/// Copies the tracks of one file. Stays on one thread.
final class InputCopy {
    private let demuxer: Demuxer
    private let path: String
    private let origin: MediaTime
    private var tracks: [(any TrackCopy)?]
    private var subtitles: [(converter: SubtitleConverter, index: Int)?]
    private let receiver: PackageReceiver

    init(
        plan: PackagePlan, input: Int, demuxer: Demuxer, receiver: PackageReceiver,
        progress: [String: Guarded<RenditionProgress>]
    ) throws {
        self.demuxer = demuxer
        self.receiver = receiver
        path = plan.inputs[input].path
        origin = plan.inputs[input].origin
        tracks = Array(repeating: nil, count: demuxer.streamCount)
        subtitles = Array(repeating: nil, count: demuxer.streamCount)
        func emitter(_ name: String) -> (RenditionEvent) throws -> Void {
            { try receiver.rendition(name, $0) }
        }
        for video in plan.video where video.input == input {
            guard let state = progress[video.name], video.stream < tracks.count else { throw changed() }
            tracks[video.stream] = try VideoCopy(
                video, parameters: demuxer.parameters(of: video.stream), plan: plan, progress: state,
                emit: emitter(video.name))
        }
        for audio in plan.audio where audio.input == input {
            guard let state = progress[audio.name], audio.stream < tracks.count else { throw changed() }
            tracks[audio.stream] = try AudioCopy(
                audio, parameters: demuxer.parameters(of: audio.stream), plan: plan, progress: state,
                emit: emitter(audio.name))
        }
        for (index, subtitle) in plan.subtitles.enumerated() where subtitle.input == input {
            guard subtitle.track.stream < tracks.count else { throw changed() }
            demuxer.setTextEncoding(
                subtitle.track.encoding.flatMap(TextEncoding.init(named:)), of: subtitle.track.stream)
            subtitles[subtitle.track.stream] = (
                try SubtitleConverter(from: demuxer.parameters(of: subtitle.track.stream), to: .webvtt),
                index
            )
        }
        demuxer.keepOnly(
            Set(tracks.indices.filter { tracks[$0] != nil || subtitles[$0] != nil }))
    }

    private func changed() -> VTXError { VTXError(.badMedia, "\(path) changed while it was read") }

    var outcomes: [String: CopyOutcome] {
        Dictionary(
            uniqueKeysWithValues: tracks.compactMap { $0 }.map { ($0.output.name, $0.output.outcome) })
    }

    /// What reading the subtitles told, by place in the plan.
    var subtitleOutcomes: [Int: SubtitleOutcome] {
        var outcomes: [Int: SubtitleOutcome] = [:]
        for (stream, subtitle) in subtitles.enumerated() {
            guard let (converter, index) = subtitle else { continue }
            var outcome = SubtitleOutcome()
            outcome.counts = converter.counts
            outcome.text = demuxer.textReading(of: stream)
            outcomes[index] = outcome
        }
        return outcomes
    }

    func run() throws {
        while true {
            let next: Packet?
            do { next = try demuxer.read() } catch {
                if error.isInterrupt { throw Aborted() }
                // The scan has stopped here too, and the job has decided that this much is enough.
                break
            }
            guard let packet = next else { break }
            let stream = packet.stream
            guard stream < tracks.count else { continue }
            if let track = tracks[stream] {
                do { try track.write(packet) } catch let failure as AVFailure {
                    throw failure.reading(path, remedy: "stream \(stream) cannot be packaged as it is")
                }
            } else if let (converter, index) = subtitles[stream] {
                packet.shift(by: -rescale(origin.ticks, from: origin.base, to: converter.sourceTimeBase))
                try converter.convert(packet) { cue in
                    if let text = SubtitleCue(cue) { try receiver.cue(index, text) }
                }
            }
        }
        for case (let converter, let index)? in subtitles {
            try converter.finish { cue in
                if let text = SubtitleCue(cue) { try receiver.cue(index, text) }
            }
        }
        for track in tracks { try track?.finish() }
    }
}
