// The lines that workers write (docs/json-output.md), as far as a batch reads them.

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
import VTXModel

/// A line of any type; what it lacks is `nil`.
struct WorkerLine: Decodable {
    struct Time: Decodable { var seconds: Double }
    var type: String
    // progress
    var phase: String?
    var percent: Double?
    var position: Time?
    var expected: Time?
    var speed: Double?
    // done
    var size: Int64?
    var duration: Time?
    var elapsed: Double?
    var warnings: [String]?
    // error
    var kind: VTXError.Kind?
    var message: String?
    var cause: String?
    var hint: String?

    /// How much of the output is made, 0 to 1; `nil` while something else is done, or if nobody knows.
    var fraction: Double? {
        if let phase, phase != "encode", phase != "finish" { return nil }
        if let percent { return percent / 100 }
        guard let position, let expected, expected.seconds > 0 else { return nil }
        return min(1, max(0, position.seconds / expected.seconds))
    }

    var failure: BatchFailure? {
        guard let kind, let message else { return nil }
        return BatchFailure(kind, message, cause: cause, hint: hint)
    }
}

/// The `plan` of a worker, in short.
package struct PlanFacts: Hashable, Codable, Sendable {
    /// One line for people.
    package var summary: String
    /// Of the (largest) video rendition; `nil` without video.
    package var width: Int?
    package var height: Int?
    package var codec: String?
    /// Seconds.
    package var duration: Double?
    /// Bytes; a guess for video unless its bit rate was asked for.
    package var estimatedSize: Int64?
}

/// What `vtx transcode` and `vtx ladder` plan.
struct WorkerPlan: Decodable {
    struct Size: Decodable {
        var width: Int
        var height: Int
    }
    struct Rate: Decodable {
        var mode: String
        var value: Double?
        var average: Int64?
        var maximum: Int64?
    }
    struct Encode: Decodable {
        var codec: String
        var size: Size?
        var frameRate: String?
        var rate: Rate?
        var bitRate: Int64?
        var maximumRate: Int64?
    }
    struct Track: Decodable {
        var encode: Encode?
        var track: Inner?
        /// Of a ladder's video.
        var rungs: [Rung]?
        struct Inner: Decodable { var encode: Encode? }
    }
    struct Rung: Decodable {
        var name: String
        var encode: Encode
    }
    struct Duration: Decodable { var seconds: Double }
    var video: Track?
    var audio: [Track]
    var expectedDuration: Duration?

    /// - Parameter source: what is known of the source, for tracks that are copied.
    func facts(source: MediaFacts?, bytes: Int64) -> PlanFacts {
        let encodes = video?.rungs?.map(\.encode) ?? video.flatMap { $0.encode }.map { [$0] } ?? []
        let duration = expectedDuration?.seconds ?? source?.duration
        var parts: [String] = []
        if let rungs = video?.rungs {
            parts.append(rungs.map(\.name).joined(separator: " "))
        } else if let encode = encodes.first, let size = encode.size {
            parts.append("\(encode.codec) \(size.width)x\(size.height)")
        } else if video != nil {
            parts.append("video copied")
        }
        let audio = audio.map { $0.encode ?? $0.track?.encode }
        if !audio.isEmpty {
            let names = Set(audio.map { $0?.codec ?? "copied" }).sorted().joined(separator: ", ")
            parts.append("\(audio.count) × \(names)")
        }
        var rates = encodes.map { $0.estimatedBitRate } + audio.map { $0?.bitRate.map(Double.init) }
        // What is copied is about as large as it was.
        if video != nil, encodes.isEmpty { rates.append(duration.map { Double(bytes) * 8 / max($0, 0.001) }) }
        let total = rates.reduce(into: 0.0) { $0 += $1 ?? 0 }
        let largest = encodes.first
        return PlanFacts(
            summary: parts.joined(separator: ", "), width: largest?.size?.width, height: largest?.size?.height,
            codec: largest?.codec, duration: duration,
            estimatedSize: duration.map { Int64($0 * total / 8) })
    }
}

extension WorkerPlan.Encode {
    /// Bits per second of video.
    ///
    /// A CRF promises quality and no rate. The guess is 0.08 bits per pixel at H.264's CRF 21, half as much for each
    /// 6 steps, and its like for other codecs; sources lie between a third and three times that.
    var estimatedBitRate: Double? {
        guard let rate, let size else { return bitRate.map(Double.init) }
        if let average = rate.average { return Double(average) }
        let frames = frameRate.flatMap { Rational($0)?.value } ?? 25
        let pixels = Double(size.width * size.height) * min(frames, 60)
        let (middle, bits): (Double, Double) =
            switch codec {
            case "hevc": (23, 0.055)
            case "vp9": (32, 0.05)
            case "av1": (32, 0.04)
            case "mpeg4": (4, 0.15)
            default: (21, 0.08)
            }
        let steps = codec == "vp9" || codec == "av1" ? 10.0 : 6.0
        var guess = pixels * bits
        for _ in 0..<Int(abs((rate.value ?? middle) - middle) / steps) {
            guess *= (rate.value ?? middle) > middle ? 0.5 : 2
        }
        return min(guess, rate.maximum.map(Double.init) ?? .infinity)
    }
}

/// Decodes workers' lines.
let workerDecoder: JSONDecoder = {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return decoder
}()
