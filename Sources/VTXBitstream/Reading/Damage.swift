// The error of all readers.

import VTXModel

/// What every reader here throws; the caller knows the file's name.
func damaged(_ cause: String) -> VTXError {
    VTXError(.badMedia, "written media cannot be read back", cause: cause)
}
