// What can be asked of the audio.

public import VTXModel

/// What to do with the audio.
public enum AudioChoice: Hashable, Sendable {
    case automatic, copy, none
    case codec(AudioCodec)
}

/// Channel layout of the output.
public enum ChannelChoice: String, Hashable, Sendable, CaseIterable {
    case keep, mono, stereo
    case surround51 = "5.1"
}
