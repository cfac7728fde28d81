// Times as cues and chapters have them.

import VTXModel

/// `00:00:01.750`; what is before zero is at zero.
///
/// - Parameter time: milliseconds.
func clock(_ time: Int64) -> String {
    let time = max(0, time)
    let seconds = time / 1000
    return
        "\(padded(seconds / 3600, 2)):\(padded(seconds / 60 % 60, 2)):\(padded(seconds % 60, 2)).\(padded(time % 1000, 3))"
}
