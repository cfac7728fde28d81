// What can be asked of the video.

public import VTXModel

/// What to do with the video.
public enum VideoChoice: Hashable, Sendable {
    case automatic, copy, none
    case codec(VideoCodec)
}

/// The size of the output in square pixels.
public enum VideoFit: Hashable, Sendable {
    /// This many rows; the width follows from the aspect ratio. May enlarge.
    case height(Int)
    /// The shorter side has this many pixels: rows of landscape video, columns of portrait video. Never enlarged.
    case shortSide(Int)
    /// Exactly this size; what the frame does not cover is black.
    case size(PixelSize)
    /// The largest size within these bounds; never enlarged.
    case box(PixelSize)

    /// What asks for it.
    var setting: Setting {
        switch self {
        case .height: .height
        case .shortSide: .resolution
        case .size: .size
        case .box: .fit
        }
    }
}

/// What happens to a high dynamic range.
public enum HDRChoice: String, Hashable, Sendable, CaseIterable {
    /// Mapped to BT.709.
    case toneMap = "tonemap"
    /// Passed on, 10 bits deep, with its metadata.
    case keep
}

/// When to deinterlace, and whether to keep one frame or one for each field.
public enum DeinterlaceChoice: String, Hashable, Sendable, CaseIterable {
    /// If flags or a decoded sample say so; one frame for each frame.
    case automatic = "auto"
    case off
    /// Always, one frame for each frame.
    case frame
    /// Always, one frame for each field: twice the frame rate.
    case field
    /// 3:2 pulldown is undone: four fifths of the frame rate.
    case pulldown
}

/// What happens to closed captions inside the video (CEA-608 and CEA-708).
public enum CaptionChoice: String, Hashable, Sendable, CaseIterable {
    /// They stay in the video, where the codec can carry them.
    case keep
    /// The first channel becomes a text track, and the video is written without them.
    case webVTT = "webvtt"
    /// The video is written without them.
    case drop
}
