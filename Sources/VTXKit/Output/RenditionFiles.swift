// The renditions of a package while they are written, whether they are encoded or copied.

import LibAV
import VTXModel
import VTXBitstream
import VTXPackaging
import VTXPipeline
import VTXSystem

/// Where stages leave what they produce.
final class RenditionFiles: @unchecked Sendable {
    // @unchecked: writers are added before the stages run, and each belongs to one of them; cues are guarded.
    private(set) var writers: [String: RenditionWriter] = [:]
    private let directory: String
    private let type: SegmentType
    private let isSingleFile: Bool
    private let encryption: PackageEncryption?
    private let cues: Guarded<[[VTXPackaging.SubtitleCue]]>

    /// - Parameter subtitles: how many tracks of them there are.
    init(
        directory: String, type: SegmentType, isSingleFile: Bool, encryption: PackageEncryption?, subtitles: Int
    ) {
        self.directory = directory
        self.type = type
        self.isSingleFile = isSingleFile
        self.encryption = encryption
        cues = Guarded(Array(repeating: [], count: subtitles))
    }

    func add(_ name: String, _ role: RenditionRole) throws(VTXError) {
        writers[name] = try RenditionWriter(
            name: name, role: role, package: directory, type: type, isSingleFile: isSingleFile,
            encryptor: try encryption?.encryptor(for: name, isAudio: !role.isVideo))
    }

    func take(_ event: RenditionEvent, of name: String) throws {
        guard let writer = writers[name] else { throw VTXError(.internal, "no rendition '\(name)'") }
        try writer.take(event)
    }

    func take(_ cue: LibAV.SubtitleCue, of index: Int) {
        cues.with {
            $0[index].append(VTXPackaging.SubtitleCue(start: cue.start, end: cue.end, text: cue.text))
        }
    }

    var duration: MediaTime { writers.values.map(\.duration).max() ?? .zero }

    /// - Parameters:
    ///   - video: names of the renditions of the picture.
    ///   - audio: names of the renditions of the audio with the group and label of each.
    ///   - subtitles: one for each track.
    func contents(
        video: [String], audio: [(name: String, group: String, label: TrackLabel)],
        subtitles: [(name: String, label: TrackLabel)]
    ) -> PackageContents {
        var contents = PackageContents(type: type, directory: directory)
        contents.video = video.compactMap { writers[$0] }
        contents.audio = audio.compactMap { item in writers[item.name].map { ($0, item.group, item.label) } }
        let texts = cues.with { $0 }
        contents.subtitles = zip(subtitles, texts).map { ($0.name, $0.label, $1) }
        return contents
    }
}
