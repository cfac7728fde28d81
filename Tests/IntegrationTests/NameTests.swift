// Files whose names are bytes: no UTF-8, and with characters that terminals obey.

import Foundation
import Testing

@Suite("Names that are bytes", .enabled(if: Oracle.isInstalled), .timeLimit(.minutes(60)))
struct NameTests {
    let folder: Folder
    /// As `printf` of the shell writes it: arguments of tests are text.
    private static let name = #"caf\351 \033x"#

    init() throws { folder = try Folder() }

    /// Runs lines of the shell in the folder; `$n` is the name, `$V` is vtx.
    private func shell(_ script: String) throws -> ProgramResult {
        try Program.run(
            "/bin/sh", ["-euc", "n=$(printf '\(Self.name)')\n" + script], in: folder.path,
            environment: ["V": try vtxBinary()])
    }

    private func makeSource() throws {
        try Oracle.ffmpeg([
            "-f", "lavfi", "-i", "testsrc2=size=64x48:rate=5:duration=1", "-f", "lavfi", "-i", "sine=duration=1",
            "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac", folder.file("plain.mp4"),
        ])
        #expect(try shell(#"cp plain.mp4 "$n.mp4""#).status == 0)
    }

    @Test("Inputs, outputs and subtitle files keep their bytes, and are shown with escapes")
    func transcode() throws {
        try makeSource()
        _ = try folder.write("1\n00:00:00,000 --> 00:00:00,500\nhello\n", to: "plain.srt")
        let made = try shell(
            """
            cp plain.srt "$n.srt"
            "$V" probe "$n.mp4"
            "$V" transcode "$n.mp4" -o "out$n.mkv" --subtitle-file "$n.srt" --speed ultrafast
            "$V" transcode "out$n.mkv" -o "burnt$n.mp4" --burn 1 --two-pass --bitrate 100k --speed ultrafast
            "$V" package "$n.mp4" -o "package$n"
            ffprobe -v error "out$n.mkv"; ffprobe -v error "burnt$n.mp4"; ls "package$n/master.m3u8"
            """)
        #expect(made.status == 0, "\(made.summary)")
        #expect(made.output.contains(#"caf\xE9 ?x.mp4"#), "\(made.summary)")
        #expect(made.output.contains(#"outcaf\xE9 ?x.mkv"#), "\(made.summary)")
        let lost = try shell(#""$V" transcode "no$n.mp4" -o x.mp4"#)
        #expect(lost.status == 66 && lost.errors.contains(#"cannot open nocaf\xE9 ?x.mp4"#), "\(lost.summary)")
        let json = try shell(#""$V" probe --json "$n.mp4""#)
        #expect(json.json().last?.value("media.path") == "caf\u{10FEE9} \u{1B}x.mp4", "\(json.summary)")
    }

    @Test("Folders and files of a batch keep their bytes, also when it goes on")
    func batch() throws {
        try makeSource()
        let run = #""$V" batch src -o "dst$n" --video copy --audio-codec copy"#
        let made = try shell(
            """
            mkdir -p "src/$n"; cp plain.mp4 "src/$n/$n.mp4"
            \(run)
            ffprobe -v error "dst$n/$n/$n.mp4"
            \(run)
            """)
        #expect(made.status == 0, "\(made.summary)")
        #expect(made.output.contains("1 done") && made.output.contains("1 unchanged"), "\(made.summary)")
    }

    @Test("Packages with such names are listed by serve, and their links work")
    func serve() throws {
        try makeSource()
        let made = try shell(
            """
            mkdir served; "$V" package "$n.mp4" -o "served/$n"
            """)
        #expect(made.status == 0, "\(made.summary)")
        let server = try RunningServer(folder.file("served"))
        let list = try server.ask("/")
        #expect(list.text.contains(#"href="caf%E9%20%1Bx/""#), "\(list.text)")
        #expect(try server.ask("/caf%E9%20%1Bx/master.m3u8").status == 200)
    }
}
