// A program with its arguments, and how it is started: fork and exec in C, where Swift may not run in between.

import CLinux
import Glibc
import VTXModel

/// What a child process runs.
package struct Program: Hashable, Sendable {
    /// The file to execute.
    package var path: String
    /// Arguments after the program's name.
    package var arguments: [String]
    /// Variables that it gets beside those of this process, in place of any of the same name.
    package var environment: [String: String]
    /// A descriptor that stays open in it, as number 3; -1: none does.
    package var keptDescriptor: Int32
    /// Added to the niceness of this process.
    package var niceness: Int

    /// A program with this process's environment; what is left out is empty.
    package init(
        _ path: String, _ arguments: [String] = [], environment: [String: String] = [:], keptDescriptor: Int32 = -1,
        niceness: Int = 0
    ) {
        self.path = path
        self.arguments = arguments
        self.environment = environment
        self.keptDescriptor = keptDescriptor
        self.niceness = niceness
    }

    /// Starts it, with empty standard input, in its own process group. It gets SIGKILL when the calling thread ends.
    ///
    /// - Parameters:
    ///   - output: becomes its standard output.
    ///   - errors: becomes its standard error.
    /// - Returns: the process number, or an errno as a negative number.
    func spawn(output: Int32, errors: Int32) -> pid_t {
        let argv = ([path] + arguments).map { strdup($0) } + [nil]
        let envp = mergedEnvironment(environment).map { strdup($0) } + [nil]
        defer { for text in argv + envp { free(text) } }
        return path.withCName { path in
            argv.withUnsafeBufferPointer { argv in
                envp.withUnsafeBufferPointer { envp in
                    var program = vtx_program(
                        path: path, arguments: argv.baseAddress, environment: envp.baseAddress, output: output,
                        errors: errors, kept: keptDescriptor, niceness: Int32(niceness))
                    return vtx_spawn(&program)
                }
            }
        }
    }
}

/// The environment of this process as `NAME=value`, with some variables added or replaced.
package func mergedEnvironment(_ added: [String: String]) -> [String] {
    var variables: [String] = []
    var pointer = environ
    while let entry = pointer.pointee {
        let text = String(cName: entry)
        if added[String(text.prefix { $0 != "=" })] == nil { variables.append(text) }
        pointer += 1
    }
    return variables + added.map { "\($0.key)=\($0.value)" }
}

/// Makes this process run another program: its number, files and signals stay.
///
/// - Parameter words: the program's name and its arguments, as C strings.
/// - Returns: why it could not; nothing is returned from success.
package func replaceThisProcess(by path: String, _ words: [UnsafePointer<CChar>]) -> SystemFailure {
    let argv = words.map { strdup($0) } + [nil]
    defer { for text in argv { free(text) } }
    return path.withCName { path in
        _ = execv(path, argv)
        return SystemFailure("start")
    }
}
