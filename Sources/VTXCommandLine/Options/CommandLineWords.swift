// The words of the command line.

import VTXModel

/// The words behind the program's name. Bytes that are not UTF-8 stay what they are (decision 0061):
/// `CommandLine.arguments` would repair them.
package func commandLineWords() -> [String] {
    (1..<max(1, Int(CommandLine.argc))).compactMap { CommandLine.unsafeArgv[$0].map { String(cName: $0) } }
}
