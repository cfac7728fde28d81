// libFuzzer target: any bytes as what the packager reads back: initialization segments, fragments, transport streams,
// codec configurations. The first byte chooses.

import FuzzDriver
import VTXModel
import VTXBitstream
import VTXPackaging

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzSegments(_ data: UnsafePointer<UInt8>, _ size: Int) -> Int32 {
    guard size > 1 else { return 0 }
    let bytes = [UInt8](UnsafeBufferPointer(start: data + 1, count: size - 1))
    let protection = SampleProtection(
        keyID: [UInt8](repeating: 1, count: 16), iv: [UInt8](repeating: 2, count: 16))
    switch data[0] % 8 {
    case 0: _ = try? InitSegment(bytes)
    case 1: _ = try? TransportSegment(bytes).keyFrameRecords(origin: 0)
    case 2: _ = try? CodecString.avc(bytes)
    case 3: _ = try? CodecString.hevc(bytes)
    case 4: _ = (try? CodecString.av1(bytes), try? CodecString.vp9(bytes))
    case 5: _ = (try? CodecString.aac(bytes), try? CodecString.adts(bytes))
    case 6:
        // An initialization segment with fragments: the parsers skip boxes of other types.
        guard let header = try? InitSegment(bytes) else { return 0 }
        for track in header.tracks { _ = try? header.content(of: bytes, track: track) }
    default:
        guard var encryptor = try? SampleEncryptor(initialization: bytes, protection: protection) else { return 0 }
        _ = try? encryptor.segment(bytes) { block in block }
    }
    return 0
}

@main
enum FuzzSegments {
    static func main() { runFuzzer { fuzzSegments($0, $1) } }
}
