// Where the program itself is.

package import VTXModel
import VTXSystem

/// The path of the program that runs, without links.
///
/// - Throws: `.internal` if the system does not tell.
package func programPath() throws(VTXError) -> String {
    guard let path = realPath("/proc/self/exe") else {
        throw VTXError(.internal, "cannot find the vtx executable", cause: SystemFailure("find").words)
    }
    return path
}
