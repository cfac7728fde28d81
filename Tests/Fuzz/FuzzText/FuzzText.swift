// libFuzzer target: any text as a value of an option or as part of a playlist. The first byte chooses.

import FuzzDriver
import VTXModel
import VTXBitstream
import VTXPackaging
import VTXPlanning

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzText(_ data: UnsafePointer<UInt8>, _ size: Int) -> Int32 {
    guard size > 0 else { return 0 }
    let text = String(decoding: UnsafeBufferPointer(start: data + 1, count: size - 1), as: UTF8.self)
    switch data[0] % 6 {
    case 0:
        if let time = MediaTime(clock: text) {
            _ = (time.description, time.rescaled(to: Rational(1, 90_000)), time + time, time - time)
        }
    case 1:
        if let value = Rational(text) { _ = (value.value, value < Rational(1)) }
    case 2: _ = try? TrackSelection(parsing: text)
    case 3: _ = try? RungRequest.list(parsing: text)
    case 4: _ = languageTag(for: text)
    default: _ = relativeURI(forPath: text)
    }
    return 0
}

@main
enum FuzzText {
    static func main() { runFuzzer { fuzzText($0, $1) } }
}
