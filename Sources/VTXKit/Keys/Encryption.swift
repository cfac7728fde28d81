// The keys of a package: read or made, handed to renditions, and put where they belong when it is published.

import Glibc
import LibAV
import VTXModel
import VTXBitstream
import VTXPackaging
import VTXPipeline
import VTXSystem

/// The encryption of one package. Nothing is written before `publish`.
final class PackageEncryption {
    private let plan: EncryptionPlan
    private let ring: KeyRing
    private let mayReplace: Bool
    private let cleanup: Cleanup
    private var renditions = 0

    /// - Throws: `.noInput` or `.usage` if the key file is missing or holds no key; `.cannotCreate` if there
    ///   are keys already and they may not be replaced.
    init(_ plan: EncryptionPlan, mayReplace: Bool, cleanup: Cleanup) throws(VTXError) {
        self.cleanup = cleanup
        self.plan = plan
        self.mayReplace = mayReplace
        ring = KeyRing(
            key: try plan.keyFile.map { path throws(VTXError) in try readKey(path) },
            iv: plan.iv.flatMap { EncryptionPlan.bytes(ofHex: $0) } ?? randomBytes())
        guard let keys = plan.keysDirectory, !keys.isInsidePackage else { return }
        try checkWritable(keys.path)
        if mayReplace { return }
        for name in ["1", "audio-1"] where FileStatus(keys.file(ofKey: name)) != nil {
            throw keyExists(keys.file(ofKey: name))
        }
    }

    /// Encryptors differ in their vectors by the order of the calls, which should be the same in every run.
    func encryptor(for name: String, isAudio: Bool) throws(VTXError) -> any SegmentEncryptor {
        let rendition = Rendition(index: renditions, name: name, isAudio: isAudio)
        renditions += 1
        switch plan.scheme {
        case .aes128: return WholeSegmentEncryptor(plan: plan, ring: ring, rendition: rendition)
        case .cbcs: return try SampleSegmentEncryptor(plan: plan, ring: ring, rendition: rendition)
        }
    }

    /// Gives keys and package their names: no package without its keys, no key lost to a failure.
    ///
    /// - Parameters:
    ///   - staging: where the package is until then.
    ///   - package: publishes it.
    func publish(
        staging: String, destination: String, _ package: () throws(VTXError) -> Void
    ) throws(VTXError) {
        guard let keys = plan.keysDirectory else { return try package() }
        if keys.isInsidePackage {
            var folder = staging
            for name in keys.path.split(separator: "/") {
                folder += "/\(name)"
                if FileStatus(folder) == nil { try makeDirectory(folder) }
            }
            for (name, key) in ring.keys {
                try writeFile(key, to: "\(staging)/\(keys.file(ofKey: name))", mode: 0o600)
            }
            return try package()
        }
        let isNew = FileStatus(keys.path) == nil
        if isNew { try makeDirectory(keys.path, mode: 0o700) }
        var files: [KeyFile] = []
        do throws(VTXError) {
            // A link can lead into a package that is about to be replaced.
            if let real = realPath(keys.path), let old = realPath(destination), (real + "/").hasPrefix(old + "/") {
                throw VTXError(
                    .usage, "\(keys.path) lies inside \(destination)", remedy: "name another \(.keysDirectory)")
            }
            for (name, key) in ring.keys {
                files.append(try KeyFile(keys.file(ofKey: name), key: key, cleanup: cleanup))
            }
            for index in files.indices { try files[index].publish(mayReplace: mayReplace) }
            try package()
        } catch {
            for file in files { file.undo() }
            if isNew { rmdir(keys.path) }
            throw error
        }
        for file in files { file.forgetOld() }
    }
}

/// The keys and vectors of a package. May be used by all stages.
final class KeyRing: Sendable {
    private let used = Guarded<[String: [UInt8]]>([:])
    private let fixed: [UInt8]?
    private let iv: [UInt8]

    /// - Parameter key: the one key, whatever its name; `nil`: keys are made when they are asked for.
    init(key: [UInt8]?, iv: [UInt8]) {
        fixed = key
        self.iv = iv
    }

    /// Those that were asked for, by name.
    var keys: [(name: String, key: [UInt8])] {
        used.with { $0.sorted { $0.key < $1.key } }.map { ($0.key, $0.value) }
    }

    func cipher(_ name: String) throws(VTXError) -> AESEncryptor {
        let key = used.with { keys in
            if let key = keys[name] { return key }
            let key = fixed ?? randomBytes()
            keys[name] = key
            return key
        }
        do throws(AVFailure) { return try AESEncryptor(key: key) } catch {
            throw VTXError(.internal, "cannot \(error.operation)", cause: error.words)
        }
    }

    /// The first vector plus 2³² for each rendition and 1 for each message: none is used twice with a key.
    func vector(rendition: Int, message: Int) -> [UInt8] {
        var bytes = iv
        var carry = UInt64(rendition) << 32 + UInt64(message)
        for index in bytes.indices.reversed() where carry > 0 {
            carry += UInt64(bytes[index])
            bytes[index] = UInt8(truncatingIfNeeded: carry)
            carry >>= 8
        }
        return bytes
    }
}

/// A key on its way to its place; what stood there is kept until the package is published.
private final class KeyFile {
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

private func keyExists(_ path: String) -> VTXError {
    VTXError(
        .cannotCreate, "\(path) exists", remedy: "pass \(.overwrite) to replace it, or name another \(.keysDirectory)")
}

/// A directory that can be written to, or made: found out before hours of work, not after.
private func checkWritable(_ path: String) throws(VTXError) {
    let existing = FileStatus(path) == nil ? SplitPath(path).directory : path
    guard let status = FileStatus(existing) else {
        throw SystemFailure("create").writing(path)
    }
    if status.kind != .directory { throw SystemFailure("create", errno: ENOTDIR).writing(path) }
    if access(existing, W_OK | X_OK) != 0 { throw SystemFailure("create").writing(path) }
}

/// - Throws: `.noInput` if it cannot be read, `.usage` if it does not hold 16 bytes.
private func readKey(_ path: String) throws(VTXError) -> [UInt8] {
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

/// 16 bytes from the system's generator (getrandom).
private func randomBytes() -> [UInt8] {
    var generator = SystemRandomNumberGenerator()
    return (0..<16).map { _ in generator.next() }
}
