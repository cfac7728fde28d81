// A finished package as manifests describe it: what was written, measured and read back, in no format's terms.

package import VTXModel

/// All that a manifest says about a package.
package struct PackageDescription: Sendable {
    /// Renditions of video, in the order of the plan.
    package var video: [PackagedRendition]
    /// Groups of audio that is interchangeable, in the order of the plan. Empty without audio.
    package var audioGroups: [AudioGroup]
    /// Tracks of subtitles; they are shown with any video.
    package var subtitles: [SubtitleTrack]
    /// How thumbnails lie on sprite sheets; `nil` without thumbnails.
    package var thumbnails: SpriteLayout?
    /// 90 kHz timestamp of the media at output time 0.
    package var timestampOrigin: Int64
    /// What the media is called, one line without control characters; `nil`: nobody says.
    package var title: String?

    /// - Parameters: as the properties.
    package init(
        video: [PackagedRendition] = [], audioGroups: [AudioGroup] = [], subtitles: [SubtitleTrack] = [],
        thumbnails: SpriteLayout? = nil, timestampOrigin: Int64 = 0
    ) {
        self.video = video
        self.audioGroups = audioGroups
        self.subtitles = subtitles
        self.thumbnails = thumbnails
        self.timestampOrigin = timestampOrigin
    }

    /// Audio of which a player plays one member at a time.
    package struct AudioGroup: Sendable {
        /// Unique in the package.
        package var name: String
        /// In the order of the source; at least one.
        package var members: [Member]

        /// - Parameters:
        ///   - name: unique in the package.
        ///   - members: at least one.
        package init(name: String, members: [Member]) {
            self.name = name
            self.members = members
        }
    }

    /// A rendition of audio in a group. It may be a member of others too, with another label.
    package struct Member: Sendable {
        /// The files.
        package var rendition: PackagedRendition
        /// Language, title and role.
        package var label: TrackLabel

        /// - Parameters:
        ///   - rendition: the files.
        ///   - label: language, title and role.
        package init(_ rendition: PackagedRendition, label: TrackLabel) {
            self.rendition = rendition
            self.label = label
        }
    }

    /// A track of subtitles, not yet written.
    package struct SubtitleTrack: Sendable {
        /// Its directory in the package.
        package var name: String
        /// Language, title and role.
        package var label: TrackLabel
        /// In any order.
        package var cues: [SubtitleCue]

        /// - Parameters: as the properties.
        package init(name: String, label: TrackLabel, cues: [SubtitleCue]) {
            self.name = name
            self.label = label
            self.cues = cues
        }
    }
}

extension PackageDescription {
    /// All renditions with media, video first, each once.
    package var renditions: [PackagedRendition] {
        var names = Set<String>()
        return (video + audioGroups.flatMap { $0.members.map(\.rendition) }).filter { names.insert($0.name).inserted }
    }

    /// Of the longest rendition.
    package var duration: MediaTime { renditions.map(\.duration).max() ?? .zero }

    /// The longest segment of all audio and video in seconds, rounded, at least 1. Bit rates are measured over
    /// spans of about this length (RFC 8216, 4.1), and HLS wants one value for a package (6.2.4).
    package var targetDuration: Int64 { renditions.map(\.targetDuration).max() ?? 1 }

    /// The measured rates of all audio and video, by name.
    package var bitRates: [String: BitRates] {
        let target = targetDuration
        return Dictionary(renditions.map { ($0.name, $0.bitRates(target: target)) }) { first, _ in first }
    }
}
