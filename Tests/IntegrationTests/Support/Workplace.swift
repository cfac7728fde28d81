// Where things are, and running vtx on them.

import Foundation
import Testing

private let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

/// A file of Fixtures/.
func fixture(_ name: String) -> String { root.appendingPathComponent("Fixtures/\(name)").path }

/// Real files by other people, if they are there: `VTX_MEDIA`, or the set beside the checkout.
let corpus: String? = {
    let folder =
        ProcessInfo.processInfo.environment["VTX_MEDIA"]
        ?? root.deletingLastPathComponent().appendingPathComponent("shared/media").path
    return FileManager.default.fileExists(atPath: folder) ? folder : nil
}()

/// The binary under test: `VTX_BINARY`, or the one that was built beside the test bundle.
private let vtxPath: String? = {
    if let path = ProcessInfo.processInfo.environment["VTX_BINARY"] {
        return URL(fileURLWithPath: path).path
    }
    let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    for start in [own] + CommandLine.arguments {
        var folder = URL(fileURLWithPath: start).deletingLastPathComponent()
        while folder.path.count > 1 {
            let candidate = folder.appendingPathComponent("vtx").path
            var isFolder: ObjCBool = false
            if FileManager.default.fileExists(atPath: candidate, isDirectory: &isFolder), !isFolder.boolValue,
                FileManager.default.isExecutableFile(atPath: candidate)
            {
                return candidate
            }
            folder.deleteLastPathComponent()
        }
    }
    return nil
}()

func vtxBinary() throws -> String {
    guard let vtxPath else {
        throw ProgramFailure(
            description: "no vtx beside the tests: run `swift build --product vtx`, or set VTX_BINARY")
    }
    return vtxPath
}

func startVTX(_ arguments: [String], in folder: String? = nil, environment: [String: String] = [:]) throws
    -> Program
{
    try Program(try vtxBinary(), arguments, in: folder, environment: environment)
}

/// Runs vtx to its end.
@discardableResult
func vtx(_ arguments: String..., in folder: String? = nil, environment: [String: String] = [:]) throws
    -> ProgramResult
{
    try startVTX(arguments, in: folder, environment: environment).wait(within: 100)
}

/// Transcodes, at the highest speed of the container's usual encoder, and expects success.
@discardableResult
func transcode(
    _ input: String, to output: String, _ options: String..., location: SourceLocation = #_sourceLocation
) throws -> ProgramResult {
    var arguments = ["transcode", input, "-o", output] + options
    let isCopy = zip(options, options.dropFirst()).contains {
        $0 == ("--video", "copy") || $0 == ("--video", "none")
    }
    if !isCopy, !options.contains("--speed") {
        switch URL(fileURLWithPath: output).pathExtension {
        case "mp4", "m4v", "mov", "mkv":
            if !["mpeg4", "vp9", "av1", "ffv1", "prores"].contains(where: options.contains) {
                arguments += ["--speed", "ultrafast"]
            }
        case "webm": arguments += ["--speed", options.contains("av1") ? "12" : "8"]
        default: break
        }
    }
    let result = try startVTX(arguments).wait(within: 100)
    #expect(
        result.status == 0, "\(arguments.joined(separator: " "))\n\(result.summary)", sourceLocation: location
    )
    return result
}

/// A folder of a test's own, removed with it.
final class Folder {
    let path: String

    init() throws {
        path =
            FileManager.default.temporaryDirectory.appendingPathComponent("vtx-test-\(UUID().uuidString)")
            .path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String) -> String { path + "/" + name }

    func write(_ text: String, to name: String) throws -> String {
        try text.write(toFile: file(name), atomically: false, encoding: .utf8)
        return file(name)
    }

    /// Everything in it, hidden files too.
    var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted() }
}

/// One line of `--json`.
typealias JSONLine = [String: Any]

extension ProgramResult {
    /// Standard output as NDJSON; a line that does not parse is a failed expectation.
    func json(location: SourceLocation = #_sourceLocation) -> [JSONLine] {
        output.split(separator: "\n").compactMap { line in
            let value = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? JSONLine
            #expect(value != nil, "no JSON object: \(line)", sourceLocation: location)
            return value
        }
    }
}

extension JSONLine {
    /// The value at `path`, e.g. `media.streams.0.codec`.
    func value<T>(_ path: String, as: T.Type = T.self) -> T? {
        var current: Any? = self
        for part in path.split(separator: ".") {
            if let list = current as? [Any], let index = Int(part) {
                current = list.indices.contains(index) ? list[index] : nil
            } else {
                current = (current as? [String: Any])?[String(part)]
            }
        }
        // Any would also take the optional itself.
        guard let current else { return nil }
        return current as? T
    }

    var type: String? { self["type"] as? String }
}
