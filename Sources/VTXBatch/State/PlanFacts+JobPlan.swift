// What a batch reads out of the plan of a worker.

package import VTXKit
import VTXModel

extension JobPlan {
    /// The plan in short. Packages of existing renditions, extracts and joins, which no batch makes, have neither video nor audio in it.
    ///
    /// - Parameters:
    ///   - source: what is known of the source, for tracks that are copied.
    ///   - bytes: size of the source.
    package func facts(source: MediaFacts?, bytes: Int64) -> PlanFacts {
        let duration = expectedDuration?.roundedSeconds ?? source?.duration
        let rates = videos.map(\.estimatedBitRate) + audio.map { Double($0?.bitRate ?? 0) }
        var total = rates.reduce(0, +)
        // A copied track is about as large as it was.
        if isVideoCopied, let duration { total += Double(bytes) * 8 / max(duration, 0.001) }
        let names = Set(audio.map { $0?.codec.rawValue ?? "copied" }).sorted().joined(separator: ", ")
        let parts = [videoSummary, audio.isEmpty ? nil : "\(audio.count) × \(names)"].compactMap { $0 }
        return PlanFacts(
            summary: parts.joined(separator: ", "), width: videos.first?.size.width, height: videos.first?.size.height,
            codec: videos.first?.codec.rawValue, duration: duration,
            estimatedSize: duration.map { Int64($0 * total / 8) })
    }

    /// Largest first.
    private var videos: [VideoEncodePlan] {
        switch self {
        case .transcode(let plan): [plan.video?.encode].compactMap { $0 }
        case .ladder(let plan): plan.video?.rungs.map(\.encode) ?? []
        case .package, .extract, .join, .compare: []
        }
    }

    /// `nil` for tracks that are copied.
    private var audio: [AudioEncodePlan?] {
        switch self {
        case .transcode(let plan): plan.audio.map(\.encode)
        case .ladder(let plan): plan.audio.map(\.track.encode)
        case .package, .extract, .join, .compare: []
        }
    }

    private var expectedDuration: MediaTime? {
        switch self {
        case .transcode(let plan): plan.expectedDuration
        case .ladder(let plan): plan.expectedDuration
        case .package(let plan): plan.duration
        case .extract, .compare: nil
        case .join(let plan): plan.duration
        }
    }

    private var isVideoCopied: Bool {
        if case .transcode(let plan) = self, let video = plan.video { video.encode == nil } else { false }
    }

    /// `h264 1280x720`, `720p 480p`; `nil` without video.
    private var videoSummary: String? {
        switch self {
        case .ladder(let plan): plan.video.map { $0.rungs.map(\.name).joined(separator: " ") }
        case .transcode(let plan):
            plan.video.map { video in
                video.encode.map { "\($0.codec.rawValue) \($0.size.width)x\($0.size.height)" } ?? "video copied"
            }
        case .package, .extract, .join, .compare: nil
        }
    }
}

extension VideoEncodePlan {
    /// Bits per second of the video: what is asked for, or what the codec usually takes.
    fileprivate var estimatedBitRate: Double {
        let pixels = Double(size.width * size.height) * min(frameRate.value, 60)
        let typical = { codec.traits.typicalRate.bitRate(pixels: pixels, quality: $0) }
        return switch rate {
        case .average(let bitRate, _, _): Double(bitRate)
        case .constantQuality(let crf): typical(crf)
        case .capped(let crf, let maximum, _): min(typical(crf), Double(maximum))
        case .quantizer(let value): typical(Double(value))
        case .lossless, .profile: typical(nil)
        }
    }
}
