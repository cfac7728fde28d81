// MPEG-4 audio in its shortest description.

import VTXModel

/// How MPEG-4 audio is coded (ISO/IEC 14496-3, 1.6.2.1).
struct AudioSpecificConfig {
    /// 2 AAC-LC, 5 HE-AAC, 29 HE-AAC v2, 34 MP3, ...
    var objectType: Int
    /// `nil` where the channels are listed in the stream instead.
    var channels: Int?

    init(_ bytes: [UInt8]) throws(VTXError) {
        var bits = BitReader(bytes)
        objectType = try bits.read(5)
        if objectType == 31 { objectType = 32 + (try bits.read(6)) }
        if try bits.read(4) == 15 { _ = try bits.read(24) }
        let configuration = try bits.read(4)
        channels = [1: 1, 2: 2, 3: 3, 4: 4, 5: 5, 6: 6, 7: 8, 11: 7, 12: 8, 14: 8][configuration]
        // Parametric stereo makes two channels of one.
        if objectType == 29, channels == 1 { channels = 2 }
    }
}
