// A package on disk, read by an own small parser: what playlists name, and the media behind it as one file.

import Foundation
import Testing

/// A playlist's tags with their values, and its URIs, in order.
struct HLSPlaylist {
    let path: String
    let lines: [String]

    init(_ path: String) throws {
        self.path = path
        lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init)
    }

    var folder: String { (path as NSString).deletingLastPathComponent }
    var uris: [String] { lines.filter { !$0.hasPrefix("#") } }

    /// What stands after the colon of every `#name:`.
    func values(_ name: String) -> [String] {
        lines.filter { $0.hasPrefix("#\(name):") }.map { String($0.dropFirst(name.count + 2)) }
    }

    func has(_ name: String) -> Bool { lines.contains { $0 == "#\(name)" || $0.hasPrefix("#\(name):") } }

    /// Seconds of each segment.
    var durations: [Double] { values("EXTINF").compactMap { Double($0.prefix { $0 != "," }) } }
    var duration: Double { durations.reduce(0, +) }

    /// The file of the header and of each segment, and the part of it: `nil` for all of it.
    private var parts: [(file: String, range: Range<Int>?)] {
        var parts: [(String, Range<Int>?)] = []
        var span: Range<Int>?
        func range(_ text: String?) -> Range<Int>? {
            let numbers = (text ?? "").split(separator: "@").compactMap { Int($0) }
            return numbers.count == 2 ? numbers[1]..<(numbers[0] + numbers[1]) : nil
        }
        for line in lines {
            if line.hasPrefix("#EXT-X-MAP:") {
                let named = attributes(line)
                parts.append((named["URI"] ?? "", range(named["BYTERANGE"])))
            } else if line.hasPrefix("#EXT-X-BYTERANGE:") {
                span = range(String(line.dropFirst("#EXT-X-BYTERANGE:".count)))
            } else if !line.hasPrefix("#") {
                parts.append((line, span))
                span = nil
            }
        }
        return parts.map { (folder + "/" + $0.0, $0.1) }
    }

    /// Bytes of the header, if there is one, and of each segment.
    func contents() throws -> [Data] {
        try parts.map { file, range in
            let data = try Data(contentsOf: URL(fileURLWithPath: file))
            return range.map { data.subdata(in: $0) } ?? data
        }
    }

    /// Everything in one file, for the oracles.
    func join(to path: String) throws -> String {
        try contents().reduce(into: Data()) { $0 += $1 }.write(to: URL(fileURLWithPath: path))
        return path
    }
}

/// An attribute list, without quotes.
func attributes(_ line: String) -> [String: String] {
    var result: [String: String] = [:]
    var rest = Substring(line.drop { $0 != ":" }.dropFirst())
    while let equals = rest.firstIndex(of: "=") {
        let name = String(rest[..<equals])
        rest = rest[rest.index(after: equals)...]
        let quoted = rest.hasPrefix("\"")
        if quoted { rest = rest.dropFirst() }
        let end = rest.firstIndex(of: quoted ? "\"" : ",") ?? rest.endIndex
        result[name] = String(rest[..<end])
        rest = rest[end...].drop { $0 == "\"" }.drop { $0 == "," }
    }
    return result
}

/// A multivariant playlist and what it names.
struct HLSPackage {
    let folder: String
    let master: HLSPlaylist
    /// Attributes, the URI among them.
    let variants: [[String: String]]
    let renditions: [[String: String]]
    let iFrames: [[String: String]]

    init(_ folder: String) throws {
        self.folder = folder
        master = try HLSPlaylist(folder + "/master.m3u8")
        var variants: [[String: String]] = []
        for (line, uri) in zip(master.lines, master.lines.dropFirst()) where line.hasPrefix("#EXT-X-STREAM-INF:") {
            variants.append(attributes(line).merging(["URI": uri]) { $1 })
        }
        self.variants = variants
        renditions = master.lines.filter { $0.hasPrefix("#EXT-X-MEDIA:") }.map(attributes)
        iFrames = master.lines.filter { $0.hasPrefix("#EXT-X-I-FRAME-STREAM-INF:") }.map(attributes)
    }

    func playlist(_ uri: String?) throws -> HLSPlaylist { try HLSPlaylist(folder + "/" + #require(uri)) }

    /// Sizes in the order of the multivariant playlist.
    var resolutions: [String] { variants.compactMap { $0["RESOLUTION"] } }

    /// Playlists of the picture, largest first.
    func pictures() throws -> [HLSPlaylist] {
        try variants.filter { $0["RESOLUTION"] != nil }
            .sorted { Int($0["BANDWIDTH"]!)! > Int($1["BANDWIDTH"]!)! }.map { try playlist($0["URI"]) }
    }

    func audioRenditions() throws -> [HLSPlaylist] {
        try renditions.filter { $0["TYPE"] == "AUDIO" }.map { try playlist($0["URI"]) }
    }

    func texts() throws -> [HLSPlaylist] {
        try renditions.filter { $0["TYPE"] == "SUBTITLES" }.map { try playlist($0["URI"]) }
    }

    /// Every file in it with its bytes.
    static func contents(_ folder: String) throws -> [String: Data] {
        var files: [String: Data] = [:]
        let names = FileManager.default.enumerator(atPath: folder)?.allObjects as? [String] ?? []
        for name in names {
            var isFolder: ObjCBool = false
            _ = FileManager.default.fileExists(atPath: folder + "/" + name, isDirectory: &isFolder)
            if !isFolder.boolValue { files[name] = try Data(contentsOf: URL(fileURLWithPath: folder + "/" + name)) }
        }
        return files
    }
}

/// The checker of the shared tools, if it is there: `VTX_TOOLS`, or beside the checkout.
let hlsCheck: String? = {
    let folder =
        ProcessInfo.processInfo.environment["VTX_TOOLS"]
        ?? ((fixture("") as NSString).appendingPathComponent("../../shared/tools") as NSString).standardizingPath
    let path = folder + "/hls-check"
    return FileManager.default.isExecutableFile(atPath: path) ? path : nil
}()
