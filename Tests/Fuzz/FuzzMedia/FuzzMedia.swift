// libFuzzer target: any bytes as a media file, opened, described, planned for, and read to the end.

import Foundation
import FuzzDriver
import LibAV
import VTXModel
import VTXPlanning

private let path = "\(ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp")/vtx-fuzz-\(getpid())"

private let capabilities = Capabilities(
    encoders: BuildCapabilities.encoders(), filters: BuildCapabilities.filters())

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzMedia(_ data: UnsafePointer<UInt8>, _ size: Int) -> Int32 {
    guard let file = fopen(path, "w") else { fatalError("cannot write \(path)") }
    fwrite(data, 1, size, file)
    fclose(file)
    defer { unlink(path) }
    ProcessLimits.set(pixels: 1 << 20, allocation: 256 << 20)
    guard let demuxer = try? Demuxer(opening: path) else { return 0 }
    let media = demuxer.describe()
    _ = sourceWarnings(media)
    for name in ["out.mp4", "out.mkv", "out.webm", "out.avi", "out.m4a"] {
        let options = TranscodeOptions(output: name)
        guard let plan = try? planTranscode(of: media, options: options, capabilities: capabilities) else { continue }
        _ = describePlan(plan, source: media)
    }
    let options = LadderOptions(output: "out")
    if let plan = try? planLadder(of: media, options: options, capabilities: capabilities) { _ = describeLadder(plan) }
    var packets = 0
    while packets < 2000, let packet = try? demuxer.read() {
        packets += 1
        precondition(packet.stream < demuxer.streamCount)
    }
    return 0
}

@main
enum FuzzMedia {
    static func main() { runFuzzer { fuzzMedia($0, $1) } }
}
