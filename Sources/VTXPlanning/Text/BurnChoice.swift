// Which subtitle is drawn into the video.

/// A subtitle that is to be drawn into the video.
public enum BurnChoice: Hashable, Sendable {
    /// A track of the source: its position among the subtitle tracks, from 1.
    case track(Int)
    /// The first track of a file, opened and described by the caller. Its times count from the start of the source.
    case file(SubtitleFile)

    /// The position of a track of the source.
    var track: Int? { if case .track(let number) = self { number } else { nil } }

    /// The file, if it is one.
    public var file: SubtitleFile? { if case .file(let file) = self { file } else { nil } }
}
