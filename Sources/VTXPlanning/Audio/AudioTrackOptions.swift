// What is asked of audio tracks, in files and packages.

import VTXModel

/// Options of all audio tracks; `nil` means: decide from the source and the target.
struct AudioTrackOptions {
    var preset: Preset
    var codec = AudioChoice.automatic
    /// Which tracks are taken.
    var tracks = TrackSelection.automatic
    var channels = ChannelChoice.keep
    /// Hz.
    var sampleRate: Int?
    /// Bits per second of each track.
    var bitRate: Int64?
    /// LUFS.
    var loudness: Double?
    var filters = FilterOptions()
}

extension AudioTrackOptions {
    /// Whether any audio is taken.
    var isWanted: Bool { codec != .none && tracks != .none }

    /// The options that only an encoder can follow.
    var needingEncoder: [(setting: Setting, isSet: Bool)] { needingAudio + filters.ofBoth }

    /// Those that nothing but audio can follow.
    var needingAudio: [(setting: Setting, isSet: Bool)] {
        [
            (.channels, channels != .keep), (.sampleRate, sampleRate != nil), (.audioBitRate, bitRate != nil),
            (.loudness, loudness != nil),
        ] + filters.ofAudio
    }
}
