// Looks at a few frames of a source to see whether it is interlaced.
//
// Flags alone will not do: interlaced video is often marked as progressive. libavfilter's `idet`
// compares the lines. Its verdict on each frame alone is used: the one over several frames carries a wrong
// one on to all that follow, and test patterns with fine lines provoke one.

import LibAV
package import VTXModel

/// Decodes up to `framesPerPlace` frames at two places of the source, a tenth and half of the way in; of a source
/// of up to ten seconds, from its beginning.
///
/// Pulldown that was found there is looked for in more places, since removing it from what is no film loses frames.
///
/// - Returns: `nil` if no frame could be decoded. Errors of decoding are not errors here.
package func sampleInterlacing(
    path: String, stream: Int, duration: MediaTime?, start: MediaTime?, framesPerPlace: Int = 24
) -> InterlaceSample? {
    let length = duration?.seconds ?? 0
    func look(at places: [Double]) -> [InterlaceSample] {
        places.compactMap { place -> InterlaceSample? in
            guard let demuxer = try? Demuxer(opening: path) else { return nil }
            demuxer.keepOnly([stream])
            if place > 0 {
                let time = (start ?? .zero).seconds + length * place
                try? demuxer.seek(to: Int64(time * 1e6), stream: stream)
            }
            return try? sample(demuxer, stream: stream, count: framesPerPlace)
        }
    }
    var samples = look(at: length > 10 ? [0.1, 0.5] : [0])
    if samples.contains(where: { $0.pulldown == .fields }) {
        samples += look(at: length > 10 ? [0.02, 0.3, 0.7, 0.9] : length > 3 ? [0.3, 0.55, 0.8] : [])
    }
    let total = InterlaceSample(of: samples)
    return total.frames > 0 ? total : nil
}

/// idet calls a frame combed from a ratio of 1.04 on, which moving fine patterns of progressive video
/// reach (up to 1.2 with test sources); interlaced frames have 1.35 and more.
private let combDetector = "idet=intl_thres=1.3:prog_thres=1.5"

private func sample(_ demuxer: Demuxer, stream: Int, count: Int) throws -> InterlaceSample {
    let decoder = try Decoder(for: demuxer.parameters(of: stream), threads: 1)
    var result = InterlaceSample(frames: 0)
    var graph: FilterGraph?
    var shape: FrameShape?
    // idet counts from its first frame on; the last frame that comes out has the totals.
    var last: InterlaceSample?

    var pattern = PulldownPattern()

    func read(_ frame: consuming Frame) {
        // Counts that fade are written with decimals: `25.00`.
        func number(_ key: String) -> Int {
            Int(Double(frame.metadata("lavfi.idet.single.\(key)") ?? "") ?? 0)
        }
        last = InterlaceSample(
            frames: 0, topFirst: number("tff"), bottomFirst: number("bff"),
            progressive: number("progressive"), undetermined: number("undetermined"))
        let repeated = frame.metadata("lavfi.idet.repeated.current_frame")
        if let field = repeated.flatMap(PulldownPattern.RepeatedField.init) { pattern.add(field) }
    }

    func look(_ frame: consuming Frame) throws {
        guard result.frames < count else { return }
        if let shape, shape != frame.shape { return }
        result.frames += 1
        pattern.add(isRepeated: frame.repeatsField)
        if frame.isInterlaced {
            result.flaggedInterlaced += 1
            if frame.isTopFieldFirst { result.flaggedTopFirst += 1 }
        }
        if graph == nil {
            shape = frame.shape
            graph = try FilterGraph(
                video: frame, timeBase: decoder.timeBase, frameRate: nil, chain: [combDetector], threads: 1)
        }
        frame.time = Int64(result.frames)
        try graph?.push(frame, emit: read)
    }

    while result.frames < count, let packet = try demuxer.read() {
        if packet.stream == stream { try decoder.decode(packet, emit: look) }
    }
    if result.frames < count { try decoder.drain(emit: look) }
    try graph?.drain(emit: read)
    if let last {
        result.topFirst = last.topFirst
        result.bottomFirst = last.bottomFirst
        result.progressive = last.progressive
        result.undetermined = last.undetermined
    }
    result.pulldown = pattern.pulldown
    return result
}
