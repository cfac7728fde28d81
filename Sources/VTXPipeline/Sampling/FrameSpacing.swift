// How far apart frames are.

/// Distances of neighbouring frames, from timestamps in decoding order.
struct FrameSpacing {
    private var window: [Int64] = []
    private var last: Int64?
    var shortest: Int64?
    var longest: Int64?

    mutating func add(_ time: Int64) {
        window.insert(time, at: window.firstIndex { $0 > time } ?? window.endIndex)
        if window.count > 32 { take(window.removeFirst()) }
    }

    mutating func finish() {
        for time in window { take(time) }
        window = []
    }

    private mutating func take(_ time: Int64) {
        if let last, time > last {
            shortest = min(shortest ?? .max, time - last)
            longest = max(longest ?? .min, time - last)
        }
        last = max(last ?? time, time)
    }
}
