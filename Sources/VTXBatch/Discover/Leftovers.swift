// Unfinished files of workers that were killed.

import VTXSystem

/// Removes unfinished files beside an output.
///
/// - Parameters:
///   - output: its path.
///   - process: number of the worker that made them; `nil`: of any.
package func removeLeftovers(of output: String, process: Int32? = nil) {
    for (path, maker) in unfinishedOutputs(beside: output) where process == nil || maker == process {
        removeTree(path)
    }
}
