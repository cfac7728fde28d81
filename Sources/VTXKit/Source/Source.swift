// Opening the user's file: what is checked before libav sees it, and what is learnt before planning.

import Glibc
package import LibAV
package import VTXModel
import VTXPipeline
import VTXPlanning
package import VTXSystem

/// Files by path, with the checks that give better answers than libav's.
package enum SourceFile {
    /// Opens a media file.
    ///
    /// - Throws: `.noInput` if there is none, `.badMedia` if it is none or names other files.
    package static func open(_ path: String, interrupt: Interrupt? = nil) throws(VTXError) -> Demuxer {
        try check(path)
        return try Demuxer(opening: path, interrupt: interrupt)
    }

    static func check(_ path: String) throws(VTXError) {
        guard let status = FileStatus(path) else {
            let number = errno
            if path.contains("://") {
                throw VTXError(
                    .noInput, "cannot open \(path)", cause: "vtx reads local files only",
                    remedy: "download the file first")
            }
            throw SystemFailure("open", errno: number).reading(path)
        }
        switch status.kind {
        case .directory:
            throw VTXError(.noInput, "cannot open \(path)", cause: "it is a directory", remedy: "name a file inside it")
        case .link, .other:
            throw VTXError(
                .noInput, "cannot open \(path)", cause: "it is no regular file", remedy: "save it as a file first")
        case .regular:
            if status.size == 0 {
                throw VTXError(.badMedia, "cannot read \(path)", cause: "the file is empty")
            }
        }
        if access(path, R_OK) != 0 { throw SystemFailure("open").reading(path) }
    }

    /// Completes subtitle files that were named with what is in them.
    static func describe(subtitles files: inout [SubtitleFile]) throws(VTXError) {
        for index in files.indices { files[index].streams = try open(files[index].path).describe().streams }
    }

    /// How closely to look beyond what the header says.
    package enum Look {
        /// The header; of HDR video, one frame.
        case brief
        /// Also some packets and decoded frames, where planning an encode needs them.
        case planning
        /// Some decoded frames of everything that can be interlaced.
        case deep
    }

    private static func noteProtection(_ file: inout MediaDescription) {
        let schemes = protectionOfTracks(in: file.path)
        guard schemes.contains(where: { $0 != nil }) else { return }
        // Cover art is a stream to libav, and no track.
        let tracks = file.streams.indices.filter { !file.streams[$0].isCoverArt }
        for (index, scheme) in zip(tracks, schemes) { file.streams[index].encryption = scheme }
    }

    package static func describe(_ demuxer: Demuxer, _ look: Look) -> MediaDescription {
        var file = demuxer.describe()
        if file.format.hasPrefix("mov,") { noteProtection(&file) }
        for index in file.streams.indices {
            let stream = file.streams[index]
            guard var video = stream.video, !stream.isCoverArt, stream.isDecodable else { continue }
            if let hdr = video.hdr, hdr.format == .pq, let found = sampleHDR(path: file.path, stream: index) {
                video.hdr?.mastering = found.mastering
                video.hdr?.contentLight = hdr.contentLight ?? found.contentLight
                if found.mastering != nil { video.hdr?.format = .hdr10 }
            }
            if look != .brief, needsInterlaceSample(stream) {
                video.interlaceSample = sampleInterlacing(
                    path: file.path, stream: index, duration: file.duration, start: file.start)
            }
            if look == .planning, video.hasVariableFrameRate == nil {
                video.hasVariableFrameRate = sampleFrameSpacing(path: file.path, stream: index)
            }
            file.streams[index].video = video
        }
        return file
    }
}

extension Capabilities {
    /// What the libav that this process is linked with can do.
    static var ofThisBuild: Capabilities {
        Capabilities(encoders: BuildCapabilities.encoders(), filters: BuildCapabilities.filters())
    }
}
