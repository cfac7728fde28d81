// vtx probe INPUT...

import ArgumentParser
import VTXCommandLine
import VTXKit
import VTXModel

struct ProbeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "probe",
        abstract: "Show media info and flag problems.",
        discussion: """
            Lines that begin with ! are warnings.

              vtx probe clip.mkv
              vtx probe --deep *.ts
              vtx probe clip.mkv --json
            """)

    @Argument(help: "The files to describe; - for standard input.", completion: .file())
    var inputs: [String]

    @Flag(
        help: "Read all packets and decode some frames: detects truncation, variable frame rate and interlacing."
    )
    var deep = false

    @OptionGroup(title: "Resources") var limits: ProcessLimitArguments

    @OptionGroup var sandbox: SandboxArguments

    @OptionGroup var output: OutputOptions

    func run() throws {
        BuildInfo.start(verbose: output.verbose)
        let json = output.json ? JSONLines() : nil
        json?.writeHeader(command: "probe")
        let inputs: [String]
        do throws(VTXError) { inputs = try prepare() } catch {
            json?.write(error, of: self.inputs.joined(separator: ", "))
            throw error
        }
        limits.limits.applyToProcess()
        var failures: [VTXError] = []
        ProbeJob(inputs, isDeep: deep).run { path, result in
            switch result {
            case .success(let found):
                if let json {
                    json.write(.media(found))
                } else {
                    Terminal.result(ProbeText(found).lines)
                }
            case .failure(let error):
                failures.append(error)
                json?.write(error, of: path)
                // One bad file of one: Main says it.
                if inputs.count > 1 { Terminal.show(error) }
            }
        }
        guard let first = failures.first else { return }
        if inputs.count == 1 { throw first }
        throw ExitCode(failures.count == inputs.count ? first.kind.exitStatus : VTXError.Kind.someFailed.exitStatus)
    }

    /// Reads standard input, if it is the input, and gives up what describing does not need.
    ///
    /// - Returns: the files to describe.
    private func prepare() throws(VTXError) -> [String] {
        let (inputs, standardInput) = try openingStandardInput(in: inputs)
        try sandbox.enter(inputs: inputs)
        var context = JobContext()
        context.standardInput = standardInput
        try context.readStandardInput()
        return inputs
    }
}
