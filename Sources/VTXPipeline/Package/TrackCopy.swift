// What all copied tracks have in common.

import LibAV

/// Brings the packets of one track into output time. Stays on one thread.
protocol TrackCopy: AnyObject {
    /// Takes the packets in output time, and counts.
    var output: TrackOutput { get }

    /// Takes the next packet of the stream, in file time.
    func write(_ packet: consuming Packet) throws

    /// Ends the track.
    func finish() throws
}
