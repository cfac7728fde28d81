// Last stage: one thread takes the packets of all tracks and writes them.

/// Writes what all tracks deliver, then finishes the file.
struct MuxStage: Sendable {
    let writer: TrackWriter
    let packets: Channel<MuxItem>

    func run() throws {
        while let item = try packets.receive() {
            let (track, base) = (item.track, item.base)
            try writer.write(item.takePacket(), track: track, base: base)
        }
        try writer.finish()
    }
}
