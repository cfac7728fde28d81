// libav's log: kept quiet, its last error line attached to failures, the rest shown on request.

import CLibAV
import Glibc

package enum Log {
    /// Takes over libav's logging. Call once, before anything else.
    ///
    /// - Parameter showing: whether libav's warnings and errors also go to standard error as they come.
    package static func install(showing: Bool) {
        if showing {
            vtx_log_install { _, line in
                var text = String(cString: line) + "\n"
                text.withUTF8 { _ = write(2, $0.baseAddress, $0.count) }
            }
        } else {
            vtx_log_install(nil)
        }
    }

    /// Forgets what this thread has logged.
    static func forget() { vtx_log_forget() }
}

/// Has libswscale 6 scale rows without AVX2's gather instructions, which most processors of today run slowly: the
/// same bytes, a quarter sooner from 1080 to 720 rows. Nothing else in these libraries asks for it.
package func avoidSlowGathers() { av_force_cpu_flags(av_get_cpu_flags() | AV_CPU_FLAG_SLOW_GATHER) }
