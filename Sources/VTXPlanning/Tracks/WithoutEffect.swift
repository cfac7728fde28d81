// Options that the source gives no occasion for.

import VTXModel

/// A setting, and whether it was asked for.
typealias AskedSetting = (setting: Setting, isSet: Bool)

/// What was asked of streams that the source does not have: a batch may ask the same of all its files.
///
/// - Parameters:
///   - video: what nothing but video can follow; empty if none is wanted.
///   - audio: what nothing but audio can follow.
func withoutEffect(
    video: [AskedSetting], audio: [AskedSetting], on source: MediaDescription
) -> [Decision] {
    func left(_ settings: [AskedSetting], _ kind: StreamDescription.Kind) -> Decision? {
        let has = source.streams.contains { $0.kind == kind && !$0.isCoverArt }
        let set = settings.filter(\.isSet).map(\.setting)
        return has || set.isEmpty ? nil : .output(.withoutEffect(set, kind))
    }
    return [left(video, .video), left(audio, .audio)].compactMap { $0 }
}
