// Standard output as the output of a transcode: written while it is encoded, so that nothing of it can be taken back.

import Glibc
import LibAV
import VTXModel
import VTXSystem

/// Standard output for as long as it carries media. What libraries print meanwhile goes to standard error.
final class StandardOutput: TranscodeOutput {
    let name = "standard output"
    var target: OutputTarget { .pipe(pipe) }
    var size: Int64 { pipe.bytes }

    private let pipe: PipeOutput
    private let descriptor: Int32
    private let cleanup: Cleanup
    private var scratch: [String] = []

    /// - Parameters:
    ///   - inputs: all files that the job reads.
    ///   - cleanup: what the process removes if it has to end at once.
    /// - Throws: `.cannotCreate` if it is a terminal, closed, or an input.
    init(inputs: [String], cleanup: Cleanup) throws(VTXError) {
        guard let status = FileStatus(descriptor: STDOUT_FILENO) else {
            throw Self.unwritable("it is closed", remedy: "send it to a program or a file")
        }
        if isatty(STDOUT_FILENO) != 0 {
            throw Self.unwritable("it is a terminal", remedy: "send it to a program or a file")
        }
        if status.kind == .regular, inputs.contains(where: { FileStatus($0)?.isSameFile(as: status) ?? false }) {
            throw Self.unwritable("it is a file that is read", remedy: "choose another file")
        }
        fflush(nil)
        descriptor = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3)
        guard descriptor >= 0 else { throw SystemFailure("open").writing("standard output") }
        dup2(STDERR_FILENO, STDOUT_FILENO)
        let pipe = PipeOutput(descriptor: descriptor)
        self.pipe = pipe
        self.cleanup = cleanup
        cleanup.noteStream { pipe.bytes > 0 }
    }

    deinit {
        discard()
        fflush(nil)
        dup2(descriptor, STDOUT_FILENO)
        close(descriptor)
    }

    private static func unwritable(_ cause: Message, remedy: Remedy) -> VTXError {
        VTXError(.cannotCreate, "cannot write to standard output", cause: cause, remedy: remedy)
    }

    func scratchFile(_ suffix: String) -> String {
        let name = unfinishedName(of: "\(temporaryDirectory)/stdout") + suffix
        scratch.append(name)
        cleanup.add(name)
        return name
    }

    func discard() {
        for name in scratch {
            unlink(name)
            cleanup.remove(name)
        }
        scratch = []
    }

    func publish() {}
}

extension VTXError {
    /// The error, with what became of standard output.
    ///
    /// - Parameter hasStreamed: whether something was written to it.
    func afterStreaming(_ hasStreamed: Bool) -> VTXError {
        guard hasStreamed else { return self }
        var error = self
        if kind == .interrupted {
            error.message = "interrupted; what was written to standard output is incomplete"
            return error
        }
        error.others.append(VTXError(kind, "what was written to standard output is incomplete"))
        return error
    }
}
