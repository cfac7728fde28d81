// Files that have no name: they are gone with their last user, however that ends.

import CLinux
import Glibc
package import VTXModel

/// The directory for temporary files: `TMPDIR`, or `/tmp`.
package var temporaryDirectory: String {
    guard let name = getenv("TMPDIR").map({ String(cName: $0) }), !name.isEmpty else { return "/tmp" }
    return name
}

/// Opens a new file without a name, for reading and writing.
///
/// - Returns: its descriptor, which programs do not inherit.
/// - Throws: `.cannotCreate` or `.inputOutput`, naming the directory for temporary files.
package func openNamelessFile() throws(VTXError) -> Int32 {
    let descriptor = temporaryDirectory.withCName { vtx_nameless_file($0) }
    guard descriptor >= 0 else {
        var error = SystemFailure("create", errno: -descriptor).writing("a temporary file in \(temporaryDirectory)")
        error.remedy = "set TMPDIR to a directory that can be written to"
        throw error
    }
    return descriptor
}
