// Channels of AC-3 and E-AC-3, from the boxes that describe them in MP4.

import VTXModel

/// Full-band channels of each `acmod` of AC-3.
private let ac3Channels = [2, 1, 2, 3, 3, 4, 4, 5]

/// Channels that a `dac3` box names (ETSI TS 102 366, F.4).
func readAC3Channels(_ box: [UInt8]) throws(VTXError) -> Int {
    var bits = BitReader(box)
    _ = try bits.read(2 + 5 + 3)
    return ac3Channels[try bits.read(3)] + (try bits.read(1))
}

/// Channels that a `dec3` box names (ETSI TS 102 366, F.6), with those that dependent substreams add.
func readEAC3Channels(_ box: [UInt8]) throws(VTXError) -> Int {
    var bits = BitReader(box)
    _ = try bits.read(13 + 3 + 2 + 5 + 1 + 1 + 3)
    var channels = ac3Channels[try bits.read(3)] + (try bits.read(1))
    _ = try bits.read(3)
    guard try bits.read(4) > 0 else { return channels }
    // Lc/Rc, Lrs/Rrs, Cs, Ts, Lsd/Rsd, Lw/Rw, Lvh/Rvh, Cvh, LFE2, first the last one.
    let added = [1, 1, 2, 2, 2, 1, 1, 2, 2]
    for count in added where try bits.read(1) == 1 { channels += count }
    return channels
}
