// The filters that turn and mirror frames.

import VTXModel

/// Turns the stored frame upright: mirrored left to right first, then turned clockwise.
func turning(_ orientation: Orientation) -> [String] {
    switch (orientation.quarterTurns, orientation.isMirrored) {
    case (0, false): []
    case (1, false): ["transpose=dir=clock"]
    case (2, false): ["hflip", "vflip"]
    case (3, false): ["transpose=dir=cclock"]
    case (0, true): ["hflip"]
    case (1, true): ["transpose=dir=clock_flip"]
    case (2, true): ["vflip"]
    default: ["transpose=dir=cclock_flip"]
    }
}
