// The errors and decisions for sources of which nothing becomes a track.

import VTXModel

/// - Throws: `.badMedia` if a source has neither audio nor video.
func requireMedia(_ source: MediaDescription) throws(VTXError) {
    guard source.tracks(.video).isEmpty, source.tracks(.audio).isEmpty else { return }
    throw VTXError(.badMedia, "'\(source.path)' has no audio or video")
}

/// The error for a source of which no track is left.
func nothingLeft(of context: TrackContext, output: String, wantsAudio: Bool) -> VTXError {
    let source = context.source
    let audio = source.tracks(.audio)
    if context.rules.isAudioOnly, audio.isEmpty {
        return VTXError(
            .usage, "'\(source.path)' has no audio to write to '\(output)'",
            remedy: "choose a container for video, such as .mp4")
    }
    if wantsAudio, let broken = audio.first(where: { !$0.isUsableAudio }) {
        return VTXError(
            .unavailable, "this libav has no decoder for \(broken.codecWords), the audio of '\(source.path)'",
            remedy: "an FFmpeg build with that decoder can read it")
    }
    return VTXError(
        .usage, "nothing of '\(source.path)' is left to write to '\(output)'",
        remedy: "do not leave out both audio and video")
}

/// - Throws: `.badMedia` for a track that the file announces and has nothing of.
func requireSamples(of stream: StreamDescription, in source: MediaDescription) throws(VTXError) {
    guard stream.hasNoSamples else { return }
    throw VTXError(
        .badMedia, "stream \(stream.index) (\(stream.codec)) of '\(source.path)' has no samples",
        remedy: "leave the track out")
}

/// - Throws: `.badMedia` for a track that nobody can read without a key.
func refuseEncrypted(_ stream: StreamDescription, of source: MediaDescription) throws(VTXError) {
    guard let scheme = stream.encryption else { return }
    throw VTXError(
        .badMedia, "stream \(stream.index) (\(stream.codec)) of '\(source.path)' is encrypted (\(scheme))",
        cause: "its samples cannot be read without the key",
        remedy: "decrypt the file first, or leave the track out")
}
