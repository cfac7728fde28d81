// How the bytes of a stream are spread over its duration, by the container's index.

import CLibAV
package import VTXModel

extension Demuxer {
    /// Bytes of a stream, or of the file where the index knows no sizes, before moments at equal distances.
    ///
    /// - Parameters:
    ///   - start: the first moment, by the source's clock.
    ///   - end: the last moment.
    ///   - steps: the number of distances.
    /// - Returns: `steps` + 1 values that never fall; `nil` if the index does not cover that time.
    package func byteCurve(of index: Int, from start: MediaTime, to end: MediaTime, steps: Int) -> [Double]? {
        guard let stream = streams[index], steps > 0, end > start else { return nil }
        let base = timeBase(of: index).value
        let step = (end.seconds - start.seconds) / Double(steps)
        let count = avformat_index_get_entries_count(stream)
        var curve: [Double] = []
        var (sum, known) = (0.0, 0)
        var last = (time: start.seconds, bytes: 0.0)
        for place in 0..<count {
            guard let entry = avformat_index_get_entry(stream, place)?.pointee else { return nil }
            let time = Double(entry.timestamp) * base
            // Matroska's cues have places only.
            let bytes = entry.size > 0 ? sum : Double(max(0, entry.pos))
            sum += Double(entry.size)
            if known == 0 { last.bytes = bytes }
            while curve.count <= steps, start.seconds + Double(curve.count) * step <= time {
                let moment = start.seconds + Double(curve.count) * step
                let part = time > last.time ? (moment - last.time) / (time - last.time) : 1
                curve.append(last.bytes + max(0, min(1, part)) * (bytes - last.bytes))
            }
            if time >= last.time { last = (time, max(last.bytes, bytes)) }
            known += 1
        }
        // The last packets may lack, and what follows the last key frame.
        guard known >= 8, last.time >= start.seconds + 0.9 * (end.seconds - start.seconds), let first = curve.first
        else {
            return nil
        }
        let mean = (last.bytes - first) / max(step, last.time - start.seconds)
        while curve.count <= steps {
            let moment = start.seconds + Double(curve.count) * step
            curve.append(max(curve.last ?? 0, last.bytes + mean * max(0, moment - last.time)))
        }
        return curve
    }
}
