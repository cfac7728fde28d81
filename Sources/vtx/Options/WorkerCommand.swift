// How `vtx batch` calls vtx for its files.

import ArgumentParser
import VTXBatch
import VTXKit
import VTXModel
import VTXPlanning

/// The command that makes a target, and those that are run besides it.
enum WorkerCommand {
    static let transcode = OptionTable(of: TranscodeCommand.self)
    static let ladder = OptionTable(of: LadderCommand.self)

    @Sendable static func table(_ target: BatchTarget) -> OptionTable { target == .hls ? ladder : transcode }

    /// What is wrong with a target's options, as far as a check without a source can tell; `nil`: nothing.
    @Sendable static func complaint(_ target: BatchTarget, _ words: [String]) -> String? {
        let line = ["in", "-o", target == .hls ? "out" : "out.\(target.rawValue)"] + words
        do {
            let preset =
                try target == .hls ? LadderCommand.parse(line).preset : TranscodeCommand.parse(line).preset
            _ = try Preset.load(preset)
            return nil
        } catch let error as VTXError {
            return [error.message, error.cause].compactMap { $0?.commandLineText }.joined(separator: ": ")
        } catch {
            return target == .hls ? LadderCommand.message(for: error) : TranscodeCommand.message(for: error)
        }
    }

    /// The command line of a worker, without the program's name.
    @Sendable static func words(_ request: WorkerRequest) -> [String] {
        let common = [request.isVerbose ? "--verbose" : "--quiet", Setting.sandbox.option, request.sandbox]
        switch request.task {
        case .probe(let files): return ["probe", "--json"] + common + files
        case .plan(let source, let output, let settings):
            return [settings.target.command, source, "-o", output, "--dry-run", "--json"] + common + settings.words
        case .make(let source, let output, let settings, let limits, let mayReplace):
            let more = limits.sorted { $0.key.rawValue < $1.key.rawValue }.flatMap { [$0.key.option, "\($0.value)"] }
            return [settings.target.command, source, "-o", output, "--json"] + common + settings.words
                + (mayReplace ? [Setting.overwrite.option] : []) + more
        case .thumbnail(let source, let picture):
            return ["thumbnail", source, "-o", picture, Setting.sandbox.option, request.sandbox]
        }
    }

    /// Options that a batch gives its workers.
    static let own: Set<String> = [
        "--output", "-o", "--overwrite", "--dry-run", "--json", "--quiet", "-q", "--verbose", "--sandbox", "--keys-dir",
        "--container", "--help", "-h", "--version",
    ]
}

extension FrontEnd {
    /// What this program's command line knows.
    static let commandLine = FrontEnd(
        table: WorkerCommand.table, refused: WorkerCommand.own, check: WorkerCommand.complaint,
        render: { $0.commandLineText }, words: WorkerCommand.words)
}
