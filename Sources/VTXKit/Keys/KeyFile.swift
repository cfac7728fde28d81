// A key on disk: read from where the user keeps it, written so that nothing is lost if the package fails.

import Glibc
import VTXModel
import VTXSystem

/// A key on its way to its place; what was there is kept until the package is published.
final class KeyFile {
    private let path: String
    private let temporary: String
    private let cleanup: Cleanup
    private enum State { case waiting, new, exchanged, done }
    private var state = State.waiting

    init(_ path: String, key: [UInt8], cleanup: Cleanup) throws(VTXError) {
        self.cleanup = cleanup
        self.path = path
        temporary = unfinishedName(of: path)
        unlink(temporary)
        cleanup.add(temporary)
        do { try writeFile(key, to: temporary, mode: 0o600) } catch {
            discard()
            throw error
        }
    }

    func publish(mayReplace: Bool) throws(VTXError) {
        if link(temporary, path) == 0 {
            unlink(temporary)
            state = .new
        } else if FileStatus(path) == nil {
            // A file system without links.
            try renameFile(temporary, to: path)
            state = .new
        } else {
            guard mayReplace else { throw keyExists(path) }
            let code = exchangePaths(temporary, path)
            guard code == 0 else { throw SystemFailure("replace", errno: code).writing(path) }
            state = .exchanged
            // From here on it is the old key: not to be removed when the process has to end.
            cleanup.remove(temporary)
        }
    }

    func undo() {
        switch state {
        case .waiting: break
        case .new: unlink(path)
        case .exchanged: guard exchangePaths(temporary, path) == 0 else { return }
        case .done: return
        }
        discard()
    }

    func forgetOld() {
        discard()
        state = .done
    }

    private func discard() {
        unlink(temporary)
        cleanup.remove(temporary)
    }
}

func keyExists(_ path: String) -> VTXError {
    VTXError(
        .cannotCreate, "\(path) exists", remedy: "pass \(.overwrite) to replace it, or name another \(.keysDirectory)")
}

/// - Throws: `.noInput` if it cannot be read, `.usage` if it does not hold 16 bytes.
func readKey(_ path: String) throws(VTXError) -> [UInt8] {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw SystemFailure("open").reading(path) }
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: 64)
    var count = 0
    while count < bytes.count {
        let more = bytes.withUnsafeMutableBytes { read(file, $0.baseAddress! + count, $0.count - count) }
        if more < 0, errno == EINTR { continue }
        if more < 0 { throw SystemFailure("read").reading(path, kind: .noInput) }
        if more == 0 { break }
        count += more
    }
    guard count == 16 else {
        let isText = (32...34).contains(count) && bytes[..<32].allSatisfy { Character(Unicode.Scalar($0)).isHexDigit }
        throw VTXError(
            .usage, "the key file \(path) holds \(count < bytes.count ? "\(count)" : "64 or more") bytes instead of 16",
            remedy: isText
                ? "it is text: turn it into bytes with `xxd -r -p`" : "make one with `openssl rand -out FILE 16`")
    }
    return Array(bytes[..<16])
}
