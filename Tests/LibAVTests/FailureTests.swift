// What a failure is about decides what it is called.

import Glibc
import Testing
import VTXModel
import VTXSystem

@testable import LibAV

@Suite("Failures of libav")
struct FailureTests {
    @Test("An invalid argument is the container's refusal only where libav itself refuses")
    func invalid() {
        let refused = AVFailure(operation: "write the header", errno: EINVAL).writing("a.mp4")
        #expect(refused.kind == .unavailable)
        let name = AVFailure(operation: "create the file", errno: EINVAL, from: .name).writing("a:b.mp4")
        #expect(name.kind == .cannotCreate)
        #expect(name.description == "cannot create a:b.mp4: Invalid argument")
        let file = AVFailure(operation: "write", errno: EINVAL, from: .file).writing("a.mp4")
        #expect(file.kind == .inputOutput)
        #expect(file.remedy.map { "\($0)" }?.contains("container") != true)
    }

    @Test("A file that is opened while the job is stopped is not called damaged")
    func interrupted() throws {
        let interrupt = Interrupt()
        interrupt.set()
        let path = try #require(#filePath.split(separator: "/Tests/").first.map { "\($0)/Fixtures/clip.mkv" })
        let error = #expect(throws: VTXError.self) { _ = try Demuxer(opening: path, interrupt: interrupt) }
        #expect(error?.kind == .interrupted, "\(error.map { "\($0)" } ?? "")")
    }
}
