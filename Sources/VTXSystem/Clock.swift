// The clock that measures how long things take.

import Glibc

/// Seconds of a clock that only goes forward (CLOCK_MONOTONIC); the zero point is arbitrary.
package func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}
