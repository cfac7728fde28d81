// Which streams are encrypted: libav hands out their packets all the same.

import CLibAV

extension Demuxer {
    /// The scheme that a stream is encrypted with; `nil` if it is in the clear.
    func encryption(of index: Int, metadata: [String: String]) -> String? {
        // WebM: Matroska, ContentEncKeyID.
        if metadata["enc_key_id"] != nil { return "WebM" }
        if let scheme = movieTrack(of: index)?.encryption { return scheme }
        switch formatName {
        case "asf":
            // Of all streams: the Content Encryption Object is one of the file.
            return entries(of: context!.pointee.metadata)["ASF_Protection_Type"] == nil ? nil : "Windows Media DRM"
        case "mpegts":
            if isSampleEncrypted(index) { return "SAMPLE-AES" }
            return scrambled?.contains(Int(streams[index]!.pointee.id)) ?? false ? "scrambled" : nil
        case "mpeg":
            // Substreams of private stream 1 have numbers of their own.
            let identifier = Int(streams[index]!.pointee.id)
            return scrambled?.contains(identifier < 0x100 ? 0xBD : identifier & 0xFF) ?? false ? "CSS" : nil
        default: return nil
        }
    }

    /// Looks for scrambled packets in formats that can have them.
    func readScrambling() {
        guard isMPEGSystem else { return }
        scrambled = ScrambledPackets(of: path, isTransport: formatName == "mpegts")
    }

    private var formatName: String { string(context!.pointee.iformat.pointee.name) ?? "" }

    /// Stream types of "MPEG-2 Stream Encryption Format for HTTP Live Streaming", 2.4.
    private func isSampleEncrypted(_ index: Int) -> Bool {
        let parameters = streams[index]!.pointee.codecpar.pointee
        return switch (parameters.codec_tag, parameters.codec_id) {
        case (0xDB, AV_CODEC_ID_H264), (0xCF, AV_CODEC_ID_AAC), (0xC1, AV_CODEC_ID_AC3), (0xC2, AV_CODEC_ID_EAC3): true
        default: false
        }
    }
}
