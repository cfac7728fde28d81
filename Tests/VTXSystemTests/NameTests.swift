import Glibc
import Testing
import VTXSystem

@Suite("names")
struct NameTests {
    @Test(
        "A path is cut into folder, stem and extension",
        arguments: [
            ("a/b/c.mp4", "a/b/", "a/b", "c", "mp4"), ("c.tar.gz", "", "", "c.tar", "gz"), ("/c", "/", "", "c", ""),
            ("a/.hidden", "a/", "a", ".hidden", ""), ("a/", "a/", "a", "", ""), ("c.", "", "", "c", ""),
        ])
    func split(path: String, prefix: String, folder: String, stem: String, ext: String) {
        let place = SplitPath(path)
        #expect(place.prefix == prefix)
        #expect(place.folder == folder)
        #expect(place.stem == stem)
        #expect(place.fileExtension == ext)
        #expect(place.prefix + place.name == path)
        #expect(place.directory == (prefix.isEmpty ? "." : prefix))
    }

    @Test("An unfinished name tells its maker, with more after it too", arguments: ["a.mp4", "x/.y.1.z", "ä 漢"])
    func maker(path: String) {
        let name = SplitPath(unfinishedName(of: path)).name
        #expect(name.hasPrefix("."))
        #expect(VTXSystem.maker(ofUnfinished: name) == getpid())
        #expect(VTXSystem.maker(ofUnfinished: name + ".stats") == getpid())
        #expect(SplitPath(unfinishedName(of: path)).prefix == SplitPath(path).prefix)
    }

    @Test("Other names have no maker", arguments: ["a.mp4", ".vtx-partial", ".a.vtx-partial", ".a.x.vtx-partial"])
    func noMaker(name: String) {
        #expect(VTXSystem.maker(ofUnfinished: name) == nil)
    }

    @Test("A long name is shortened at its beginning, so that the system takes it")
    func long() {
        let path = "x/" + String(repeating: "漢", count: 80) + ".mp4"
        let name = SplitPath(unfinishedName(of: path)).name
        #expect(name.utf8.count <= 255)
        #expect(name.contains("漢.mp4."))
    }

    @Test("Unfinished outputs beside an output are found, those of other outputs are not")
    func beside() throws {
        try withDirectory { directory in
            let path = "\(directory)/a.mp4"
            for name in [
                unfinishedName(of: path), unfinishedName(of: path) + ".log", unfinishedName(of: "\(directory)/b"),
            ] {
                try writeFile([], to: name)
            }
            try writeFile([], to: "\(directory)/.a.mp4.77.vtx-partial")
            let found = unfinishedOutputs(beside: path).sorted { $0.path < $1.path }
            #expect(
                found.map(\.path)
                    == [
                        "\(directory)/.a.mp4.77.vtx-partial", unfinishedName(of: path),
                        unfinishedName(of: path) + ".log",
                    ]
                    .sorted())
            #expect(Set(found.map(\.process)) == [77, getpid()])
        }
    }
}
