// Which size is scaled from which.

import VTXModel

/// Which size a size is scaled from: the smallest that is half as large again, or else the largest.
///
/// Scaling in steps saves time, and each step costs a little quality, most where two sizes are close: 360 rows
/// by way of 720 differ by 55.8 dB from 360 rows made of 1080 at once, by way of 720 and 480 by 53.6 dB.
///
/// - Parameter sizes: from the largest to the smallest.
func scalingParent(of place: Int, among sizes: [PixelSize]) -> Int {
    sizes[..<place].lastIndex { Double($0.shortSide) >= 1.49 * Double(sizes[place].shortSide) } ?? 0
}
