// The two clocks: one measures how long things take, the other says what time it is.

import Glibc

/// Seconds on a clock that only goes forward (CLOCK_MONOTONIC); the zero point is arbitrary.
package func now() -> Double { seconds(CLOCK_MONOTONIC) }

/// Seconds since 1970, UTC; jumps when somebody sets the system's clock.
package func wallTime() -> Double { seconds(CLOCK_REALTIME) }

private func seconds(_ clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}
