// The encryption of a package: an encryptor for each rendition, and keys published together with the package.

import Glibc
import VTXModel
import VTXSystem

/// The encryption of one package. Nothing is written before `publish`.
final class PackageEncryption {
    private let plan: EncryptionPlan
    private let ring: KeyRing
    private let mayReplace: Bool
    private let cleanup: Cleanup
    private var renditions = 0

    /// - Throws: `.noInput` or `.usage` if the key file is missing or is not a key; `.cannotCreate` if there
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
        let rendition = EncryptedRendition(index: renditions, name: name, isAudio: isAudio)
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

/// A directory that can be written to, or made: found out before hours of work, not after.
private func checkWritable(_ path: String) throws(VTXError) {
    let existing = FileStatus(path) == nil ? SplitPath(path).directory : path
    guard let status = FileStatus(existing) else {
        throw SystemFailure("create").writing(path)
    }
    if status.kind != .directory { throw SystemFailure("create", errno: ENOTDIR).writing(path) }
    if access(existing, W_OK | X_OK) != 0 { throw SystemFailure("create").writing(path) }
}
