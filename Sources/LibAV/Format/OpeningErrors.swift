// Why a file could not be opened.

import CLibAV
import VTXModel

/// - Parameters:
///   - error: what opening threw.
///   - refused: the file that it wanted to open beside itself; empty if there is none.
func openingError(_ error: any Error, path: String, refused: String) -> VTXError {
    if let error = error as? VTXError { return error }
    guard let failure = error as? AVFailure else {
        return VTXError(.internal, "cannot open \(path)", cause: "\(error)")
    }
    if !refused.isEmpty {
        return VTXError(
            .badMedia, "cannot read \(path)",
            cause: "it refers to another file ('\(refused)'), and a local file may not open anything else")
    }
    if let name = imageFormat(of: path) { return stillImage(name, path) }
    if failure.code == vtx_error_invalid_data, isTimedText(path) { return unreadTimedText(path) }
    return failure.reading(path, remedy: "check that it is a media file and was copied completely")
}
