// vtx clean [DIR...]

import ArgumentParser
import VTXKit
import VTXModel

struct CleanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "clean",
        abstract: "Remove what interrupted jobs have left.",
        discussion: """
            An interrupted ladder leaves its finished chunks beside its output, hidden, for the same command to go \
            on from. A job that was killed may leave more. What a running job works on is not touched.
            """)

    @Argument(help: "Directories to look in.", completion: .directory)
    var directories = ["."]

    @Flag(help: "Show what would be removed, and remove nothing.")
    var dryRun = false

    @Flag(help: "Write JSON lines to standard output.")
    var json = false

    func run() throws {
        let lines = json ? JSONLines() : nil
        lines?.writeHeader(command: "clean")
        for directory in directories {
            for work in try AbandonedWork.find(in: directory) {
                if !dryRun { try work.remove() }
                lines?.write(dryRun ? "abandoned" : "removed", work)
                guard lines == nil else { continue }
                let kind = work.isResumable ? "an interrupted job's chunks" : "an unfinished output"
                print("\(dryRun ? "would remove" : "removed") \(work.path): \(kind), \(bytesText(work.bytes))")
            }
        }
    }
}
