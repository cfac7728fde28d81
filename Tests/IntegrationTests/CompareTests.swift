// vtx compare: scores as FFmpeg's, whatever the container, and what makes scores worthless is named.

import Foundation
import Testing

@Suite("compare", .needsOracle, .timeLimit(.minutes(60)))
struct CompareTests {
    let folder: Folder

    init() throws { folder = try Folder() }

    /// A lossless video of 40 frames in which everything moves.
    private func reference(_ name: String = "reference.mp4", size: String = "192x108", rate: String = "25") throws
        -> String
    {
        let path = folder.file(name)
        try Oracle.ffmpeg(
            ["-f", "lavfi", "-i", "testsrc2=s=\(size):r=\(rate),scroll=h=0.03:v=0.01,format=yuv420p"]
                + ["-frames:v", "40", "-c:v", "libx264", "-qp", "0", "-bf", "2", path])
        return path
    }

    private func distorted(
        of path: String, to name: String = "distorted.mp4", filter: String = "null", _ options: String...
    ) throws -> String {
        let output = folder.file(name)
        try Oracle.ffmpeg(
            ["-i", path, "-vf", filter, "-c:v", "libx264", "-crf", "36", "-pix_fmt", "yuv420p"] + options + [output])
        return output
    }

    private func compare(_ words: String...) throws -> ProgramResult {
        try startVTX(["compare"] + words).wait(within: 300)
    }

    /// The scores of one of the files, by metric.
    private func scores(_ result: ProgramResult, _ index: Int = 0) throws -> [String: JSONLine] {
        let done = try #require(result.json().last { $0["type"] as? String == "done" }, "\(result.summary)")
        let results = try #require(done["results"] as? [JSONLine])
        let list = try #require(results[index]["scores"] as? [JSONLine])
        return Dictionary(uniqueKeysWithValues: list.map { ($0["metric"] as? String ?? "", $0) })
    }

    @Test("PSNR and SSIM are FFmpeg's, in every pair of containers")
    func oracle() throws {
        let one = try reference()
        let other = try distorted(of: one)
        let copies = try [one, other].map { path in
            let copy = path.replacingOccurrences(of: ".mp4", with: ".mkv")
            try Oracle.ffmpeg(["-i", path, "-c", "copy", copy])
            return copy
        }
        let found = try scores(compare(one, other, "--json"))
        for (metric, pattern) in [("psnr", "average:([0-9.]+)"), ("ssim", "All:([0-9.]+)")] {
            let said = try Oracle.ffmpeg(
                ["-i", one, "-i", other, "-lavfi", "[0:v][1:v]\(metric)", "-f", "null", "-"], level: "info")
            let match = try #require(said.errors.range(of: pattern, options: .regularExpression))
            let due = try #require(Double(said.errors[match].split(separator: ":")[1]))
            #expect(near(found[metric]?.value("mean") ?? 0, due, 0.001), "\(metric) \(due) \(found)")
        }
        for (first, second) in [(one, copies[1]), (copies[0], other), (copies[0], copies[1])] {
            let same = try scores(compare(first, second, "--json"))
            for metric in ["xpsnr", "ssim", "psnr"] {
                #expect(same[metric]?.value("mean", as: Double.self) == found[metric]?.value("mean", as: Double.self))
                #expect(same[metric]?.value("minimum", as: Double.self) == found[metric]?.value("minimum"))
            }
        }
    }

    @Test("Without a difference there is no number, and people read so")
    func identical() throws {
        let one = try reference()
        let found = try scores(compare(one, one, "--json"))
        #expect(found["xpsnr"]?["mean"] == nil && found["psnr"]?["mean"] == nil)
        #expect(found["ssim"]?.value("mean") == 1.0 && found["psnr"]?.value("identical_frames") == 40)
        let text = try compare(one, one, "--metric", "xpsnr")
        #expect(text.status == 0 && text.output.contains("identical"), "\(text.summary)")
    }

    @Test("Frames that are late or early are named, and fit with a shift", arguments: [1, -2])
    func shifted(_ shift: Int) throws {
        let one = try reference()
        let filter =
            shift > 0
            ? "tpad=start=\(shift):start_mode=clone" : "select='gte(n,\(-shift))',setpts=PTS-STARTPTS"
        let other = try distorted(of: one, filter: filter)
        let result = try compare(one, other, "--json", "--metric", "psnr")
        let words = "\(abs(shift)) frame\(abs(shift) == 1 ? "" : "s") \(shift > 0 ? "late" : "early")"
        let done = try #require(result.json().last)
        #expect((done["warnings"] as? [String])?.contains { $0.contains(words) } == true, "\(result.summary)")
        #expect(done.value("results.0.shift") == shift)
        let fitted = try compare(one, other, "--json", "--metric", "psnr", "--shift=\(shift)")
        #expect(fitted.json().last?.value("results.0.shift", as: Int.self) == nil)
        #expect((fitted.json().last?["warnings"] as? [String])?.isEmpty == true, "\(fitted.summary)")
        let before: Double = try scores(result)["psnr"]?.value("mean") ?? 0
        let after: Double = try scores(fitted)["psnr"]?.value("mean") ?? 0
        #expect(after > before + 3)
    }

