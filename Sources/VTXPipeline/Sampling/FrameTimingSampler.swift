// Reads some packets of a video stream to learn its frame rate.

package import LibAV
package import VTXModel

/// How many packets are read at the beginning, and how many at each other place.
private let packets = (first: 240, further: 64)
/// Most bytes read at one place other than the beginning.
private let mostBytes = 16_000_000
/// Formats without an index in front that can be entered midway.
private let seekable: Set = ["avi", "asf", "flv", "mpegts", "mpeg"]

/// The frame rate by the timestamps of frames at up to five places of a file.
///
/// - Parameters:
///   - stream: of video, as `file` describes it.
///   - irregular: a place of which the file's index says that frames there have other lengths.
///   - sampler: sees the packets that are read.
///   - reader: of the file, at its beginning; it is used up. `nil`: the file is opened again.
/// - Returns: `nil` if too few frames with timestamps can be read.
package func sampleFrameTiming(
    of stream: StreamDescription, in file: MediaDescription, irregular: MediaTime? = nil,
    packets sampler: PacketSampler,
    reader: Demuxer? = nil
) -> FrameTiming? {
    // Formats with a header say there all that timestamps need.
    let formats = Set(file.format.split(separator: ",").map(String.init))
    let isIndexed = !formats.isDisjoint(with: ["mp4", "matroska"])
    guard let demuxer = try? reader ?? Demuxer(opening: file.path, headerOnly: isIndexed),
        stream.index < demuxer.streamCount
    else { return nil }
    demuxer.keepOnly([stream.index])
    if let parameters = try? demuxer.parameters(of: stream.index) { sampler.begin(parameters) }
    let beginning = frameTimes(demuxer, stream: stream.index, packets: packets.first, sampler)
    var places = [beginning.times]
    // The rate may be another later on.
    if !beginning.isWhole, isIndexed || !formats.isDisjoint(with: seekable), let duration = file.duration {
        let start = (file.start ?? .zero).seconds
        var times = [0.25, 0.5, 0.75, 0.95].map { start + $0 * duration.seconds }
        if let irregular { times.append(irregular.seconds - 1) }
        for time in times {
            guard (try? demuxer.seek(to: Int64(time * 1e6), stream: stream.index)) != nil else { continue }
            places.append(frameTimes(demuxer, stream: stream.index, packets: packets.further, sampler).times)
        }
    }
    let video = stream.video
    let hint = [video?.nominalFrameRate, video?.averageFrameRate].compactMap { $0 }
        .first { $0.value >= 1 && $0.value <= 240 }
    return FrameTiming(places, base: demuxer.timeBase(of: stream.index), hint: hint)
}

/// Presentation times of frames that follow one another without a gap, from where the demuxer stands.
///
/// Reading begins with a key frame, and what is shown before it is left out, since frames before may be missing. Where
/// none comes, it begins after everything that was passed over. The last frames are left out as well where reading ends
/// before the stream does: those between them may come later.
private func frameTimes(
    _ demuxer: Demuxer, stream: Int, packets: Int, _ sampler: PacketSampler
) -> (times: [Int64], isWhole: Bool) {
    var shown: [Int64] = []
    var decoded: [Int64] = []
    var first: Int64?
    var passed: Int64?
    var count = 0
    var bytes = 0
    var isAtEnd = false
    while count < packets, bytes < mostBytes || count < 8 {
        guard let packet = try? demuxer.read() else {
            isAtEnd = true
            break
        }
        bytes += packet.size
        guard packet.stream == stream, packet.isShown else { continue }
        sampler.note(packet)
        if first == nil {
            // Some formats mark no key frames.
            guard packet.isKey || count >= 48 else {
                count += 1
                if let time = packet.presentation { passed = max(passed ?? time, time) }
                continue
            }
            first = packet.presentation ?? packet.decoding
            // Frames that were decoded before may be shown after this one.
            if !packet.isKey, let start = first, let passed { first = max(start, passed &+ 1) }
            count = 0
        }
        count += 1
        if let time = packet.presentation { shown.append(time) }
        if let time = packet.decoding { decoded.append(time) }
    }
    guard let first else { return ([], isAtEnd) }
    guard shown.count * 10 >= count * 9 else { return (decoded, isAtEnd) }
    var times = shown.filter { $0 >= first }.sorted()
    // Everything that is shown before the last frames' earliest is complete: codecs reorder 16 frames at most.
    if !isAtEnd, let earliest = shown.suffix(17).min() { times = times.filter { $0 <= earliest } }
    return (times, isAtEnd)
}
