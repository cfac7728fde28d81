// What stopped a job, as an error for people.

import Glibc
import LibAV
import VTXModel
import VTXPipeline

/// The error a job ends with.
///
/// - Parameters:
///   - error: what was thrown below.
///   - input: the source, to be named for failures of reading.
///   - output: the output, to be named for failures of writing.
func jobError(_ error: any Error, input: String, output: String) -> VTXError {
    switch error {
    case let error as VTXError: error
    case let failure as WriteFailure: failure.failure.writing(output)
    case let failure as AVFailure:
        failure.errno == ENOMEM
            ? VTXError(.inputOutput, "cannot \(failure.operation)", cause: failure.words) : failure.reading(input)
    case is Aborted: VTXError(.interrupted, "interrupted; nothing was written to \(output)")
    default: VTXError(.internal, "\(error)")
    }
}
