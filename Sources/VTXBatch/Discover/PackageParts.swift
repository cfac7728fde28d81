// Files that are parts of packages: what HLS playlists and DASH manifests of a tree name is no source of its own.

import Glibc
import VTXModel
import VTXSystem

/// The files that manifests name, whoever made them.
package struct PackageParts: Sendable {
    private var files: Set<ExactName> = []
    /// With `*` for what a DASH template leaves open.
    private var patterns: Set<Pattern> = []

    private struct Pattern: Hashable, Sendable {
        var folder: String
        var path: String
    }

    /// Nothing is known to be a part.
    package init() {}

    /// Whether nothing is known to be a part.
    package var isEmpty: Bool { files.isEmpty && patterns.isEmpty }

    /// Whether a file is a part of a package.
    ///
    /// - Parameter path: relative to the source directory.
    package func hold(_ path: String) -> Bool {
        files.contains(path)
            || patterns.contains { path.utf8.starts(with: $0.folder.utf8) && fnmatch($0.path, path, FNM_PATHNAME) == 0 }
    }

    /// Whether a file may be a manifest, by its name.
    package static func isNamedLikeManifest(_ name: String) -> Bool {
        [".m3u8", ".m3u", ".mpd"].contains { name.lowercased().hasSuffix($0) }
    }

    /// Adds what a manifest names. A list of files for music players is none: it has no tag of HLS.
    ///
    /// - Parameters:
    ///   - text: what is in it.
    ///   - path: where it is, relative to the source directory.
    package mutating func add(_ text: String, at path: String) {
        let folder = SplitPath(path).folder
        if text.hasPrefix("#EXTM3U"), text.contains("#EXT-X-") {
            for line in text.split(whereSeparator: \.isNewline) {
                if !line.hasPrefix("#") { add(String(line), in: folder) }
                for value in values(of: "URI", in: line) { add(value, in: folder) }
            }
        } else if text.contains("<MPD") {
            addTemplates(of: text, in: folder)
        }
    }

    private mutating func add(_ uri: String, in folder: String) {
        if let path = resolve(uri, in: folder) { files.insert(ExactName(path)) }
    }

    /// Most different base URLs, templates and gaps in a template that are followed: a manifest may be hostile, and
    /// each template is tried below each base, and matched with each file.
    private static let (baseLimit, templateLimit, gapLimit) = (16, 64, 4)

    private mutating func addTemplates(of manifest: String, in folder: String) {
        let bases = manifest.components(between: "<BaseURL", and: "</BaseURL>").compactMap { element in
            element.firstIndex(of: ">").map { element[element.index(after: $0)...].filter { !$0.isWhitespace } }
        }
        for base in bases where !base.hasSuffix("/") { add(base, in: folder) }
        let folders = Set(bases.filter { $0.hasSuffix("/") }).sorted().prefix(Self.baseLimit)
        let names = ["media", "initialization", "sourceURL"].flatMap { values(of: $0, in: manifest[...]) }
        // Names without gaps are files, however many there are.
        for name in names where !name.contains("$") {
            for base in [""] + folders { add(base + name, in: folder) }
        }
        for template in Set(names.filter { $0.contains("$") }).sorted().prefix(Self.templateLimit) {
            for base in [""] + folders { addTemplate(base + template, in: folder) }
        }
    }

    private mutating func addTemplate(_ template: String, in folder: String) {
        guard let path = resolve(template, in: folder) else { return }
        // `$Number%05d$`: every second part stands for something.
        let parts = path.split(separator: "$", omittingEmptySubsequences: false).map(String.init)
        guard parts.count / 2 <= Self.gapLimit else { return }
        let pattern = parts.enumerated().map { $0.offset % 2 == 0 ? escaped($0.element) : "*" }.joined()
        patterns.insert(Pattern(folder: folder.isEmpty ? "" : folder + "/", path: pattern))
    }

    /// The path of a URI; `nil` if it leads to another host or out of the tree.
    private func resolve(_ uri: String, in folder: String) -> String? {
        guard !uri.contains("://"), !uri.hasPrefix("/"), !uri.hasPrefix("data:") else { return nil }
        let name = uri.prefix { $0 != "?" && $0 != "#" }
        var parts = folder.split(separator: "/").map(String.init)
        for part in name.split(separator: "/") where part != "." {
            if part != ".." {
                parts.append(decoded(part))
            } else if parts.popLast() == nil {
                return nil
            }
        }
        return parts.joined(separator: "/")
    }
}

/// The values of an attribute, `NAME="value"`, in the order of the text.
private func values(of name: String, in text: Substring) -> [String] {
    String(text).components(between: "\(name)=\"", and: "\"")
}

extension String {
    /// What is between two marks, each time they come.
    fileprivate func components(between start: String, and end: String) -> [String] {
        var found: [String] = []
        var rest = self[...]
        while let from = rest.range(of: start) {
            rest = rest[from.upperBound...]
            guard let to = rest.range(of: end) else { break }
            found.append(String(rest[..<to.lowerBound]))
            rest = rest[to.upperBound...]
        }
        return found
    }
}

extension Substring {
    fileprivate func range(of text: String) -> Range<Index>? { firstRange(of: text) }
}

/// `a%20b` is `a b`.
private func decoded(_ text: Substring) -> String {
    guard text.contains("%") else { return String(text) }
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
        if byte == UInt8(ascii: "%"), rest.count >= 2,
            let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
        {
            bytes.append(value)
            rest = rest.dropFirst(2)
        } else {
            bytes.append(byte)
        }
    }
    return String(decoding: bytes, as: UTF8.self)
}

/// Text that a pattern takes as it is.
private func escaped(_ text: String) -> String {
    text.reduce(into: "") { $0 += "*?[]\\".contains($1) ? "\\\($1)" : String($1) }
}
