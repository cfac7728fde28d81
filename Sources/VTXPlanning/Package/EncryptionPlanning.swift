// From what was asked about encryption to a plan: where keys come from, where they go, what playlists name.

public import VTXModel

/// Decides where keys come from and go to.
///
/// - Parameters:
///   - options: what is asked for.
///   - output: directory of the package.
///   - segments: their container.
///   - codecs: of the video.
///   - clear: what else is in the package, for the note that it is not encrypted.
/// - Throws: `.usage` for what does not go together.
public func planEncryption(
    _ options: EncryptionOptions, output: String, segments: SegmentType, codecs: [VideoCodec],
    clear: [String] = []
) throws(VTXError) -> (plan: EncryptionPlan, decisions: [Decision]) {
    try checkCombination(options, segments: segments, codecs: codecs)
    let package = components(of: output, from: options.workingDirectory)
    let directory = keysDirectory(options, package: package, output: output)
    let uri = try keyURI(options, directory: directory)

    var plan = EncryptionPlan(scheme: options.scheme, keyURI: uri)
    plan.keyFile = options.keyFile
    plan.rotation = options.rotation
    plan.iv = options.iv
    plan.keyID = options.keyID
    plan.keysDirectory = directory
    plan.keyFormat = options.keyFormat == "identity" ? nil : options.keyFormat
    var decisions: [Decision] = []
    func decide(_ decision: EncryptionDecision) { decisions.append(.encryption(decision)) }
    if options.keyFormat == nil, uri.lowercased().hasPrefix("skd:") {
        plan.keyFormat = fairPlay
        decide(.keyFormat(fairPlay))
    }
    if plan.keyFormat == fairPlay { plan.keyFormatVersions = "1" }
    if let directory {
        decide(directory.isInsidePackage ? .keysInPackage : .keysOutside(directory.path))
    }
    if plan.keyID != nil, plan.hasNamedKeys, plan.keyFile == nil {
        throw VTXError(
            .usage, "\(.keyID) names one key, and {n} in the URI makes several", remedy: "leave out one of them")
    }
    if !clear.isEmpty {
        decide(.clear(clear))
    }
    return (plan, decisions)
}

private let fairPlay = "com.apple.streamingkeydelivery"

private func checkCombination(
    _ options: EncryptionOptions, segments: SegmentType, codecs: [VideoCodec]
) throws(VTXError) {
    if options.scheme == .cbcs {
        if segments == .ts {
            throw VTXError(
                .usage, "cbcs is not supported in transport streams",
                remedy: "use \(.segmentType) fmp4, or \(.encryption) aes-128")
        }
        if let other = codecs.first(where: { !$0.traits.hasSampleEncryption }) {
            throw VTXError(
                .usage, "\(other.rawValue) is not encrypted with cbcs",
                remedy: "use \(.encryption) aes-128, or H.264 or HEVC")
        }
        if options.rotation != nil {
            throw VTXError(.usage, "keys are rotated with aes-128 only", remedy: .leaveOut(.keyRotation))
        }
    } else {
        if options.keyFormat.map({ $0 != "identity" }) ?? false {
            throw VTXError(
                .usage, "aes-128 has no other key format than identity", remedy: .set(.encryption, to: "cbcs"))
        }
        if options.keyID != nil {
            throw VTXError(.usage, "\(.keyID) belongs to cbcs", remedy: "leave it out, or use \(.encryption) cbcs")
        }
    }
    if let rotation = options.rotation {
        guard rotation > 0 else { throw VTXError(.usage, "\(.keyRotation) is 1 or more") }
        if options.keyFile != nil {
            throw VTXError(
                .usage, "\(.keyFile) holds one key, and \(.keyRotation) needs several",
                remedy: "leave out \(.keyFile): keys are made")
        }
    }
    for (setting, text) in [(Setting.initializationVector, options.iv), (.keyID, options.keyID)] {
        if let text, EncryptionPlan.bytes(ofHex: text) == nil {
            throw VTXError(.usage, "invalid value '\(text)' of \(setting)", remedy: "write 32 hexadecimal digits")
        }
    }
    if let format = options.keyFormat, format.isEmpty || format.contains("\"") || !isPrintable(format) {
        throw VTXError(.usage, "'\(format)' is not a key format")
    }
}

