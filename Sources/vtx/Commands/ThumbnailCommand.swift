// vtx thumbnail INPUT -o OUTPUT: internal; used for the report of a batch.

import ArgumentParser
import VTXKit
import VTXModel

struct ThumbnailCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "thumbnail", abstract: "Write a thumbnail of a video file.", shouldDisplay: false)

    @Argument(help: "The file to read.", completion: .file())
    var input: String

    @Option(name: .shortAndLong, help: ArgumentHelp("The JPEG to write.", valueName: "output"), completion: .file())
    var output: String

    @OptionGroup var sandbox: SandboxArguments

    func run() throws {
        BuildInfo.start(verbose: false)
        try sandbox.enter(inputs: [input], outputs: [output])
        try ThumbnailJob(input: input, output: output).run()
    }
}
