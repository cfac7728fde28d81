// Finds the files below a directory. Nothing is opened but manifests of packages, and no link leads out.

import Glibc
import VTXSystem

/// Walks a source directory.
package struct TreeWalk: Sendable {
    /// Absolute, without links.
    package var root: String
    /// Absolute; the output directory, which is not looked into.
    package var avoided: String
    /// Only files that match any of these; none: all.
    package var include: [Glob] = []
    /// No files or folders that match any of these.
    package var exclude: [Glob] = []
    /// Levels of folders, 1 is the directory itself; `nil`: no limit.
    package var maximumDepth: Int?
    /// Name of job files, which are not media.
    package static let jobFileName = "vtx.yaml"

    /// A walk without patterns; absolute paths.
    package init(root: String, avoided: String) {
        self.root = root
        self.avoided = avoided
    }

    /// Goes through the tree.
    ///
    /// - Parameter folder: where to begin, relative; "" is the root.
    package func run(from folder: String = "") -> Findings {
        var findings = Findings()
        var manifests: [String] = []
        walk(folder, into: &findings, manifests: &manifests)
        let parts = parts(of: manifests)
        let count = findings.candidates.count
        if !parts.isEmpty { findings.candidates.removeAll { parts.hold($0.path) } }
        findings.skipped.packaged += count - findings.candidates.count
        return findings
    }

    /// Most bytes that are read of a manifest.
    private static let manifestLimit = 1 << 22

    private func parts(of manifests: [String]) -> PackageParts {
        var parts = PackageParts()
        for path in manifests {
            guard FileStatus(withoutFollowing: absolute(path))?.kind == .regular,
                let text = readText(absolute(path), limit: Self.manifestLimit)
            else { continue }
            parts.add(text, at: path)
        }
        return parts
    }

    /// Whether a file is a part of a package whose manifest is in its folder or in one above.
    package func isPackaged(_ path: String) -> Bool {
        var manifests: [String] = []
        var folder = path
        while !folder.isEmpty {
            folder = SplitPath(folder).folder
            let found = (names(in: absolute(folder)) ?? []).filter(PackageParts.isNamedLikeManifest)
            manifests += found.map { folder.isEmpty ? $0 : "\(folder)/\($0)" }
        }
        return parts(of: manifests).hold(path)
    }

    private func absolute(_ path: String) -> String { path.isEmpty ? root : "\(root)/\(path)" }

    private func walk(_ folder: String, into findings: inout Findings, manifests: inout [String]) {
        findings.folders.append(folder)
        guard let names = names(in: absolute(folder)) else {
            findings.unreadable.append((folder.isEmpty ? "." : folder, String(cString: strerror(errno))))
            return
        }
        if names.contains(Self.jobFileName) {
            findings.jobFiles.append(folder.isEmpty ? Self.jobFileName : "\(folder)/\(Self.jobFileName)")
        }
        var folders: [String] = []
        for name in names where name != Self.jobFileName {
            let path = folder.isEmpty ? name : "\(folder)/\(name)"
            // Also of manifests that no pattern includes.
            if PackageParts.isNamedLikeManifest(name) { manifests.append(path) }
            switch classify(at: path, name: name) {
            case .file(let candidate): findings.candidates.append(candidate)
            case .folder: folders.append(path)
            case .skipped(let count): findings.skipped[keyPath: count] += 1
            }
        }
        for path in folders { walk(path, into: &findings, manifests: &manifests) }
    }

    private enum Sort {
        case file(Candidate)
        case folder
        case skipped(WritableKeyPath<SkipCounts, Int>)
    }

    /// - Parameter isMedia: `false` for job files, which are not chosen by pattern.
    private func classify(at path: String, name: String, isMedia: Bool = true) -> Sort {
        if name.hasPrefix(".") { return .skipped(\.hidden) }
        if isMedia, exclude.contains(where: { $0.matches(path) }) { return .skipped(\.excluded) }
        guard var status = FileStatus(withoutFollowing: absolute(path)) else { return .skipped(\.special) }
        if status.kind == .link {
            // A link to a file of this tree is a second name for it.
            guard let target = realPath(absolute(path)), target.hasPrefix(root == "/" ? "/" : root + "/"),
                let found = FileStatus(target), found.kind == .regular
            else { return .skipped(\.links) }
            status = found
        }
        switch status.kind {
        case .regular:
            guard !isMedia || include.isEmpty || include.contains(where: { $0.matches(path) }) else {
                return .skipped(\.excluded)
            }
            // Who asks for certain names may ask for these.
            if isMedia, include.isEmpty, isNamedLikeUnfinished(name) { return .skipped(\.unfinished) }
            return .file(Candidate(path: path, identity: status.identity))
        case .directory:
            if absolute(path) == avoided { return .skipped(\.excluded) }
            let depth = path.count { $0 == "/" } + 2
            return maximumDepth.map { depth > $0 } ?? false ? .skipped(\.tooDeep) : .folder
        case .link, .other: return .skipped(\.special)
        }
    }

    /// Why a job file must not be opened: a pipe would never be read to its end, and links do not lead out of the tree.
    func jobFileProblem(_ path: String) -> String? {
        switch classify(at: path, name: Self.jobFileName, isMedia: false) {
        case .file: nil
        case .skipped(\.links): "it is a dangling link, or leads out of the tree"
        case .folder, .skipped: "it is not a file"
        }
    }

    /// Whether a file that has just appeared would be found.
    package func admits(_ path: String) -> Candidate? {
        let parts = path.split(separator: "/").map(String.init)
        guard let name = parts.last, name != Self.jobFileName, !parts.contains(where: { $0.hasPrefix(".") }),
            maximumDepth.map({ parts.count <= $0 }) ?? true
        else { return nil }
        for count in 1..<max(1, parts.count) {
            let folder = parts.prefix(count).joined(separator: "/")
            if absolute(folder) == avoided || exclude.contains(where: { $0.matches(folder) }) { return nil }
        }
        guard case .file(let candidate) = classify(at: path, name: name) else { return nil }
        return candidate
    }

    /// Sorted, so that two walks give the same; `nil` with errno if the folder cannot be read.
    private func names(in folder: String) -> [String]? {
        guard var reader = DirectoryReader(folder) else { return nil }
        var names: [String] = []
        while let name = reader.next() { names.append(name) }
        return names.sorted()
    }
}
