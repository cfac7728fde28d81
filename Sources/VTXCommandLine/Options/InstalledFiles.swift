// Files that scripts/install puts beside the program: below PREFIX/share/vtx for PREFIX/bin/vtx.

import Glibc
import VTXModel
import VTXPlayer

/// What `scripts/install` puts beside the program.
package enum InstalledFiles {
    /// The installed hls.js, for player pages that no other is given for; `nil`: none is installed.
    package static var hlsScript: String? {
        guard let program = try? programPath() else { return nil }
        let folders = program.split(separator: "/", omittingEmptySubsequences: false).dropLast(2)
        let path = folders.joined(separator: "/") + "/share/vtx/hls.min.js"
        guard access(path, F_OK) == 0 else { return nil }
        do throws(VTXError) {
            _ = try HLSScript(reading: path)
            return path
        } catch {
            Terminal.warn("\(path) is no hls.js that can be used: player pages load one from a CDN")
            return nil
        }
    }
}
