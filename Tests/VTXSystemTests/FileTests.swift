import Foundation
import Glibc
import Testing
import VTXModel
import VTXSystem

@Suite("files")
struct FileTests {
    @Test("A whole file is written and read, longer than one write, and appended to")
    func wholeFile() throws {
        try withDirectory { directory in
            let path = "\(directory)/a"
            let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
            try writeFile(bytes, to: path)
            #expect(readFile(path) == bytes)
            try writeFile([1, 2], to: path, appending: true)
            #expect(readFile(path) == bytes + [1, 2])
            #expect(readFile(path, limit: 70_000) == Array(bytes[..<70_000]))
            try writeFile([3], to: path)
            #expect(readFile(path) == [3])
            #expect(readFile("\(directory)/missing") == nil)
        }
    }

    @Test("Parts of a file are read by their place, and end with the file")
    func parts() throws {
        try withDirectory { directory in
            try writeFile(Array("0123456789".utf8), to: "\(directory)/a")
            let file = try File("\(directory)/a", for: .reading)
            #expect(try file.read(at: 4, count: 3) == Array("456".utf8))
            #expect(try file.read(at: 8, count: 100) == Array("89".utf8))
            #expect(try file.read(at: 20, count: 1) == [])
            #expect(try file.readAll() == Array("0123456789".utf8))
        }
    }

    @Test("A replaced file has its mode, and nothing stands beside it")
    func replaced() throws {
        try withDirectory { directory in
            let path = "\(directory)/a"
            try replaceFile([1], at: path, mode: 0o600, isLasting: true)
            try replaceFile([2, 3], at: path, mode: 0o600)
            #expect(readFile(path) == [2, 3])
            #expect(names(in: directory) == ["a"])
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            #expect(mode == 0o600)
        }
    }

    @Test("A file that cannot be replaced stays as it is, and leaves nothing behind")
    func notReplaced() throws {
        try withDirectory { directory in
            // The write works, the rename onto a directory does not.
            try makeDirectory("\(directory)/a")
            let error = #expect(throws: VTXError.self) { try replaceFile([1], at: "\(directory)/a") }
            #expect(error?.kind == .cannotCreate)
            #expect(error?.message.description == "cannot create \(directory)/a")
            #expect(names(in: directory) == ["a"])
        }
    }

    @Test("Errors name the file and the system's words")
    func errors() throws {
        try withDirectory { directory in
            let path = "\(directory)/missing/a"
            let write = #expect(throws: VTXError.self) { try writeFile([1], to: path) }
            #expect(write?.kind == .cannotCreate)
            #expect(write?.description == "cannot create \(path): No such file or directory")
            let read = #expect(throws: VTXError.self) { try File(path, for: .reading) }
            #expect(read?.kind == .noInput)
            #expect(read?.description == "cannot open \(path): No such file or directory")
        }
        let full = #expect(throws: VTXError.self) { try writeFile([1], to: "/dev/full") }
        #expect(full?.kind == .inputOutput)
        #expect(full?.description == "cannot write /dev/full: No space left on device")
    }

    @Test("A status tells files, directories and links apart, and two names of one file")
    func status() throws {
        try withDirectory { directory in
            try writeFile([1, 2, 3], to: "\(directory)/a")
            #expect(link("\(directory)/a", "\(directory)/b") == 0)
            #expect(symlink("a", "\(directory)/c") == 0)
            let first = try #require(FileStatus("\(directory)/a"))
            #expect(first.kind == .regular)
            #expect(first.size == 3)
            #expect(abs(Double(first.modified) - wallTime()) < 60)
            #expect(FileStatus("\(directory)/b")?.isSameFile(as: first) == true)
            #expect(FileStatus("\(directory)/c")?.isSameFile(as: first) == true)
            #expect(FileStatus(withoutFollowing: "\(directory)/c")?.kind == .link)
            #expect(FileStatus(directory)?.kind == .directory)
            #expect(FileStatus("\(directory)/d") == nil)
            #expect(FileIdentity("\(directory)/b") == FileIdentity("\(directory)/a"))
        }
    }
}
