// What is known of a finished chunk.

import Glibc
import LibAV
package import VTXModel
import VTXSystem

/// What is in a file of packets.
package struct ChunkSummary: Hashable, Sendable {
    package var packets = 0
    package var bytes: Int64 = 0
    /// Nothing, if the rate has no ceiling.
    package var use = BufferUse()
}
