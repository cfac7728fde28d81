// What this machine has of what vtx can use.

import Glibc
import LibAV
public import VTXPlanning

/// Looks for what jobs need, before one fails for want of it.
public enum Doctor {
    /// The libraries, encoders, hardware, filters and protection found; every hardware encoder is tried.
    public static func findings() -> [Finding] {
        let libraries = BuildCapabilities.versions().map { library, version in
            Finding(
                kind: .library, name: library, purpose: "reading, encoding and writing", isAvailable: true,
                detail: version)
        }
        var capabilities = Capabilities.ofThisBuild
        capabilities.hardware = HardwareProbe.findings()
        return libraries + Finding.all(capabilities) + [Sandbox.finding]
    }
}
