// What is extracted: the output's name tells the form, the options tell the rest.

import VTXModel

extension ExtractOptions {
    /// What is to be made.
    ///
    /// - Throws: `.usage` for a name that nothing is written to, and for options that contradict it or each other.
    func kind(of source: MediaDescription) throws(VTXError) -> ExtractPlan.Kind {
        if textCodec != nil {
            try refuse(ofImages, because: "'\(output)' is a file of text", remedy: "leave out the option")
            return .subtitles
        }
        try refuse(
            ofText, because: "'\(output)' is not a file of text", remedy: "use the name of an .srt, .vtt or .ass file")
        let ways = ofImages.prefix(4).filter(\.isSet).map(\.setting)
        guard ways.count < 2 else {
            throw VTXError(.usage, "\(Message.list(ways)) cannot be combined", remedy: "give one of them")
        }
        let kind = try imageKind(of: source)
        try refuse(unused(by: kind), because: "of no use for \(kind.words)", remedy: "leave out the option")
        return kind
    }

    private func imageKind(of source: MediaDescription) throws(VTXError) -> ExtractPlan.Kind {
        if interval != nil { return .frames }
        guard let format = ImageFormat(fileExtension: suffix) else { throw unknownName() }
        if takesCover { return .cover }
        if grid != nil { return .sheet }
        if format == .gif || (format.animation != nil && (frameRate != nil || isCut)) {
            guard time == nil else {
                throw VTXError(
                    .usage, "\(.frameTime) takes one frame, and '\(output)' is an animation",
                    remedy: "use a .png or .jpg name, or \(.start) and \(.duration)")
            }
            return .clip
        }
        if source.tracks(.video).isEmpty, source.coverArt.count > 0, time == nil { return .cover }
        return .frame
    }

    private func unknownName() -> VTXError {
        let known = ".srt .vtt .ass for subtitles, .png .jpg .webp for frames, .gif .webp for animations"
        guard !suffix.isEmpty else {
            return VTXError(
                .usage, "the output '\(output)' has no extension to tell what is extracted",
                remedy: "possible are \(known); \(.frameInterval, "SECONDS") writes frames to a directory")
        }
        guard Container(fileExtension: suffix) == nil else {
            return VTXError(
                .usage, "'.\(suffix)' is not extracted ('\(output)')",
                remedy: "use \(command: .transcode), with \(.video, "none") for audio alone")
        }
        return VTXError(
            .usage, "'.\(suffix)' is not a format that is extracted ('\(output)')", remedy: "possible are \(known)")
    }

    /// Options that change nothing of what is made.
    private func unused(by kind: ExtractPlan.Kind) -> [(setting: Setting, isSet: Bool)] {
        let size: [(setting: Setting, isSet: Bool)] = [(.height, height != nil)]
        let tile: [(setting: Setting, isSet: Bool)] = [(.tileWidth, tileWidth != nil)]
        let rate: [(setting: Setting, isSet: Bool)] = [(.frameRate, frameRate != nil)]
        let named: [(setting: Setting, isSet: Bool)] = [(.imageFormat, format != nil)]
        switch kind {
        case .subtitles: return []
        case .cover: return size + tile + rate + named + ofCut
        case .frame: return tile + rate + named + ofCut
        case .frames: return tile + rate
        case .sheet: return size + rate + named
        case .clip: return tile + named
        }
    }
}

extension ExtractPlan.Kind {
    /// What it is called in messages.
    package var words: String {
        switch self {
        case .subtitles: "subtitles"
        case .cover: "cover art"
        case .frame: "one frame"
        case .frames: "frames in a directory"
        case .sheet: "a contact sheet"
        case .clip: "an animation"
        }
    }
}

extension MediaDescription {
    /// Images that are attached to the file.
    var coverArt: [StreamDescription] { streams.filter(\.isCoverArt) }
}
