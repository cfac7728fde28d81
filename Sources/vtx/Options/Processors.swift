// The machine that jobs are planned for.

import Glibc

/// Processors that are online; 1 at least.
var processorCount: Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }
