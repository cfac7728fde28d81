// High-Throughput JPEG 2000 (ITU-T T.814), which libavcodec 59 takes for JPEG 2000 and decodes to noise.

/// Whether a frame of JPEG 2000 uses the block coder of Part 15, as its header says (bit 14 of Rsiz).
func isHighThroughput(_ bytes: UnsafeRawBufferPointer) -> Bool {
    // SOC and SIZ begin the codestream; boxes may stand in front of it.
    let head = bytes.prefix(1024)
    guard
        let start = head.indices.dropLast(7).first(where: { place in
            head[place] == 0xFF && head[place + 1] == 0x4F && head[place + 2] == 0xFF && head[place + 3] == 0x51
        })
    else { return false }
    return head[start + 6] & 0x40 != 0
}
