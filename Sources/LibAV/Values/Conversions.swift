// Between libav's plain values and ours.

import CLibAV
import VTXModel
import VTXSystem

/// Width over height of a pixel; `nil` for what is unknown or nonsense.
func pixelShape(_ value: AVRational) -> Rational? {
    Rational(value).flatMap { (0.05...20).contains($0.value) ? $0 : nil }
}

extension Rational {
    /// `nil` for libav's "unknown", 0/x or x/0.
    init?(_ value: AVRational) {
        guard value.den != 0, value.num != 0 else { return nil }
        self.init(Int64(value.num), Int64(value.den))
    }

    /// The nearest fraction that fits libav's 32 bits.
    var av: AVRational {
        if let n = Int32(exactly: numerator), let d = Int32(exactly: denominator) {
            return AVRational(num: n, den: d)
        }
        var (n, d): (Int32, Int32) = (0, 1)
        av_reduce(&n, &d, numerator, denominator, Int64(Int32.max))
        return AVRational(num: n, den: d)
    }
}

/// Our value of a libav timestamp; `nil` for AV_NOPTS_VALUE.
func known(_ timestamp: Int64) -> Int64? { timestamp == vtx_no_timestamp ? nil : timestamp }

/// The most ticks of `base` that a time in a file may have: 10⁹ seconds, or 31 years.
func plausibleTicks(_ base: AVRational) -> UInt64 {
    base.num > 0 && base.den > 0 ? 1_000_000_000 * UInt64(base.den) / UInt64(base.num) : 1_000_000_000
}

/// The same as a value, `nil` if it is unknown or implausible.
func time(_ ticks: Int64, _ base: AVRational) -> MediaTime? {
    guard let ticks = known(ticks), ticks.magnitude <= plausibleTicks(base), let unit = Rational(base) else {
        return nil
    }
    return MediaTime(ticks, unit)
}

func string(_ text: UnsafePointer<CChar>?) -> String? { text.map { String(cString: $0) } }

/// Owner of an AVDictionary.
struct Options: ~Copyable {
    var pointer: OpaquePointer?

    init(_ values: [String: String] = [:]) {
        for (key, value) in values.sorted(by: { $0.key < $1.key }) { set(key, value) }
    }

    /// - Parameter value: may be the name of a file.
    mutating func set(_ key: String, _ value: String) { _ = value.withCName { av_dict_set(&pointer, key, $0, 0) } }

    var values: [String: String] { entries(of: pointer) }

    /// The dictionary for a C structure that frees it itself.
    consuming func release() -> OpaquePointer? {
        let released = pointer
        pointer = nil
        return released
    }

    deinit {
        var pointer = pointer
        av_dict_free(&pointer)
    }
}

/// - Parameter encoding: of values that are not UTF-8.
func entries(of dictionary: OpaquePointer?, encoding: TextEncoding? = nil) -> [String: String] {
    var result: [String: String] = [:]
    var entry: UnsafePointer<AVDictionaryEntry>?
    while let next = av_dict_get(dictionary, "", entry, AV_DICT_IGNORE_SUFFIX) {
        if let key = string(next.pointee.key), let text = next.pointee.value {
            let value = tagValue(text, encoding: encoding)
            // Text of damaged files may be anything; control characters would spoil a terminal.
            result[key] = String(
                value.unicodeScalars.filter {
                    $0.value >= 32 && !(0x7F...0x9F).contains($0.value) || $0 == "\n" || $0 == "\t"
                })
        }
        entry = UnsafePointer(next)
    }
    return result
}

enum PixelFormat {
    static func named(_ name: String) throws(AVFailure) -> AVPixelFormat {
        let format = av_get_pix_fmt(name)
        if format == AV_PIX_FMT_NONE { throw AVFailure("find pixel format '\(name)'", vtx_error_from_errno(22)) }
        return format
    }

    static func name(_ format: AVPixelFormat) -> String { string(av_get_pix_fmt_name(format)) ?? "unknown" }
}

/// Writes `layout`'s name into a new AVChannelLayout, to be uninitialised by the caller.
func channelLayout(named name: String) throws(AVFailure) -> AVChannelLayout {
    var layout = AVChannelLayout()
    try check(av_channel_layout_from_string(&layout, name), "find channel layout '\(name)'")
    return layout
}

func describe(_ layout: AVChannelLayout) -> String {
    var layout = layout
    return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
        av_channel_layout_describe(&layout, buffer.baseAddress!, buffer.count) < 0
            ? "unknown" : String(cString: buffer.baseAddress!)
    }
}
