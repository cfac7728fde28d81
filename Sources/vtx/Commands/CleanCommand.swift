// vtx clean [DIR...]

import ArgumentParser
import VTXCommandLine
import VTXKit
import VTXModel

struct CleanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "clean",
        abstract: "Delete leftovers of interrupted jobs.",
        discussion: """
            An interrupted ladder or long transcode keeps its finished chunks in a hidden directory beside its \
            output, so that the same command can resume. A job that was killed may leave more. Files of running \
            jobs are not touched.

              vtx clean --dry-run .
            """)

    @Argument(help: "Directories to search.", completion: .directory)
    var directories = ["."]

    @Flag(help: "Print what would be deleted without deleting it.")
    var dryRun = false

    @Flag(help: "Write JSON lines to standard output.")
    var json = false

    func run() throws {
        let lines = json ? JSONLines() : nil
        lines?.writeHeader(command: "clean")
        for directory in directories {
            do throws(VTXError) { try clean(directory, lines) } catch {
                lines?.write(error, of: directory)
                throw error
            }
        }
    }

    private func clean(_ directory: String, _ lines: JSONLines?) throws(VTXError) {
        for work in try AbandonedWork.find(in: directory) {
            if !dryRun { try work.remove() }
            lines?.write(dryRun ? "abandoned" : "removed", work)
            guard lines == nil else { continue }
            let kind = work.isResumable ? "chunks of an interrupted job" : "an unfinished output"
            Terminal.result([
                "\(dryRun ? "would delete" : "deleted") \(work.path): \(kind), \(bytesText(work.bytes))"
            ])
        }
    }
}
