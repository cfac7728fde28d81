// Speaker layouts: what a codec makes of them, and how one is mixed down to another.

import VTXModel

extension AudioCodec {
    /// The rate for a source of `rate` Hz: the same or the next higher, so that nothing audible is lost.
    ///
    /// - Parameter possible: the rates to choose from; `nil` for any up to 192,000.
    func sampleRate(for rate: Int, among possible: [Int]?) -> Int {
        if let inner = traits.innerRate { return inner }
        guard let possible else { return min(rate, 192_000) }
        return possible.filter { $0 >= rate }.min() ?? possible.max()!
    }

    /// The layout for a source of `layout` (see `plainLayout`): the same, or the one that loses least.
    func layout(for layout: String) -> String {
        let instead: [String: [String]] = [
            "7.1": ["5.1", "stereo"], "6.1": ["5.1", "stereo"], "5.1": ["stereo"], "5.0": ["5.1", "stereo"],
            "quad": ["5.0", "5.1", "stereo"], "4.0": ["5.0", "5.1", "stereo"], "3.0": ["stereo"],
        ]
        return ([layout] + (instead[layout] ?? [])).first { traits.layouts.contains($0) } ?? "stereo"
    }
}

/// One name for layouts that differ only in where the surround speakers are said to stand, and a guess for
/// those that name no speakers.
func plainLayout(_ layout: String, channels: Int) -> String {
    switch layout {
    case "mono", "stereo", "3.0", "4.0", "quad", "5.0", "5.1", "6.1", "7.1": return layout
    case "downmix", "2.1", "3.0(back)": return "stereo"
    case "5.0(side)": return "5.0"
    case "quad(side)": return "quad"
    case "5.1(side)", "3.1", "4.1": return "5.1"
    case "6.1(back)", "6.1(front)", "hexagonal": return "6.1"
    case "7.1(wide)", "7.1(wide-side)", "7.1(top)", "octagonal", "7.0", "7.0(front)": return "7.1"
    case "6.0", "6.0(front)": return "5.1"
    default:
        switch channels {
        case 1: return "mono"
        case 6: return "5.1"
        case 8: return "7.1"
        default: return "stereo"
        }
    }
}

func channelCount(_ layout: String) -> Int {
    ["mono": 1, "stereo": 2, "3.0": 3, "4.0": 4, "quad": 4, "5.0": 5, "5.1": 6, "6.1": 7, "7.1": 8][layout]
        ?? 2
}

/// A `pan` filter from one layout to one with fewer channels; `nil` where libswresample does it well.
///
/// Weights of ITU-R BS.775: the centre and each surround at −3 dB, the bass channel left out of stereo. They are not
/// divided by their sum, as libswresample does it, because that is what makes dialogue quiet.
func downmix(from source: String, to target: String) -> String? {
    let left: [String: String] = [
        "3.0": "FL+0.707*FC",
        "4.0": "FL+0.707*FC+0.5*BC",
        "5.0": "FL+0.707*FC+0.707*BL",
        "5.1": "FL+0.707*FC+0.707*BL",
        "6.1": "FL+0.707*FC+0.707*SL+0.5*BC",
        "7.1": "FL+0.707*FC+0.5*SL+0.5*BL",
    ]
    let mono: [String: String] = [
        "3.0": "0.5*FL+0.5*FR+0.707*FC",
        "4.0": "0.5*FL+0.5*FR+0.707*FC+0.5*BC",
        "5.0": "0.5*FL+0.5*FR+0.707*FC+0.354*BL+0.354*BR",
        "5.1": "0.5*FL+0.5*FR+0.707*FC+0.354*BL+0.354*BR",
        "6.1": "0.5*FL+0.5*FR+0.707*FC+0.354*SL+0.354*SR+0.5*BC",
        "7.1": "0.5*FL+0.5*FR+0.707*FC+0.25*SL+0.25*SR+0.25*BL+0.25*BR",
    ]
    let same = "pan=5.1|FL=FL|FR=FR|FC=FC|LFE=LFE"
    switch (source, target) {
    case (_, "stereo"):
        guard let left = left[source] else { return nil }
        // The right side is the mirror image: FL, BL, SL become FR, BR, SR.
        let right = ["FL", "BL", "SL"].reduce(left) { text, name in
            replacing(name, with: String(name.first!) + "R", in: text)
        }
        return "pan=stereo|FL=\(left)|FR=\(right)"
    case (_, "mono"): return mono[source].map { "pan=mono|FC=\($0)" }
    case ("7.1", "5.1"): return "\(same)|BL=0.707*BL+0.707*SL|BR=0.707*BR+0.707*SR"
    case ("6.1", "5.1"): return "\(same)|BL=SL+0.707*BC|BR=SR+0.707*BC"
    default: return nil
    }
}

private func replacing(_ word: String, with other: String, in text: String) -> String {
    text.split(separator: word, omittingEmptySubsequences: false).joined(separator: other)
}
