// Child processes: what they write, how they end, and what they are given.

import Foundation
import Glibc
import Testing
import VTXModel

@testable import VTXSystem

/// What came of a program.
private struct Outcome {
    var lines: [String] = []
    var complaints: [String] = []
    var end: ProcessEnd?
}

/// Runs a program to its end.
///
/// - Parameter meanwhile: called after each turn of the reactor.
private func run(
    _ program: Program, meanwhile: (ChildProcess, Outcome) -> Void = { _, _ in }
) throws(SystemFailure) -> Outcome {
    let reactor = Reactor()
    var outcome = Outcome()
    let child = try ChildProcess(
        program, on: reactor, line: { outcome.lines.append(String(decoding: $0, as: UTF8.self)) },
        complaint: { outcome.complaints.append($0) }, end: { outcome.end = $0 })
    let deadline = now() + 60
    while outcome.end == nil, now() < deadline {
        reactor.turn(0.02)
        meanwhile(child, outcome)
        _ = child.reap()
    }
    // One that outlasts the deadline fails its test, and is not left to the others.
    while outcome.end == nil {
        child.send(SIGKILL)
        usleep(10_000)
        _ = child.reap()
    }
    return outcome
}

private func shell(_ script: String) -> Program { Program("/bin/sh", ["-c", script]) }

extension OneByOne {
    @Suite("child processes", .timeLimit(.minutes(60)))
    struct ProcessTests {
        @Test("Output comes line by line, however it was written; an unfinished last line is no line")
        func lines() throws {
            let outcome = try run(shell("printf 'one\\ntw'; sleep 0.1; printf 'o\\n\\nrest'"))
            #expect(outcome.lines == ["one", "two", ""])
            #expect(outcome.end?.status == 0 && outcome.end?.signal == nil && outcome.end?.errors == "")
        }

        @Test("A line of many reads is one line, and nothing that was written before the end is lost")
        func longLines() throws {
            let outcome = try run(shell("head -c 300000 /dev/zero | tr '\\0' x; echo; seq 20000"))
            #expect(outcome.lines.count == 20_001)
            #expect(outcome.lines.first?.utf8.count == 300_000 && outcome.lines.last == "20000")
        }

        @Test("A line without end does not fill the memory, and the next one is whole")
        func endless() {
            var lines = OutputLines()
            var taken: [[UInt8]] = []
            let piece = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 16)
            for _ in 0..<100 { lines.take(piece) { taken.append($0) } }
            lines.take(Array("\nnext\n".utf8)) { taken.append($0) }
            #expect(taken.count == 2 && taken.last == Array("next".utf8))
            #expect(taken.first?.count ?? .max <= OutputLines.longest)
        }

        @Test("Standard error is told as it comes, and its end is kept")
        func errors() throws {
            let short = try run(shell("echo careful >&2"))
            #expect(short.complaints == ["careful"] && short.end?.errors == "careful\n")
            let long = try run(shell("seq 5000 >&2; echo last >&2"))
            let tail = try #require(long.end?.errors)
            #expect(tail.hasSuffix("5000\nlast\n") && tail.utf8.count == 8192)
        }

        @Test("An exit status is told as it is, with what the process needed", arguments: [0, 1, 3, 255] as [Int32])
        func status(number: Int32) throws {
            let end = try #require(try run(shell("exit \(number)")).end)
            #expect(end.status == number && end.signal == nil)
            #expect(end.memory > 100_000 && end.cpu >= 0)
        }

        @Test("A signal is told in place of a status", arguments: [SIGTERM, SIGKILL])
        func signals(number: Int32) throws {
            let end = try #require(try run(shell("kill -\(number) $$; sleep 60")).end)
            #expect(end.status == nil && end.signal == number)
        }

        @Test("A signal that is sent reaches the children of the program too")
        func group() throws {
            let outcome = try run(shell("sleep 100 & echo $!; wait")) { child, outcome in
                if !outcome.lines.isEmpty { child.send(SIGKILL) }
            }
            #expect(outcome.end?.signal == SIGKILL)
            let grandchild = try #require(outcome.lines.first.flatMap { pid_t($0) })
            let isRunning = {
                let state = readText("/proc/\(grandchild)/stat")?.split(separator: " ").dropFirst(2).first
                return state != nil && state != "Z"
            }
            for _ in 0..<1000 where isRunning() { usleep(5000) }
            #expect(!isRunning())
        }

        @Test("A program that cannot be started is a failure with its reason")
        func missing() {
            func children() -> Set<Substring> {
                Set((readText("/proc/thread-self/children") ?? "").split(separator: " ").map { $0 })
            }
            let before = children()
            for (path, code) in [("/nonexistent/program", ENOENT), ("/tmp", EACCES)] {
                let failure = #expect(throws: SystemFailure.self) { try run(Program(path)) }
                #expect(failure?.code == code && failure?.operation == "start")
            }
            // What was forked for them does not stay as a zombie.
            #expect(children().subtracting(before).isEmpty)
        }

        @Test("Variables are added to the environment, or replace those of the same name")
        func environment() throws {
            var program = shell("echo \"$VTX_TEST_NEW\"; echo \"$PATH\"; env | grep -c '^PATH='; echo \"$HOME\"")
            program.environment = ["VTX_TEST_NEW": "a=b c", "PATH": "/usr/bin:/bin"]
            let home = getenv("HOME").map { String(cString: $0) } ?? ""
            #expect(try run(program).lines == ["a=b c", "/usr/bin:/bin", "1", home])
            #expect(mergedEnvironment(["PATH": "x"]).filter { $0.hasPrefix("PATH=") } == ["PATH=x"])
        }

        @Test("A program has empty input, its own process group, and no descriptor but the kept one")
        func descriptors() throws {
            try withDirectory { folder in
                let file = open("\(folder)/kept", O_WRONLY | O_CREAT, 0o600)
                defer { close(file) }
                let script = "wc -c; cut -d' ' -f5 /proc/$$/stat; echo $$; ls /proc/self/fd | wc -l; echo kept >&3"
                var program = shell(script)
                program.keptDescriptor = file
                let lines = try run(program).lines
                #expect(lines.count == 4 && lines.first == "0" && lines[1] == lines[2])
                // Input, output, errors, the kept one, and the directory that ls reads.
                #expect(lines.last == "5")
                #expect(readText("\(folder)/kept") == "kept\n")
            }
            #expect(try run(shell("ls /proc/self/fd | wc -l")).lines == ["4"])
        }

        @Test("A program yields to others if it is asked to")
        func niceness() throws {
            let own = getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0)
            var program = shell("nice")
            program.niceness = 3
            #expect(try run(program).lines == ["\(min(19, own + 3))"])
        }

        @Test("A process with threads has no fork server, and a request has room for some 96 KiB")
        func forkServer() {
            if case .unavailable = ForkServer.start() {} else { Issue.record("a process with threads was forked") }
            #expect(ForkServer.hasRoom(for: ["probe", String(repeating: "a", count: 90_000)]))
            #expect(!ForkServer.hasRoom(for: ["probe", String(repeating: "a", count: 100_000)]))
        }

        @Test("The system tells how much memory is free")
        func memory() { #expect((1 << 20..<1 << 50).contains(freeMemory())) }
    }
}
