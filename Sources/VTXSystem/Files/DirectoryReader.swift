// What is in a directory, name by name.

import Glibc
import VTXModel

/// An open directory that is gone through once.
package struct DirectoryReader: ~Copyable {
    private let stream: OpaquePointer

    /// Opens a directory; `nil`, with errno set, if that is not possible.
    package init?(_ path: String) {
        guard let stream = opendir(path) else { return nil }
        self.stream = stream
    }

    /// Goes through the directory that a descriptor stands for; the descriptor stays open.
    ///
    /// - Returns: `nil`, with errno set, if it is none.
    package init?(descriptor: Int32) {
        let copy = openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard copy >= 0 else { return nil }
        guard let stream = fdopendir(copy) else {
            close(copy)
            return nil
        }
        self.stream = stream
    }

    deinit { closedir(stream) }

    /// The next name, without `.` and `..`, in the order of the file system; `nil` at the end.
    package mutating func next() -> String? {
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cName: $0) }
            }
            if name != ".", name != ".." { return name }
        }
        return nil
    }
}

/// Names in a directory, without `.` and `..`, in no particular order; empty if it cannot be read.
package func entries(of directory: String) -> [String] {
    guard var reader = DirectoryReader(directory) else { return [] }
    var names: [String] = []
    while let name = reader.next() { names.append(name) }
    return names
}
