// What the process gives up before it reads its input.

public import ArgumentParser
public import VTXKit
import VTXModel
import VTXPlanning

struct SandboxArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Restrict access to the job's own files; no network, no subprocesses.",
            discussion: "auto: where the kernel supports it (Linux with Landlock)."))
    var sandbox: SandboxChoice = .automatic

    /// To be called before anything is opened and before any thread is started.
    func enter(inputs: [String], outputs: [String] = []) throws(VTXError) {
        try Sandbox.enter(sandbox, inputs: inputs, outputs: outputs)
    }
}

extension SandboxChoice: ExpressibleByArgument {}
