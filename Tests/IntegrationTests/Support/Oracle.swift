// What Debian's ffprobe and ffmpeg say about a file: the second opinion of every test here.

import Foundation
import Testing

enum Oracle {
    static let isInstalled = ["ffmpeg", "ffprobe"].allSatisfy { name in
        (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
            .contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(name)") }
    }

    private static func run(_ name: String, _ arguments: [String]) throws -> ProgramResult {
        let result = try Program.run(name, arguments)
        guard result.status == 0 else {
            throw ProgramFailure(
                description: "\(name) \(arguments.joined(separator: " ")): \(result.summary)")
        }
        return result
    }

    /// ffmpeg without chatter, writing to `/dev/null` unless an output is given.
    @discardableResult
    static func ffmpeg(_ arguments: [String], level: String = "error") throws -> ProgramResult {
        try run("ffmpeg", ["-hide_banner", "-nostdin", "-v", level, "-y"] + arguments)
    }

    // MARK: Headers

    static func describe(_ path: String) throws -> Described {
        let result = try run(
            "ffprobe",
            ["-v", "error", "-print_format", "json", "-show_format", "-show_streams", "-show_chapters", path])
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(Described.self, from: Data(result.output.utf8))
    }

    struct Described: Decodable {
        var format: Format
        var streams: [Stream]
        var chapters: [Chapter]

        struct Format: Decodable {
            var formatName: String
            var duration: String?
            var startTime: String?
            var tags: [String: String]?
        }

        struct Stream: Decodable {
            var index: Int
            var codecName: String?
            var codecType: String
            var codecTagString: String
            var profile: String?
            var width: Int?
            var height: Int?
            var pixFmt: String?
            var sampleAspectRatio: String?
            var fieldOrder: String?
            var colorRange: String?
            var colorSpace: String?
            var colorTransfer: String?
            var colorPrimaries: String?
            var avgFrameRate: String
            var startTime: String?
            var sampleRate: String?
            var channels: Int?
            var channelLayout: String?
            var duration: String?
            var disposition: [String: Int]
            var tags: [String: String]?
            var sideDataList: [SideData]?

            var isCover: Bool { disposition["attached_pic"] == 1 }
            var isDefault: Bool { disposition["default"] == 1 }
            var start: Double { startTime.flatMap(Double.init) ?? 0 }
            /// Written as the file has it; MP4 has no room for track titles but the handler's name.
            var title: String? { tag("title") ?? tag("handler_name") ?? tag("name") }
            func tag(_ key: String) -> String? { tags?.first { $0.key.lowercased() == key }?.value }
        }

        struct SideData: Decodable { var sideDataType: String? }

        struct Chapter: Decodable {
            var startTime: String
            var endTime: String
            var tags: [String: String]?

            var start: Double { Double(startTime) ?? -1 }
            var end: Double { Double(endTime) ?? -1 }
        }

        /// Pictures that move: no cover art.
        var video: [Stream] { streams.filter { $0.codecType == "video" && !$0.isCover } }
        var audio: [Stream] { streams.filter { $0.codecType == "audio" } }
        var subtitles: [Stream] { streams.filter { $0.codecType == "subtitle" } }
        var covers: [Stream] { streams.filter(\.isCover) }
        var duration: Double { format.duration.flatMap(Double.init) ?? -1 }
        func tag(_ key: String) -> String? { format.tags?.first { $0.key.lowercased() == key }?.value }
    }

    // MARK: Packets and frames

    private static func column(_ path: String, _ stream: String, _ entry: String) throws -> [String] {
        try run(
            "ffprobe",
            ["-v", "error", "-select_streams", stream, "-show_entries", entry, "-of", "csv=p=0", path]
        )
        .output.split(separator: "\n").map { String($0.prefix { $0 != "," }) }
    }

    /// Bytes of each video packet, in file order.
    static func packetSizes(_ path: String) throws -> [Int] {
        try column(path, "v:0", "packet=size").compactMap { Int($0) }
    }

    /// Presentation times of the decoded frames, in order.
    static func frameTimes(_ path: String, _ stream: String = "v:0") throws -> [Double] {
        try column(path, stream, "frame=best_effort_timestamp_time").compactMap(Double.init)
    }

    /// Presentation times of key frames' packets.
    static func keyTimes(_ path: String) throws -> [Double] {
        try run(
            "ffprobe",
            [
                "-v", "error", "-select_streams", "v:0", "-show_entries", "packet=pts_time,flags", "-of",
                "csv=p=0", path,
            ]
        )
        .output.split(separator: "\n").filter { $0.contains(",K") }
        .compactMap { Double($0.prefix { $0 != "," }) }
    }

    /// A checksum of each packet, or of each decoded frame.
    static func hashes(_ path: String, _ stream: String, decoded: Bool = false) throws -> [String] {
        let copy = decoded ? [] : ["-c", "copy"]
        return try ffmpeg(["-i", path, "-map", "0:\(stream)"] + copy + ["-f", "framemd5", "-"])
            .output.split(separator: "\n").filter { !$0.hasPrefix("#") }
            // Columns after the sixth are about side data.
            .map { $0.split(separator: ",")[5].trimmingCharacters(in: .whitespaces) }
    }

    /// What ffmpeg complains about when it decodes everything; empty for a clean file.
    static func decodeErrors(_ path: String) throws -> String {
        let result = try Program.run(
            "ffmpeg",
            [
                "-hide_banner", "-nostdin", "-v", "error", "-i", path, "-map", "0:v?", "-map", "0:a?",
                "-fps_mode", "passthrough",
                "-enc_time_base:v", "1/90000", "-f", "null", "-",
            ])
        return result.status == 0 ? result.errors : result.summary
    }

    /// Decoded samples per channel.
    static func samples(_ path: String, _ stream: String = "a:0") throws -> Int {
        let report = try ffmpeg(
            [
                "-i", path, "-map", "0:\(stream)", "-af",
                "astats=measure_perchannel=none:measure_overall=Number_of_samples",
                "-f", "null", "-",
            ], level: "info"
        ).errors
        return number(after: "Number of samples: ", in: report).map { Int($0) } ?? -1
    }

    // MARK: Pictures

    /// Likeness of two sources frame by frame, in dB; 99 if they are the same.
    ///
    /// - Parameters:
    ///   - filter: applied to `path` before comparing, `reference` to `other`.
    ///   - count: frames compared.
    static func psnr(
        _ path: String, _ filter: String = "null", against other: String, _ reference: String = "null",
        count: Int = 1000
    ) throws -> Double {
        let graph =
            "[0:v:0]\(filter),settb=1/25,setpts=N,format=yuv420p[a];[1:v:0]\(reference),settb=1/25,setpts=N,format=yuv420p[b];"
            + "[a][b]psnr=shortest=1"
        let report = try ffmpeg(
            [
                "-i", path, "-i", other, "-lavfi", graph, "-fps_mode", "passthrough", "-frames:v", "\(count)",
                "-f", "null", "-",
            ],
            level: "info"
        ).errors
        return report.contains("average:inf") ? 99 : number(after: "average:", in: report) ?? -1
    }

    /// Likeness of frame `index` of `path` and frame `reference` of `other`, counted from 0.
    static func psnr(_ path: String, frame index: Int, against other: String, frame reference: Int) throws
        -> Double
    {
        try psnr(path, "select=eq(n\\,\(index))", against: other, "select=eq(n\\,\(reference))", count: 1)
    }

    /// Frames that look combed, of all.
    static func combedFrames(_ path: String) throws -> (combed: Int, progressive: Int) {
        let report = try ffmpeg(["-i", path, "-an", "-vf", "idet", "-f", "null", "-"], level: "info").errors
        guard let line = report.split(separator: "\n").last(where: { $0.contains("Multi frame detection") })
        else {
            throw ProgramFailure(description: "no report of idet:\n\(report)")
        }
        let values = ["TFF:", "BFF:", "Progressive:"].map { Int(number(after: $0, in: String(line)) ?? -1) }
        return (values[0] + values[1], values[2])
    }

    /// Mean brightness (Y, 0 to 255) of a part of each frame, with the frame's time.
    static func brightness(_ path: String, crop: String? = nil) throws -> [(time: Double, value: Double)] {
        let cut = crop.map { "crop=\($0)," } ?? ""
        let report = try ffmpeg(
            [
                "-i", path, "-an", "-fps_mode", "passthrough", "-vf",
                "\(cut)format=yuv420p,signalstats,metadata=print:key=lavfi.signalstats.YAVG:file=-", "-f",
                "null", "-",
            ]).output
        var result: [(Double, Double)] = []
        var time = 0.0
        for line in report.split(separator: "\n").map(String.init) {
            if let value = number(after: "pts_time:", in: line) { time = value }
            if let value = number(after: "YAVG=", in: line) { result.append((time, value)) }
        }
        return result
    }

    // MARK: Audio

    /// RMS level of all channels together, dBFS.
    static func level(_ path: String, _ stream: String = "a:0", filter: String = "anull") throws -> Double {
        let report = try ffmpeg(
            [
                "-i", path, "-map", "0:\(stream)", "-af",
                "\(filter),astats=measure_perchannel=none:measure_overall=RMS_level",
                "-f", "null", "-",
            ], level: "info"
        ).errors
        return number(after: "RMS level dB: ", in: report) ?? -999
    }

    /// EBU R 128: programme loudness (LUFS) and true peak (dBTP).
    static func loudness(_ path: String) throws -> (integrated: Double, truePeak: Double) {
        let report = try ffmpeg(
            ["-i", path, "-map", "0:a:0", "-af", "ebur128=peak=true:framelog=verbose", "-f", "null", "-"],
            level: "info"
        ).errors
        let summary = report.range(of: "Summary:").map { String(report[$0.upperBound...]) } ?? report
        return (number(after: "I:", in: summary) ?? -999, number(after: "Peak:", in: summary) ?? 999)
    }

    /// When audio begins after at least 0.2 s of silence; the end of the file counts as well if it is silent.
    static func beeps(_ path: String) throws -> [Double] {
        let report = try ffmpeg(
            [
                "-i", path, "-map", "0:a:0", "-af", "silencedetect=noise=-30dB:duration=0.2", "-f", "null",
                "-",
            ],
            level: "info"
        ).errors
        return report.split(separator: "\n").compactMap { number(after: "silence_end: ", in: String($0)) }
    }

    /// The first number after `word`; `nil` without it.
    private static func number(after word: String, in text: String) -> Double? {
        guard let range = text.range(of: word) else { return nil }
        let rest = text[range.upperBound...].drop { $0 == " " }
        return Double(rest.prefix { $0.isNumber || $0 == "." || $0 == "-" || $0 == "e" })
    }
}

extension Trait where Self == ConditionTrait {
    /// Skips where the oracles are not installed.
    static var needsOracle: Self {
        .enabled(
            if: Oracle.isInstalled, "skipped: ffmpeg and ffprobe are not installed (apt-get install ffmpeg)")
    }
}

/// Whether `value` is within `tolerance` of `expected`.
func near(_ value: Double, _ expected: Double, _ tolerance: Double) -> Bool {
    abs(value - expected) <= tolerance
}
