// How much of the machine a hostile file may take: limits of the whole process, as the sandbox is one.

import CLibAV
import Glibc
import Synchronization

/// Set once, before any file is opened.
package enum ProcessLimits {
    /// Two frames of 15360x8640, the largest usual frame size, are 400 MB.
    package static let usualPixels = 15_360 * 8640

    private static let pixels = Atomic(usualPixels)

    /// Most pixels of a frame that is decoded.
    static var maximumPixels: Int64 { Int64(pixels.load(ordering: .relaxed)) }

    /// - Parameters:
    ///   - pixels: of a frame; larger ones are an error of the decoder.
    ///   - allocation: bytes that libav may take at once.
    package static func set(pixels: Int? = nil, allocation: Int? = nil) {
        if let pixels { Self.pixels.store(pixels, ordering: .relaxed) }
        if let allocation { av_max_alloc(allocation) }
    }

    /// Bytes of memory that the process holds at the moment; `nil` if the system does not tell.
    package static var residentBytes: Int? {
        var text = [CChar](repeating: 0, count: 128)
        guard let file = fopen("/proc/self/statm", "r") else { return nil }
        defer { fclose(file) }
        guard fgets(&text, Int32(text.count), file) != nil else { return nil }
        // Size and resident size in pages.
        let fields = String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
            .split(separator: " ")
        return fields.count > 1 ? Int(fields[1]).map { $0 * Int(sysconf(Int32(_SC_PAGESIZE))) } : nil
    }
}
