// What a confined process can no longer do. Each test confines a process of its own.

import Foundation
import Glibc
import Testing
import VTXKit
import VTXModel

/// Ends the process with this status if `holds` is false.
private func demand(_ status: Int32, _ holds: Bool) {
    if !holds { exit(status) }
}

/// Whether a file can be opened; the error otherwise.
private func opens(_ path: String, _ flags: Int32 = O_RDONLY) -> Int32 {
    let file = open(path, flags, 0o600)
    guard file >= 0 else { return errno }
    close(file)
    return 0
}

@Suite("sandbox")
struct SandboxTests {
    @Test("A confined process opens no other file, makes no connection and runs no program")
    func breakOut() async {
        await #expect(processExitsWith: .exitCode(0)) {
            let folder = FileManager.default.temporaryDirectory.path + "/vtx-sandbox-\(getpid())"
            let own = folder + "/own"
            try FileManager.default.createDirectory(atPath: own, withIntermediateDirectories: true)
            try "source".write(toFile: own + "/in.mp4", atomically: true, encoding: .utf8)
            try "secret".write(toFile: folder + "/other.txt", atomically: true, encoding: .utf8)
            symlink("/etc/passwd", own + "/link")
            // Before: all of it can be done.
            demand(10, opens("/etc/passwd") == 0 && opens(folder + "/other.txt") == 0)
            let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            demand(11, listener >= 0)

            try Sandbox.enter(.on, inputs: [folder + "/other.txt"], outputs: [own + "/out.mp4"])

            demand(20, opens(folder + "/other.txt") == 0)
            demand(21, opens(folder + "/other.txt", O_WRONLY) == EACCES)
            demand(22, opens(own + "/out.mp4", O_WRONLY | O_CREAT) == 0 && opens(own + "/in.mp4") == 0)
            demand(23, rename(own + "/out.mp4", own + "/final.mp4") == 0)
            demand(30, opens("/etc/passwd") == EACCES)
            demand(31, opens(own + "/link") == EACCES)
            demand(32, opens(folder + "/new.txt", O_WRONLY | O_CREAT) == EACCES)
            demand(33, unlink(folder + "/other.txt") != 0)
            demand(40, socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0) < 0)
            demand(41, socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0) < 0)
            // A socket from before does not connect either.
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = in_port_t(22).bigEndian
            address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
            let code = withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(listener, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            demand(42, code < 0 && errno == EACCES)
            var program = pid_t()
            let name = strdup("true")
            demand(50, posix_spawn(&program, "/bin/true", nil, nil, [name, nil], nil) != 0)
            free(name)
            // The same in a thread that is started later.
            let done = DispatchSemaphore(value: 0)
            let thread = Thread {
                demand(60, opens("/etc/passwd") == EACCES && opens(own + "/in.mp4") == 0)
                done.signal()
            }
            thread.start()
            done.wait()
            // Without what runs at exit: the address sanitizer starts a program to name leaks (of the runner of tests).
            _exit(0)
        }
    }

    @Test("Off is off")
    func off() async {
        await #expect(processExitsWith: .exitCode(0)) {
            try Sandbox.enter(.off, inputs: [], outputs: [])
            exit(opens("/etc/passwd"))
        }
    }
}
