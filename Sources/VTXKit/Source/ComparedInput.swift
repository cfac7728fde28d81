// What is compared: a file, or a rendition of a package.

import LibAV
import VTXModel
import VTXPackaging
import VTXSystem

/// A file, or the segments of a rendition, read as one file.
struct ComparedInput: Hashable, Sendable {
    /// The path, or that of a rendition's playlist.
    var path: String
    /// What it is called in the output.
    var name: String
    /// Of a rendition: its segments.
    var parts: [FilePart]?
    /// Of a rendition: seconds of each segment.
    var segments: [Double] = []

    /// Opens it for reading.
    func open(interrupt: Interrupt) throws(VTXError) -> Demuxer {
        guard let parts else { return try SourceFile.open(path, interrupt: interrupt) }
        return try Demuxer(joining: parts, path: path, interrupt: interrupt)
    }

    /// Every file that is read.
    var files: [String] { Array(Set(parts?.map(\.path) ?? [path])).sorted() }

    /// The inputs that a path stands for: itself, or the renditions with video of a package.
    ///
    /// - Throws: `.noInput`, or `.badMedia` for a playlist whose media cannot be read.
    static func all(at path: String) throws(VTXError) -> [ComparedInput] {
        let isDirectory = FileStatus(path)?.kind == .directory
        guard isDirectory || path.hasSuffix(".m3u8") else {
            return [ComparedInput(path: path, name: path)]
        }
        let folder = path.hasSuffix("/") ? String(path.dropLast()) : path
        let playlist = isDirectory ? "\(folder)/\(PackageLayout.multivariantPlaylist)" : path
        guard isDirectory == false || FileStatus(playlist) != nil else {
            throw VTXError(
                .noInput, "\(path) is a directory without a \(PackageLayout.multivariantPlaylist)",
                remedy: "name a media file, or the directory of a package")
        }
        let text = try text(of: playlist)
        guard let variants = playlistVariants(text) else { throw unreadable(playlist, "it is not an HLS playlist") }
        guard !variants.isEmpty else { return [try rendition(playlist, name: path, text)] }
        let videos = variants.filter { $0.height != nil }
        guard !videos.isEmpty else { throw unreadable(playlist, "it has no variants with video") }
        return try videos.map { variant throws(VTXError) in
            let media = try below(playlist, variant.uri)
            // Its directory is what a rendition is called.
            let place = SplitPath(variant.uri)
            let name = place.folder.isEmpty ? place.stem : SplitPath(place.folder).name
            return try rendition(media, name: name, try Self.text(of: media))
        }
    }

    private static func rendition(_ playlist: String, name: String, _ text: String) throws(VTXError) -> ComparedInput {
        guard let media = playlistMedia(text), !media.parts.isEmpty else {
            throw unreadable(playlist, "it lists no segments")
        }
        if media.isEncrypted {
            throw unreadable(playlist, "its segments are encrypted", "compare the files that the package was made of")
        }
        if media.isDiscontinuous { throw unreadable(playlist, "it has discontinuities") }
        var sizes: [String: Int64] = [:]
        let parts = try media.parts.map { part throws(VTXError) in
            let path = try below(playlist, part.uri)
            if let range = part.range {
                return FilePart(path: path, offset: range.lowerBound, length: range.upperBound - range.lowerBound)
            }
            if sizes[path] == nil {
                guard let status = FileStatus(path) else { throw SystemFailure("open").reading(path) }
                sizes[path] = status.size
            }
            return FilePart(path: path, offset: 0, length: sizes[path] ?? 0)
        }
        return ComparedInput(path: playlist, name: name, parts: parts, segments: media.durations)
    }

    /// A file that a playlist names. Only files of its own directory, and below, are read.
    private static func below(_ playlist: String, _ uri: String) throws(VTXError) -> String {
        let steps = uri.split(separator: "/", omittingEmptySubsequences: false)
        guard !uri.isEmpty, !uri.contains(":"), !uri.hasPrefix("/"), !steps.contains("..") else {
            throw unreadable(playlist, "it refers to '\(uri)', which is not below its directory")
        }
        return SplitPath(playlist).prefix + uri
    }

    private static func text(of playlist: String) throws(VTXError) -> String {
        guard let status = FileStatus(playlist) else { throw SystemFailure("open").reading(playlist) }
        guard status.kind == .regular, status.size <= 8 << 20, let text = readText(playlist, limit: 8 << 20) else {
            throw unreadable(playlist, "it is not a playlist")
        }
        return text
    }

    private static func unreadable(_ playlist: String, _ cause: String, _ remedy: Remedy? = nil) -> VTXError {
        VTXError(.badMedia, "cannot read \(playlist)", cause: cause, remedy: remedy)
    }
}
