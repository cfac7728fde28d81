// What is asked of subtitle tracks, in files and packages.

/// Options of all subtitle tracks.
struct TextTrackOptions {
    /// Which tracks of the source are taken.
    var tracks = TrackSelection.automatic
    /// Files whose tracks are added.
    var files: [SubtitleFile] = []
    /// What text that is not UTF-8 is in, by iconv's name; `nil`: what is detected.
    var encoding: String?
    /// A track that is burnt into the video and therefore not written: its position, from 1.
    var burn: Int?
    /// Whether a missing encoder is an error; otherwise tracks that need it are left out.
    var needsEncoder = false
}