    @Test("Other lengths, sizes, depths and ranges are named")
    func named() throws {
        let one = try reference()
        let short = try distorted(of: one, to: "short.mp4", "-frames:v", "30")
        let result = try compare(one, short)
        #expect(result.status == 0 && result.errors.contains("has 30 frames, the reference 40: 30 were compared"))
        let strict = try compare(one, short, "--strict")
        #expect(strict.status == 65 && strict.output.isEmpty, "\(strict.summary)")
        let small = try distorted(of: one, to: "small.mp4", filter: "scale=96:54")
        #expect(try compare(one, small).errors.contains("96x54 scaled to 192x108"))
        let full = try distorted(
            of: one, to: "full.mp4", filter: "scale=out_range=full,format=yuvj420p", "-color_range", "pc")
        let ranged = try compare(one, full, "--json", "--metric", "psnr")
        #expect(ranged.output.contains("full range converted to limited"), "\(ranged.summary)")
        #expect(try scores(ranged)["psnr"]?.value("mean", as: Double.self) ?? 0 > 25)
    }

    @Test("What cannot be compared is refused")
    func refused() throws {
        let one = try reference()
        let fast = try reference("fast.mp4", rate: "50")
        let rate = try compare(one, fast)
        #expect(rate.status == 64 && rate.errors.contains("fast.mp4 has 50 fps"), "\(rate.summary)")
        let vmaf = try compare(one, one, "--metric", "vmaf")
        #expect(vmaf.status == 69 && vmaf.errors.contains("VMAF is not supported"), "\(vmaf.summary)")
        let hdr = try compare(fixture("hdr.mp4"), one)
        #expect(hdr.status == 64 && hdr.errors.contains("HDR"), "\(hdr.summary)")
        #expect(try compare(one, folder.file("none.mp4")).status == 66)
        #expect(try compare(one).status == 64)
        #expect(try compare(one, folder.path).status == 66)
        #expect(try compare(one, fixture("surround.mkv"), "--metric", "nonsense").status == 64)
        let missing = try compare(one, folder.file("none.mp4"), "--frames", folder.file("frames.ndjson"))
        #expect(missing.status == 66 && !folder.names.contains { $0.contains("frames") }, "\(folder.names)")
    }

    @Test("Every frame is a line, and the lines make the scores")
    func frames() throws {
        let one = try reference()
        let other = try distorted(of: one)
        let path = folder.file("frames.ndjson")
        let result = try compare(one, other, "--json", "--frames", path)
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let lines = try text.split(separator: "\n").map { line in
            #expect(try lineProblems(line).isEmpty, "\(line)")
            return try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? JSONLine)
        }
        #expect(lines.count == 40 && lines.last?.value("frame") == 39)
        #expect(near(lines.last?.value("time") ?? 0, 39 * 0.04, 0.001))
        let values = lines.compactMap { $0.value("ssim.value", as: Double.self) }
        let mean: Double = try scores(result)["ssim"]?.value("mean") ?? 0
        #expect(near(values.reduce(0, +) / Double(values.count), mean, 1e-5))
        let minimum: Double = try scores(result)["ssim"]?.value("minimum") ?? 0
        #expect(near(values.min() ?? 0, minimum, 1e-5))
        let again = try compare(one, other, "--frames", path)
        #expect(again.status == 73, "\(again.summary)")
    }

    @Test("All renditions of a package are compared, of files and of byte ranges", arguments: [[], ["--single-file"]])
    func package(options: [String]) throws {
        let one = try reference(size: "640x360")
        let package = folder.file("package")
        let made = try startVTX(
            [
                "ladder", one, "-o", package, "--rungs", "360p,240p", "--speed", "ultrafast", "--segment", "1", "--gop",
                "1",
            ] + options
        ).wait(within: 200)
        #expect(made.status == 0, "\(made.summary)")
        let result = try compare(one, package, "--json", "--metric", "psnr")
        let done = try #require(result.json().last)
        let names = (done["results"] as? [JSONLine])?.compactMap { $0["name"] as? String }
        #expect(names == ["360p", "240p"] && (done["warnings"] as? [String])?.isEmpty == true, "\(result.summary)")
        for index in 0..<2 { #expect(done.value("results.\(index).compared") == 40) }
        let playlist = try compare(one, package + "/360p/index.m3u8", "--json", "--metric", "psnr")
        let first: Double? = try scores(playlist)["psnr"]?.value("mean")
        #expect(first == (try scores(result)["psnr"]?.value("mean")))
    }

    @Test("Playlists lead nowhere else", arguments: ["../secret.mp4", "/etc/passwd", "http://example.org/a.ts"])
    func escapes(uri: String) throws {
        let one = try reference()
        let list = try folder.write("#EXTM3U\n#EXTINF:2,\n\(uri)\n#EXT-X-ENDLIST\n", to: "bad.m3u8")
        let result = try compare(one, list)
        #expect(result.status == 65 && result.errors.contains("not below its directory"), "\(result.summary)")
    }

    @Test("A plan is printed without comparing")
    func plan() throws {
        let one = try reference()
        let result = try compare(one, one, "--dry-run", "--json")
        let plan = try #require(result.json().last)
        #expect(plan["type"] as? String == "plan" && plan.value("pixel_format") == "yuv420p", "\(result.summary)")
        #expect(try compare(one, one, "--dry-run").output.contains("metrics"))
    }
}
