// The options of `vtx batch`, by subject. Those of the command that it runs for each file are that command's own.

import ArgumentParser
import Glibc
import VTXBatch
import VTXModel
import VTXSystem

struct SelectionArguments: ParsableArguments {
    @Option(help: ArgumentHelp("Include only files that match, by name or path; may be repeated.", valueName: "glob"))
    var include: [String] = []

    @Option(help: ArgumentHelp("Exclude matching files and folders; may be repeated.", valueName: "glob"))
    var exclude: [String] = []

    @Option(help: ArgumentHelp("Maximum directory depth; 1 is SOURCE_DIR itself.", valueName: "n"))
    var maxDepth: Int?

    func validate() throws {
        if let maxDepth, maxDepth < 1 { throw ValidationError("--max-depth must be at least 1") }
    }
}

struct BudgetArguments: ParsableArguments {
    @Option(help: ArgumentHelp("Number of files processed in parallel; auto: the number of cores.", valueName: "n"))
    var jobs: JobCount = .automatic

    @Option(
        help: ArgumentHelp(
            "Memory for all of them, e.g. 2G; auto: three quarters of the free memory.", valueName: "bytes")
    )
    var memory: MemorySize = .automatic

    @Option(help: ArgumentHelp("Niceness of the workers, 0 to 19.", valueName: "n"))
    var nice = 0

    func validate() throws {
        if !(0...19).contains(nice) { throw ValidationError("--nice must be from 0 to 19") }
    }
}

struct AnswerArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp("Write an HTML report with table, thumbnails and charts.", valueName: "file.html"),
        completion: .file(extensions: ["html"]))
    var report: String?

    @Option(
        help: ArgumentHelp(
            "POST a JSON message, signed with HMAC-SHA256, to this URL for each finished file.", valueName: "url"))
    var notify: String?

    @Option(
        help: ArgumentHelp(
            "File with the signing key (default: the environment variable VTX_NOTIFY_SECRET).",
            valueName: "file"), completion: .file())
    var notifySecret: String?

    @Option(help: ArgumentHelp("Serve Prometheus metrics at 127.0.0.1:PORT/metrics.", valueName: "port"))
    var metrics: Int?

    @Option(
        help: ArgumentHelp(
            "Shell command to run for each finished file; gets VTX_RESULT, VTX_SOURCE, VTX_OUTPUT and VTX_REASON.",
            valueName: "command"))
    var exec: String?

    func validate() throws {
        if let metrics, !(1...65535).contains(metrics) { throw ValidationError("--metrics must be from 1 to 65535") }
        if notifySecret != nil, notify == nil { throw ValidationError("--notify-secret requires --notify") }
    }

    static let secretVariable = "VTX_NOTIFY_SECRET"

    /// The signing key; it is removed from the environment of programs that are started later.
    ///
    /// - Throws: `.usage` if there is none, `.noInput` if its file cannot be read.
    func secret() throws(VTXError) -> String {
        var text = getenv(Self.secretVariable).map { String(cString: $0) } ?? ""
        unsetenv(Self.secretVariable)
        if let notifySecret {
            guard let contents = readText(notifySecret) else {
                throw VTXError(.noInput, "cannot read \(notifySecret)", cause: SystemFailure("read").words)
            }
            text = contents
        }
        while text.last?.isNewline == true { text.removeLast() }
        guard !text.isEmpty else {
            throw VTXError(
                .usage, "--notify requires a signing key",
                remedy: "pass --notify-secret FILE, or set VTX_NOTIFY_SECRET")
        }
        return text
    }
}

enum JobCount: ExpressibleByArgument, Equatable {
    case automatic
    case count(Int)

    init?(argument: String) {
        if argument == "auto" {
            self = .automatic
        } else if let count = Int(argument), (1...256).contains(count) {
            self = .count(count)
        } else {
            return nil
        }
    }

    var defaultValueDescription: String { "auto" }
    var value: Int? { if case .count(let count) = self { count } else { nil } }
}

/// Bytes with `k`, `M` or `G`, powers of 1000: `800M`, `2GB`.
enum MemorySize: ExpressibleByArgument, Equatable {
    case automatic
    case bytes(Int64)

    init?(argument: String) {
        if argument == "auto" {
            self = .automatic
            return
        }
        guard let number = parsedByteCount(argument, step: 1000), (1e6..<1e15).contains(number) else {
            return nil
        }
        self = .bytes(Int64(number))
    }

    var defaultValueDescription: String { "auto" }
    var value: Int64? { if case .bytes(let bytes) = self { bytes } else { nil } }
}

extension BatchTarget: ExpressibleByArgument {}

extension NameTemplate: ExpressibleByArgument {
    init?(argument: String) {
        guard let template = try? NameTemplate(argument) else { return nil }
        self = template
    }

    var defaultValueDescription: String { text }
}
