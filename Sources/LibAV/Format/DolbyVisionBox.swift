// The configuration of Dolby Vision in MP4 and MOV ("Dolby Vision Streams Within the ISO Base Media File Format", 3).

import CLibAV

extension CodecParameters {
    /// Whether the stream has a configuration of Dolby Vision.
    package var hasDolbyVision: Bool { dolbyVision != nil }

    /// What libavformat 59 writes into MP4 only.
    var dolbyVisionBox: Box? { dolbyVision.map(LibAV.dolbyVisionBox) }

    private var dolbyVision: AVDOVIDecoderConfigurationRecord? {
        guard let bytes = sideData.first(where: { $0.type == AV_PKT_DATA_DOVI_CONF })?.bytes,
            bytes.count >= MemoryLayout<AVDOVIDecoderConfigurationRecord>.size
        else { return nil }
        return bytes.withUnsafeBytes { $0.loadUnaligned(as: AVDOVIDecoderConfigurationRecord.self) }
    }
}

/// The box for a sample entry; its type tells old players the newer profiles from those that they know.
func dolbyVisionBox(_ record: AVDOVIDecoderConfigurationRecord) -> Box {
    let (profile, level) = (Int(record.dv_profile) & 0x7F, Int(record.dv_level) & 0x3F)
    let present = [record.rpu_present_flag, record.el_present_flag, record.bl_present_flag]
    let bits = present.reduce(profile << 6 | level) { $0 << 1 | ($1 == 0 ? 0 : 1) }
    let fields = [
        record.dv_version_major, record.dv_version_minor, UInt8(bits >> 8), UInt8(bits & 0xFF),
        record.dv_bl_signal_compatibility_id << 4,
    ]
    let type = profile > 10 ? "dvwC" : profile > 7 ? "dvvC" : "dvcC"
    return Box(type, fields + [UInt8](repeating: 0, count: 24 - fields.count))
}
