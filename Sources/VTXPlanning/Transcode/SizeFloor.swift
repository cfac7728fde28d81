// The least bits with which video and audio are worth watching and hearing.

package import VTXModel

extension VideoEncodePlan {
    /// Bits per second below which the video looks bad whatever it shows.
    var leastRate: Double { leastVideoRate(pixelRate: pixelRate, codec: codec) }
}

/// Bits per second below which video looks bad whatever it shows.
///
/// Larger frames need fewer bits a pixel: the exponent is what ladders of streaming services have in common. With H.264
/// that is about 120 kb/s for 640x360, 330 for 1280x720 and 610 for 1920x1080 at 25 frames a second; other codecs are
/// counted by what they usually take in comparison.
///
/// - Parameter pixelRate: pixels of a second.
func leastVideoRate(pixelRate: Double, codec: VideoCodec) -> Double {
    let root = pixelRate.squareRoot()
    return root * root.squareRoot() * codec.traits.typicalRate.bitsPerPixel
        / VideoCodec.h264.traits.typicalRate.bitsPerPixel
}

extension AudioEncodePlan {
    /// The lowest bit rate that speech and music stand, in bits per second; `nil` if there is none to choose.
    var leastRate: Int64? {
        guard let rates = codec.traits.bitRates else { return nil }
        let channel: Int64 =
            switch codec {
            case .opus: 16_000
            case .aac: 24_000
            default: 32_000
            }
        return rates(sampleRate, channelCount(layout)).nearest(channel * Int64(channelCount(layout)))
    }

    /// The highest bit rate that the codec has up to `rate`, or its lowest one.
    func fitting(_ rate: Int64) -> Int64? {
        guard let rates = codec.traits.bitRates?(sampleRate, channelCount(layout)) else { return nil }
        return rates.highest(upTo: rate) ?? rates.nearest(rate)
    }
}

extension TranscodePlan {
    /// The plan with another bit rate of the video or, without video, of all audio together.
    ///
    /// - Parameter bitRate: bits per second.
    package func spending(_ bitRate: Int64) -> TranscodePlan {
        var plan = self
        if let rate = video?.encode?.rate {
            plan.video?.encode?.rate = rate.spending(bitRate)
            return plan
        }
        let all = max(1, audioRate)
        for index in audio.indices {
            guard let encode = audio[index].encode, let rate = encode.bitRate else { continue }
            plan.audio[index].encode?.bitRate = encode.fitting(Int64(Double(rate) * Double(bitRate) / Double(all)))
        }
        return plan
    }

    /// What `spending` has set; `nil` if nothing can be set.
    package var spent: Int64? {
        if let video { return video.encode?.rate.spent }
        return audioRate > 0 ? audioRate : nil
    }

    /// The highest bit rate that is of use.
    package var highestUsefulRate: Int64 {
        if let encode = video?.encode { return encode.highestUsefulRate }
        return audio.compactMap { $0.encode?.fitting(.max) }.reduce(0, +)
    }

    /// Bits per second of all audio whose bit rate is chosen.
    private var audioRate: Int64 { audio.compactMap { $0.encode?.bitRate }.reduce(0, +) }
}
