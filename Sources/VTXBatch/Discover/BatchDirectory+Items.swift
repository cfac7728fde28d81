// What a batch does on disk for its items, besides running workers.

import Glibc
import VTXModel
import VTXSystem

extension BatchDirectory {
    /// Whether the first bytes of a source are those of media.
    func beginsLikeMedia(_ file: Candidate) -> Bool {
        // Neither a link nor a pipe is followed that may have come meanwhile.
        let descriptor = open("\(source)/\(file.path)", O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 16)
        let count = read(descriptor, &bytes, bytes.count)
        return hasMediaHead(Array(bytes.prefix(max(0, count))))
    }

    /// What identifies an output: of a package, the playlist that is written last.
    func present(_ item: Item) -> FileIdentity? {
        let path = "\(output)/\(item.output)"
        return FileIdentity(item.settings.target == .hls ? "\(path)/master.m3u8" : path)
    }

    /// Hashes the item's plan, and looks at its output.
    func inspect(_ item: Item) -> Inspection {
        var item = item
        item.plan = planHash(item.settings, output: item.output)
        return Inspection(item, present: present(item))
    }

    /// Makes the folder of an output.
    func prepare(_ item: Item) throws(VTXError) {
        try makeDirectories(SplitPath("\(output)/\(item.output)").folder)
    }

    /// Removes unfinished files that a killed worker has left beside an output.
    ///
    /// - Parameter process: the worker; `nil`: of any, which only the owner of the lock may say.
    func removeLeftovers(of item: String, process: pid_t?) {
        VTXBatch.removeLeftovers(of: "\(output)/\(item)", process: process)
    }

    /// Removes folders and those around them as far as they are empty, up to the output directory.
    func removeEmptyFolders(_ folders: [String]) {
        for folder in folders {
            var folder = folder
            while !folder.isEmpty, rmdir("\(output)/\(folder)") == 0 { folder = SplitPath(folder).folder }
        }
    }

    /// Tells thumbnails that exist from those that have to be made.
    func find(_ wanted: [Thumbnail]) -> BatchStateEvent {
        guard (try? makeDirectories(thumbnails)) != nil else { return .foundThumbnails(existing: [:], missing: []) }
        var existing: [ExactName: String] = [:]
        var missing: [ThumbnailTask] = []
        for thumbnail in wanted {
            let image = "\(thumbnails)/\(thumbnail.name).jpg"
            if access(image, R_OK) == 0 {
                existing[thumbnail.output] = image
                continue
            }
            // A package has its video in pieces; its source shows the same.
            let output = "\(output)/\(thumbnail.output)"
            missing.append(
                ThumbnailTask(
                    output: thumbnail.output,
                    source: isDirectory(output) ? "\(source)/\(thumbnail.source)" : output, image: image))
        }
        return .foundThumbnails(existing: existing, missing: missing)
    }
}
