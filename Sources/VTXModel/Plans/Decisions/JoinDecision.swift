/// What a planner decides about files that are joined.
public enum JoinDecision: Hashable, Codable, Sendable {
    /// A track of the output: its video, or audio counted from 1.
    public enum Track: Hashable, Codable, Sendable {
        case video
        case audio(Int)

        var name: String {
            switch self {
            case .video: "video"
            case .audio(let number): "audio \(number)"
            }
        }
    }

    /// The packets of all parts fit together.
    case copied(Track, parts: Int)
    /// They do not: a part, by its path, differs from the first one.
    case encoded(Track, path: String, because: JoinObstacle)
    /// A part gets the size and rate of the first one.
    case shaped(path: String, from: PixelSize, to: PixelSize)
    /// A part has no such track: silence is written.
    case silence(path: String, track: Int)
    /// Tracks that the first part does not have.
    case droppedTracks(path: String, StreamDescription.Kind, count: Int)
    /// Kinds of tracks that are not joined.
    case notJoined(path: String, [StreamDescription.Kind])
    /// So many chapters of a part are left out: each part is a chapter.
    case replacedChapters(path: String, count: Int)
    /// Cover art of a part is left out.
    case droppedCover(path: String)
    /// Audio ends before the video of its part by so much: silence is written.
    case filled(path: String, track: Int, MediaTime)
    /// Audio goes on for so much after the video of its part, and is cut.
    case cut(path: String, track: Int, MediaTime)
    /// Audio begins so much before the video of its part, and is cut.
    case cutStart(path: String, track: Int, MediaTime)
    /// The first frame of a part is shown so much before it is due, from where its audio begins.
    case early(path: String, MediaTime)
    /// The last frame of a part is held for so much, until its audio ends.
    case held(path: String, MediaTime)
}

/// Why packets of a part cannot follow those of the first one.
public enum JoinObstacle: Hashable, Codable, Sendable {
    /// An encoder was asked for.
    case asked
    /// The container does not support the codec, by libav's name.
    case container(codec: String, Container)
    /// Other codecs, by libav's names.
    case codec(String, first: String)
    /// The same codec with other parameter sets.
    case parameterSets
    case size(PixelSize, first: PixelSize)
    case frameRate(Rational, first: Rational)
    /// Frames that an edit list hides.
    case editList
    case pixelFormat(String, first: String)
    /// Rotation, shape of pixels, or colours.
    case appearance
    case sampleRate(Int, first: Int)
    case layout(String, first: String)
    /// Frames before the first keyframe, which refer to frames that another file had.
    case openStart
    /// The audio leaves a gap of so much where the next part begins.
    case gap(MediaTime)
    /// The audio begins so much after the video.
    case lateAudio(MediaTime)
    /// The video begins so much after the audio.
    case lateVideo(MediaTime)
    /// A part without such a track.
    case missing
    /// Packets without timestamps.
    case untimed
    /// A container that keeps no timestamps.
    case timeless(Container)
    /// Frames that carry their number, as those of FLAC do.
    case numbered
}

extension JoinDecision {
    /// The decision for people.
    var text: DecisionText {
        switch self {
        case .copied(let track, let parts):
            DecisionText(track.name, "copied", because: "codec and parameter sets of all \(parts) parts are the same")
        case .encoded(let track, let path, let obstacle):
            DecisionText(track.name, "encoded", because: obstacle.text(path))
        case .shaped(let path, let size, let target):
            DecisionText(path, "\(size) fitted into \(target)", because: "all of the output has one size")
        case .silence(let path, let track):
            DecisionText(path, "silence for audio \(track)", because: "it has no such track")
        case .droppedTracks(let path, let kind, let count):
            DecisionText(
                path, "left out \(counted(count, "\(kind.rawValue) track"))", because: "the first part has fewer")
        case .notJoined(let path, let kinds):
            DecisionText(
                path, "left out its \(kinds.map(\.rawValue).joined(separator: ", ")) tracks",
                because: "only video and audio are joined")
        case .replacedChapters(let path, let count):
            DecisionText(path, "left out its \(counted(count, "chapter"))", because: "each part becomes one chapter")
        case .droppedCover(let path):
            DecisionText(path, "left out its cover art", because: "only video and audio are joined")
        case .filled(let path, let track, let gap):
            DecisionText(path, "\(gap) of silence added to audio \(track)", because: "it ends before the video")
        case .cut(let path, let track, let excess):
            DecisionText(path, "the last \(excess) of audio \(track) cut", because: "the video ends before it")
        case .cutStart(let path, let track, let excess):
            DecisionText(path, "the first \(excess) of audio \(track) cut", because: "the video begins after it")
        case .early(let path, let time):
            DecisionText(path, "the first frame is shown \(time) longer", because: "the audio begins before the video")
        case .held(let path, let time):
            DecisionText(path, "the last frame is held for \(time)", because: "the audio ends after the video")
        }
    }
}

extension JoinObstacle {
    /// The reason for people.
    ///
    /// - Parameter path: of the part.
    fileprivate func text(_ path: String) -> Message {
        switch self {
        case .asked: "asked for"
        case .container(let codec, let container): "\(container.title) does not support \(codec), as in \(path)"
        case .codec(let codec, let first): "\(path) is \(codec), the first part \(first)"
        case .parameterSets: "\(path) has other parameter sets than the first part"
        case .size(let size, let first): "\(path) is \(size), the first part \(first)"
        case .frameRate(let rate, let first): "\(path) has \(rate) fps, the first part \(first)"
        case .editList: "\(path) has frames that its edit list hides"
        case .pixelFormat(let format, let first): "\(path) is \(format), the first part \(first)"
        case .appearance: "\(path) differs from the first part in rotation, pixel aspect ratio or colors"
        case .sampleRate(let rate, let first): "\(path) has \(rate) Hz, the first part \(first) Hz"
        case .layout(let layout, let first): "\(path) is \(layout), the first part \(first)"
        case .openStart: "\(path) begins with frames that refer to frames before them"
        case .gap(let time): "the audio of \(path) ends \(time) before its video"
        case .lateAudio(let time): "the audio of \(path) begins \(time) after its video"
        case .lateVideo(let time): "the video of \(path) begins \(time) after its audio"
        case .missing: "\(path) has no such track"
        case .untimed: "\(path) has packets without timestamps"
        case .timeless(let container): "\(container.title) keeps no timestamps"
        case .numbered: "frames of FLAC are numbered, which copying cannot change"
        }
    }
}
