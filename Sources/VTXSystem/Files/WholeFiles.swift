// Files that are read and written as a whole.

import Glibc
package import VTXModel

/// All of a small file; `nil` if it cannot be read.
///
/// - Parameter limit: bytes after which the rest is left.
package func readFile(_ path: String, limit: Int = .max) -> [UInt8]? {
    try? File(path, for: .reading).readAll(limit: limit)
}

/// A small text file, with U+FFFD for what is not UTF-8; `nil` if it cannot be read.
///
/// - Parameter limit: bytes after which the rest is left.
package func readText(_ path: String, limit: Int = 1 << 20) -> String? {
    readFile(path, limit: limit).map { String(decoding: $0, as: UTF8.self) }
}

/// Writes a whole file under its own name. A failure leaves part of it behind.
///
/// - Parameters:
///   - mode: permissions of a new file, before the process's mask.
///   - appending: adds to the end of a file that is there.
/// - Throws: `.inputOutput` (disk full) or `.cannotCreate`, naming `path`.
package func writeFile(
    _ bytes: [UInt8], to path: String, mode: UInt32 = 0o666, appending: Bool = false
) throws(VTXError) {
    let file = try File(path, for: appending ? .appending : .writing, mode: mode)
    try file.write(bytes)
    try file.close()
}

/// Writes a file that has its name only when it is whole; what had that name before stays until then.
///
/// - Parameters:
///   - temporary: its name until then, in the same file system; without it, the name of an unfinished output.
///   - isLasting: whether the bytes are on the disk before the file gets its name.
/// - Throws: `.inputOutput` (disk full) or `.cannotCreate`, naming `path`. Nothing is left under the temporary name.
package func replaceFile(
    _ bytes: [UInt8], at path: String, mode: UInt32 = 0o666, temporary: String? = nil, isLasting: Bool = false
) throws(VTXError) {
    let temporary = temporary ?? unfinishedName(of: path)
    do throws(VTXError) {
        let file = try File(temporary, for: .writing, mode: mode, shownAs: path)
        try file.write(bytes)
        if isLasting { try file.synchronize() }
        try file.close()
        try renameFile(temporary, to: path)
    } catch {
        unlink(temporary)
        throw error
    }
}

/// Gives a file or directory another name in the same file system, in place of a file that has it.
///
/// - Throws: as `SystemFailure.writing`, naming `path`.
package func renameFile(_ old: String, to path: String) throws(VTXError) {
    guard rename(old, path) == 0 else { throw SystemFailure("rename").writing(path) }
}
