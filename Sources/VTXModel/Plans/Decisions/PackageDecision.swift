/// What a planner decides about existing files that become a package.
public enum PackageDecision: Hashable, Codable, Sendable {
    /// One of several video streams of a file is used.
    case chosenVideo(path: String, stream: Int, of: Int)
    /// Something that players may not cope with stays as it is.
    case keptFault(path: String, PackageFault)
    /// A file's audio is not used; `serving`: the file whose audio is, `nil` if audio files are given.
    case leftOutAudio(path: String, serving: String?)
    /// A file's subtitles are not used because those of `serving` are.
    case leftOutSubtitles(path: String, serving: String)
    /// The file announces a track and has nothing of it.
    case emptyTrack(path: String, stream: Int)
    /// An audio codec, by libav's name, that the segments do not take.
    case leftOutTrack(path: String, stream: Int, codec: String, SegmentType)

    /// A rendition begins late: what comes before its first key frame is lost.
    case cutStart(rendition: String, path: String, MediaTime)
    /// Frames are not on the grid of a constant rate; the average in frames per second.
    case averageRate(rendition: String, Rational)
    /// Renditions of different durations.
    case unequalEnds(longest: String, MediaTime, shortest: String, MediaTime)
    /// Starts of two files are aligned.
    case alignedStarts(first: String, MediaTime, second: String, MediaTime)
    /// Segments are longer than asked because key frames in common are rare.
    case longSegments(MediaTime)
    /// An audio file's own start becomes 0.
    case movedAudio(path: String, start: MediaTime, video: MediaTime)
    /// Silence fills the time before the audio.
    case silence(rendition: String, MediaTime)
    /// Audio begins late.
    case lateAudio(rendition: String, MediaTime)
    /// Audio is cut where the video ends.
    case cutAudio(rendition: String, MediaTime)
    /// Audio ends before the video.
    case shortAudio(rendition: String, MediaTime)
}

/// A property of existing video that players may not cope with.
public enum PackageFault: Hashable, Codable, Sendable {
    /// Interlaced.
    case interlaced
    /// Rotated or mirrored by a display matrix only.
    case rotated
    /// A side is odd.
    case oddSize
    /// Dolby Vision of a profile that playlists have no name for.
    case unnamedDolbyVision(profile: Int)
}
