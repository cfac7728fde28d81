// Tracks of text: their codec, language and encoding.

import CLibAV
import VTXModel
package import VTXSystem

extension Demuxer {
    /// The codec, also of tracks that libav's reader does not know.
    func codec(of stream: Int) -> AVCodecID {
        texts[stream]?.isWebVTT == true ? AV_CODEC_ID_WEBVTT : streams[stream]!.pointee.codecpar.pointee.codec_id
    }

    /// Reads what libav does not tell of the tracks.
    func readTracks() {
        let format = string(context!.pointee.iformat.pointee.name) ?? ""
        if format.hasPrefix("matroska") {
            let tracks = matroskaTracks(of: path).filter(\.isStream)
            // Attachments come after the tracks.
            guard tracks.count <= streams.count else { return }
            for (index, track) in tracks.enumerated() {
                let parameters = streams[index]!.pointee.codecpar.pointee
                languageTags[index] = track.tag.flatMap { says($0, moreThan: track.language) ? $0 : nil }
                if track.type == 1, track.crop.contains(where: { $0 != 0 }) { crops[index] = track.crop }
                if track.type == 17, track.codec == "S_TEXT/WEBVTT", parameters.codec_id == AV_CODEC_ID_NONE {
                    texts[index] = TrackText(isWebVTT: true, isPlain: true)
                }
            }
        } else if isISO {
            movieTracks = LibAV.movieTracks(of: path)
            for (index, stream) in streams.enumerated() {
                let language = entries(of: stream!.pointee.metadata)["language"] ?? "und"
                languageTags[index] = movieTrack(of: index)?.languageTag.flatMap {
                    says($0, moreThan: language) ? $0 : nil
                }
            }
        }
    }

    /// A track by its boxes; `nil` for other formats, and for cover art, which is a stream to libav and no track.
    func movieTrack(of stream: Int) -> MovieTrack? { movieTracks[Int(streams[stream]!.pointee.id)] }

    /// Whether any track of an MP4 or MOV has more than one sample description.
    package var changesSampleDescription: Bool { movieTracks.values.contains { $0.sampleEntries.count > 1 } }

    /// Whether a BCP 47 tag has a script or region, or another language than the older field.
    private func says(_ tag: String, moreThan language: String) -> Bool {
        guard let primary = tag.split(separator: "-").first, primary != "und" else { return false }
        func name(_ code: String) -> String { LanguageCode(code)?.three ?? code }
        return tag.contains("-") || name(String(primary)) != name(language)
    }

    func followTexts() {
        for (index, stream) in streams.enumerated() where texts[index] == nil {
            let parameters = stream!.pointee.codecpar.pointee
            guard parameters.codec_type == AVMEDIA_TYPE_SUBTITLE, parameters.codec_id != AV_CODEC_ID_MOV_TEXT,
                // Two bytes of commands and characters at a time, in a code of their own.
                parameters.codec_id != AV_CODEC_ID_EIA_608,
                let properties = avcodec_descriptor_get(parameters.codec_id)?.pointee.props,
                properties & AV_CODEC_PROP_TEXT_SUB != 0
            else { continue }
            texts[index] = TrackText(isWebVTT: false, isPlain: true)
        }
    }

    /// Whether a stream is subtitles of text.
    package func isText(_ stream: Int) -> Bool {
        let properties = avcodec_descriptor_get(codec(of: stream))?.pointee.props ?? 0
        return properties & AV_CODEC_PROP_TEXT_SUB != 0
    }

    /// How the text of a track was read so far; `nil` if it has none.
    package func textReading(of stream: Int) -> TextReading? { texts[stream]?.reading }

    /// Says what text of a track is in if it is not UTF-8.
    package func setTextEncoding(_ encoding: TextEncoding?, of stream: Int) { texts[stream]?.given = encoding }

    /// Text of a track from its beginning, as it is in the file: enough to recognize its encoding.
    func textSample(of stream: Int) -> [UInt8] {
        guard let other = try? Demuxer(opening: path, interrupt: interrupt) else { return [] }
        other.texts = [:]
        other.keepOnly([stream])
        var bytes: [UInt8] = []
        while bytes.count < 1 << 18, let packet = try? other.read() {
            packet.withBytes { bytes += $0 }
            bytes.append(0x0A)
        }
        return bytes
    }
}
