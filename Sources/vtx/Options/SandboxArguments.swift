// What the process gives up before it reads its input.

public import ArgumentParser
public import VTXKit
import VTXModel
import VTXPlanning

struct SandboxArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Restrict access to the job's own files; no network, no subprocesses.",
            discussion: "auto: where the kernel supports it (Linux with Landlock), and for software encoders."))
    var sandbox: SandboxChoice = .automatic

    /// To be called before anything is opened and before any thread is started.
    ///
    /// - Parameter encoder: drivers of hardware open devices, sockets and programs of their own, which it would deny.
    func enter(
        inputs: [String], outputs: [String] = [], encoder: EncoderChoice = .software
    ) throws(VTXError) {
        guard encoder == .software || sandbox == .off else {
            guard sandbox == .automatic else {
                throw VTXError(
                    .usage, "\(.sandbox, "on") and \(.encoder, encoder.rawValue) cannot be combined",
                    cause: "drivers of hardware need devices that the sandbox denies",
                    remedy: "leave out one of them")
            }
            return
        }
        try Sandbox.enter(sandbox, inputs: inputs, outputs: outputs)
    }
}

extension SandboxChoice: ExpressibleByArgument {}
