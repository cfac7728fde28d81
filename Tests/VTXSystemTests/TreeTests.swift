import Glibc
import Testing
import VTXModel
import VTXSystem

@Suite("trees")
struct TreeTests {
    @Test("A tree is made, measured and removed; links are not followed")
    func tree() throws {
        try withDirectory { directory in
            let tree = "\(directory)/tree"
            try makeDirectories("\(tree)/a/b")
            try makeDirectories("\(tree)/a")
            try writeFile([1, 2, 3], to: "\(tree)/a/b/file")
            try writeFile([1, 2], to: "\(tree)/file")
            try writeFile([1, 2, 3, 4], to: "\(directory)/kept")
            #expect(symlink(directory, "\(tree)/out") == 0)
            #expect(treeSize(tree) == 5 + Int64(directory.utf8.count))
            #expect(entries(of: tree).sorted() == ["a", "file", "out"])
            removeTree(tree)
            #expect(names(in: directory) == ["kept"])
            removeTree(tree)
            #expect(treeSize(tree) == 0)
            #expect(entries(of: tree) == [])
        }
    }

    @Test("A directory in the place of a file, or there already, is an error where it must be new")
    func directories() throws {
        try withDirectory { directory in
            try writeFile([], to: "\(directory)/file")
            #expect(throws: VTXError.self) { try makeDirectories("\(directory)/file/a") }
            #expect(throws: VTXError.self) { try makeDirectory("\(directory)/file", mayExist: true) }
            try makeDirectory("\(directory)/a")
            try makeDirectory("\(directory)/a", mayExist: true)
            let error = #expect(throws: VTXError.self) { try makeDirectory("\(directory)/a") }
            #expect(error?.kind == .cannotCreate)
        }
    }

    @Test("Names that are not UTF-8 are read, opened, renamed and deleted by their bytes")
    func foreignNames() throws {
        try withDirectory { directory in
            let path = Array("\(directory)/".utf8CString.dropLast()) + [-1, 0x61, 0]
            #expect(creat(path, 0o644) >= 0)
            let name = String(nameBytes: [0xFF, 0x61])
            #expect(entries(of: directory) == [name])
            #expect(FileStatus("\(directory)/\(name)")?.kind == .regular)
            try writeFile([7], to: "\(directory)/\(name)")
            #expect(readFile("\(directory)/\(name)") == [7])
            #expect(realPath("\(directory)/\(name)").map { SplitPath($0).name } == name)
            let other = String(nameBytes: [0x62, 0xFE])
            try renameFile("\(directory)/\(name)", to: "\(directory)/\(other)")
            #expect(entries(of: directory) == [other])
            unlink("\(directory)/\(other)")
            #expect(entries(of: directory).isEmpty)
            try writeFile([], to: "\(directory)/b")
            if case .some = DirectoryReader("\(directory)/b") { Issue.record("a file was read as a directory") }
        }
    }

    @Test("Two paths are exchanged in one step")
    func exchange() throws {
        try withDirectory { directory in
            try writeFile([1], to: "\(directory)/a")
            try makeDirectory("\(directory)/b")
            #expect(exchangePaths("\(directory)/a", "\(directory)/b") == 0)
            #expect(isDirectory("\(directory)/a"))
            #expect(readFile("\(directory)/b") == [1])
            #expect(exchangePaths("\(directory)/a", "\(directory)/c") == ENOENT)
        }
    }

    @Test("A cleanup removes what it was told of, but for what was taken out or stays")
    func cleanup() throws {
        try withDirectory { directory in
            let cleanup = Cleanup()
            for name in ["a", "b", "c"] {
                try makeDirectories("\(directory)/\(name)/inner")
                cleanup.add("\(directory)/\(name)", unless: { name == "c" })
            }
            cleanup.remove("\(directory)/b")
            cleanup.run()
            #expect(names(in: directory) == ["b", "c"])
            #expect(cleanup.kept == "\(directory)/c")
        }
    }

    @Test("Whether somebody writes a file is known")
    func beingWritten() throws {
        try withDirectory { directory in
            try writeFile([1], to: "\(directory)/a")
            #expect(!isBeingWritten("\(directory)/a"))
            #expect(!isBeingWritten("\(directory)/missing"))
            synchronize("\(directory)/a")
            synchronize(directory)
        }
    }
}