/// Beside the package unless told otherwise; nowhere if the user has the key already.
private func keysDirectory(
    _ options: EncryptionOptions, package: [String], output: String
) -> EncryptionPlan.KeysDirectory? {
    guard let asked = options.keysDirectory else {
        guard options.keyFile == nil else { return nil }
        var base = output
        while base.count > 1, base.hasSuffix("/") { base.removeLast() }
        // `.` and `..` have no name to add to.
        if base.split(separator: "/").last.map({ $0 == "." || $0 == ".." }) ?? true {
            base = "/" + package.joined(separator: "/")
        }
        return EncryptionPlan.KeysDirectory(
            path: base + ".keys", isInsidePackage: false, fileName: outsideName(package))
    }
    let path = components(of: asked, from: options.workingDirectory)
    if path.starts(with: package) {
        return EncryptionPlan.KeysDirectory(
            path: path.dropFirst(package.count).joined(separator: "/"), isInsidePackage: true,
            fileName: "key-{n}.key")
    }
    return EncryptionPlan.KeysDirectory(path: asked, isInsidePackage: false, fileName: outsideName(package))
}

/// Several packages may keep their keys in one directory.
private func outsideName(_ package: [String]) -> String { "\(package.last ?? "package")-{n}.key" }

private func keyURI(
    _ options: EncryptionOptions, directory: EncryptionPlan.KeysDirectory?
) throws(VTXError) -> String {
    guard let uri = options.keyURI else {
        guard let directory, directory.isInsidePackage else {
            throw VTXError(
                .usage, "\(.encryption) needs \(.keyURI): where players get the key",
                remedy: "give its URI, or publish the key with the package: \(.keysDirectory) DIR/keys")
        }
        let path = (directory.path.isEmpty ? "" : directory.path + "/") + directory.fileName
        // The braces of {n} are no characters of a URI, which encodes all others.
        return path.split(separator: "{n}", omittingEmptySubsequences: false).map { percentEncoded($0) }
            .joined(separator: "{n}")
    }
    let plain = uri.split(separator: "{n}", omittingEmptySubsequences: false).joined()
    guard !plain.isEmpty, isPrintable(plain), !plain.contains(where: { " \"<>\\^`{|}".contains($0) }),
        !uri.hasPrefix("#")
    else {
        throw VTXError(.usage, "'\(uri)' is not a URI", remedy: "percent-encode what a URI cannot hold")
    }
    if options.rotation != nil, plain == uri {
        throw VTXError(
            .usage, "with \(.keyRotation) every key needs a separate URI",
            remedy: "write {n} where the name of the key belongs, e.g. https://example.com/key-{n}")
    }
    return uri
}

private func isPrintable(_ text: String) -> Bool {
    text.unicodeScalars.allSatisfy { (0x20...0x7E).contains($0.value) }
}

private func percentEncoded(_ path: Substring) -> String {
    var result = ""
    for byte in path.utf8 {
        let scalar = Unicode.Scalar(byte)
        if byte < 0x80,
            scalar.properties.isAlphabetic || (48...57).contains(byte) || "-._~/".unicodeScalars.contains(scalar)
        {
            result.unicodeScalars.append(scalar)
        } else {
            let digits = String(byte, radix: 16, uppercase: true)
            result += "%" + (digits.count == 1 ? "0" : "") + digits
        }
    }
    return result
}

/// Names from the root on, without `.` and `..`.
private func components(of path: String, from base: String) -> [String] {
    var names: [String] = []
    for name in (path.hasPrefix("/") ? path : base + "/" + path).split(separator: "/") {
        switch name {
        case ".": break
        case "..": _ = names.popLast()
        default: names.append(String(name))
        }
    }
    return names
}
