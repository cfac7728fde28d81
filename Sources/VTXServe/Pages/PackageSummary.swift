// What a package says of itself in its playlists, for the index page.

/// One package below the served directory.
struct PackageSummary: Hashable, Sendable {
    /// From the directory that the index is of.
    var path: [String]
    /// Seconds; `nil` if the playlist could not be read.
    var duration: Double?
    /// `1080p` and the like, largest first; `audio` for variants without video.
    var rungs: [String]
    /// Bits per second of the smallest and the largest variant.
    var bandwidth: ClosedRange<Int>?
    var hasPoster: Bool
}

/// The little of HLS that the index needs.
enum PlaylistReading {
    struct Variant: Hashable, Sendable {
        var uri: String
        var bandwidth: Int
        /// The short side, in pixels.
        var height: Int?
    }

    static func variants(of multivariant: String) -> [Variant] {
        var variants: [Variant] = []
        var pending: Substring?
        for line in multivariant.split(whereSeparator: \.isNewline) {
            if line.hasPrefix("#EXT-X-STREAM-INF:") {
                pending = line
            } else if !line.hasPrefix("#"), let attributes = pending {
                let sides = (value("RESOLUTION", in: attributes) ?? "").split(separator: "x").compactMap { Int($0) }
                variants.append(
                    Variant(
                        uri: String(line), bandwidth: value("BANDWIDTH", in: attributes).flatMap { Int($0) } ?? 0,
                        height: sides.count == 2 ? sides.min() : nil))
                pending = nil
            }
        }
        return variants
    }

    /// Seconds of a media playlist.
    static func duration(of media: String) -> Double {
        media.split(whereSeparator: \.isNewline).reduce(0) { sum, line in
            guard line.hasPrefix("#EXTINF:") else { return sum }
            let seconds = Double(line.dropFirst(8).prefix { $0 != "," }) ?? 0
            // `nan` and `inf` are numbers to Swift.
            return seconds.isFinite && seconds > 0 ? sum + seconds : sum
        }
    }

    /// An attribute that is no quoted string.
    private static func value(_ name: String, in line: Substring) -> Substring? {
        var isQuoted = false
        let list = line[(line.firstIndex(of: ":") ?? line.startIndex)...].dropFirst()
        let attributes = list.split { character in
            if character == "\"" { isQuoted.toggle() }
            return character == "," && !isQuoted
        }
        return attributes.first { $0.hasPrefix(name + "=") }?.dropFirst(name.count + 1)
    }
}

extension ServedTree {
    static var multivariantName: String { "master.m3u8" }

    /// Largest playlist that is read.
    private static var playlistLimit: Int { 8 << 20 }

    func isPackage(_ names: [String]) -> Bool { hasFile(names + [Self.multivariantName]) }

    /// All packages below a directory, by path; none inside of packages. Blocks.
    func packages(below names: [String]) -> [PackageSummary] {
        var found: [PackageSummary] = []
        var waiting: [[String]] = [[]]
        var looked = 0
        // Wide before deep, and bounded: a home directory served by mistake must not take forever.
        while !waiting.isEmpty, looked < 5000, found.count < 1000 {
            let path = waiting.removeFirst()
            looked += 1
            if !path.isEmpty, isPackage(names + path) {
                found.append(summary(of: names, path))
            } else if path.count < 8, let directory = open(names + path), directory.isDirectory {
                for name in directory.names(limit: 5000) where open(names + path + [name])?.isDirectory == true {
                    waiting.append(path + [name])
                }
            }
        }
        return found.sorted { $0.path.joined(separator: "/") < $1.path.joined(separator: "/") }
    }

    private func summary(of names: [String], _ path: [String]) -> PackageSummary {
        let folder = names + path
        let master = text(folder + [Self.multivariantName], limit: Self.playlistLimit) ?? ""
        let variants = PlaylistReading.variants(of: master)
        var rungs: [String] = []
        for variant in variants.sorted(by: { ($0.height ?? 0, $0.bandwidth) > ($1.height ?? 0, $1.bandwidth) }) {
            let name = variant.height.map { "\($0)p" } ?? "audio"
            if !rungs.contains(name) { rungs.append(name) }
        }
        var duration: Double?
        if let uri = variants.first?.uri, let media = try? RequestPath(parsing: "/" + uri),
            let playlist = text(folder + media.names, limit: Self.playlistLimit)
        {
            duration = PlaylistReading.duration(of: playlist)
        }
        let rates = variants.map(\.bandwidth).sorted()
        return PackageSummary(
            path: path, duration: duration, rungs: rungs, bandwidth: rates.first.map { $0...(rates.last ?? $0) },
            hasPoster: hasFile(folder + ["poster.jpg"]))
    }
}
