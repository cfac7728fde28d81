// How `vtx batch` calls vtx for its files.

import ArgumentParser
import VTXCommandLine
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
            switch target {
            case .hls: try Preset.load(LadderCommand.parse(line).preset).checkForPackages()
            case .file(let container): try Preset.load(TranscodeCommand.parse(line).preset).check(container)
            }
            return nil
        } catch let error as VTXError {
            return [error.message, error.cause].compactMap { $0?.commandLineText }.joined(separator: ": ")
        } catch {
            let text = target == .hls ? LadderCommand.message(for: error) : TranscodeCommand.message(for: error)
            let wrong = usageError(text, help: "vtx \(target.command) --help")
            return [wrong.message.commandLineText, wrong.hint].compactMap { $0 }.joined(separator: "; ")
        }
    }

    /// The command line of a worker, without the program's name.
    @Sendable static func words(_ task: WorkerTask) -> [String] {
        var words = [task.work.rawValue] + task.inputs
        if let output = task.output { words += ["-o", output] }
        if task.isDryRun { words.append("--dry-run") }
        if task.work != .thumbnail { words += ["--json", task.isVerbose ? "--verbose" : "--quiet"] }
        if [.transcode, .ladder, .package].contains(task.work) { words.append("--no-config") }
        words += task.options
        if task.mayOverwrite { words.append(Setting.overwrite.option) }
        for (setting, value) in task.settings.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            words += [setting.option, value]
        }
        return words
    }

    /// Options that a batch gives its workers.
    static let own: Set<String> = [
        "--output", "-o", "--overwrite", "--dry-run", "--json", "--quiet", "-q", "--verbose", "--sandbox", "--keys-dir",
        "--container", "--no-config", "--help", "-h", "--version",
    ]
}

extension FrontEnd {
    /// What this program's command line knows.
    static let commandLine = FrontEnd(
        table: WorkerCommand.table, refused: WorkerCommand.own, check: WorkerCommand.complaint,
        render: { $0.commandLineText }, words: WorkerCommand.words)
}
