// Film at 24 frames a second that was made video at 30.

import Foundation
import Testing

@Suite("pulldown", .needsOracle, .timeLimit(.minutes(60)))
struct PulldownTests {
    let folder: Folder

    init() throws { folder = try Folder() }

    /// Three seconds of film with 3:2 pulldown in its fields, or truly interlaced video.
    private func recording(isFilm: Bool) throws -> String {
        let path = folder.file("source.mkv")
        let filter = isFilm ? "telecine=first_field=top:pattern=23,setfield=tff" : "interlace=scan=tff"
        try Oracle.ffmpeg([
            "-f", "lavfi", "-i", "testsrc2=s=320x240:r=\(isFilm ? 24000 : 60000)/1001:d=3", "-vf", filter, "-c:v",
            "libx264", "-preset", "ultrafast", "-flags", "+ilme+ildct", "-x264-params", "tff=1", path,
        ])
        return path
    }

    @Test("A ladder of telecined film has its frames, each once", arguments: [true, false])
    func ladder(isFilm: Bool) throws {
        let package = folder.file("package")
        let result = try vtx(
            "ladder", try recording(isFilm: isFilm), "-o", package, "--rungs", "240p", "--speed", "ultrafast",
            "--no-thumbnails")
        try #require(result.status == 0, "\(result.summary)")
        let master = try String(contentsOfFile: package + "/master.m3u8", encoding: .utf8)
        #expect(master.contains(isFilm ? "FRAME-RATE=23.976" : "FRAME-RATE=29.970"))
        #expect(result.errors.contains("3:2 pulldown removed") == isFilm, "\(result.errors)")
        let frames = try Oracle.frameTimes(package + "/240p/index.m3u8").count
        #expect(isFilm ? (70...74).contains(frames) : (88...91).contains(frames), "\(frames)")
    }

    @Test("A transcode undoes pulldown when asked to")
    func asked() throws {
        let (source, output) = (try recording(isFilm: true), folder.file("out.mp4"))
        try transcode(source, to: output, "--deinterlace", "pulldown")
        let file = try Oracle.describe(output)
        #expect(near(file.duration, 3, 0.06))
        #expect((70...74).contains(try Oracle.frameTimes(output).count))
        // In step with the film it was made of.
        let film = folder.file("film.mkv")
        try Oracle.ffmpeg([
            "-f", "lavfi", "-i", "testsrc2=s=320x240:r=24000/1001:d=3", "-c:v", "ffv1", film,
        ])
        #expect(try Oracle.psnr(output, against: film) > 25)
    }
}
