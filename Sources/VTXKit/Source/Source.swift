// Opening the user's file: what is checked before libav sees it, and what is learnt before planning.

import Glibc
package import LibAV
package import VTXModel
import VTXPipeline
package import VTXPlanning
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
            if path == "-" {
                throw VTXError(
                    .noInput, "cannot read standard input", cause: "this command reads files only",
                    remedy: "save it as a file first")
            }
            if path.contains("://") {
                throw VTXError(
                    .noInput, "cannot open \(path)", cause: "vtx reads local files only",
                    remedy: "download the file first")
            }
            throw SystemFailure("open", errno: number).reading(path)
        }
        switch status.kind {
        case .directory:
            throw VTXError(
                .noInput, "cannot open \(path)", cause: "it is a directory",
                remedy: "name a file inside it, or use \(command: .batch) for all of them")
        case .link, .other:
            throw VTXError(
                .noInput, "cannot open \(path)", cause: "it is not a regular file",
                remedy: "save it as a file first, or give it as standard input")
        case .regular:
            if status.size == 0 {
                throw VTXError(
                    .badMedia, "cannot read \(path)", cause: "the file is empty",
                    remedy: "copy or download it again")
            }
        }
        if access(path, R_OK) != 0 { throw SystemFailure("open").reading(path) }
    }

    /// Completes subtitle files that were named with what is in them.
    ///
    /// - Parameter encoding: of text that is not UTF-8, by iconv's name.
    static func describe(subtitles files: inout [SubtitleFile], encoding: String?) throws(VTXError) {
        for index in files.indices { try describe(subtitle: &files[index], encoding: encoding) }
    }

    /// Completes a subtitle file with what is in it.
    ///
    /// - Parameter encoding: of text that is not UTF-8, by iconv's name.
    static func describe(subtitle file: inout SubtitleFile, encoding: String?) throws(VTXError) {
        try check(file.path)
        let input = try SubtitleInput(opening: file.path, encoding: encoding.flatMap(TextEncoding.init(named:)))
        file.streams = input.demuxer.describe().streams
        file.encoding = input.encoding?.name
        file.isEncodingDetected = input.isDetected
        file.hasStyles = input.hasStyles
    }

    /// How closely to look beyond what the header says.
    package enum Look {
        /// The header, and timestamps of some frames; of HDR video, one frame.
        case brief
        /// Also some decoded frames, where planning an encode needs them.
        case planning
        /// Some decoded frames of everything that can be interlaced.
        case deep
    }

    /// - Parameters:
    ///   - isSpent: whether nobody reads `demuxer` afterwards, so that timestamps can be read with it.
    ///   - choice: which program is used; `nil`: all are described.
    ///   - needsCaptions: whether captions are to be made into text: all of the video is searched for them.
    /// - Throws: `.usage` for a program that the file does not have.
    package static func describe(
        _ demuxer: Demuxer, _ look: Look, isSpent: Bool = false, program choice: ProgramChoice? = nil,
        needsCaptions: Bool = false
    ) throws(VTXError) -> MediaDescription {
        var file = demuxer.describe()
        if let choice {
            let program = try chooseProgram(
                choice, among: demuxer.programs, streams: file.streams, of: file.path)
            if let program { file = file.choosing(program) }
        }
        if file.duration == nil, file.format.hasPrefix("mov,"), let duration = fragmentedDuration(of: file.path) {
            file.duration = duration
            file.durationSource = .timestamps
        }
        let moving = file.streams.filter {
            $0.video != nil && !$0.isCoverArt && $0.isDecodable && file.isInProgram($0.index)
        }
        for stream in moving {
            let index = stream.index
            file.streams[index].compareWithFrames(of: file, in: demuxer)
            guard var video = file.streams[index].video else { continue }
            let own = file.program(of: index)
            if let hdr = video.hdr, hdr.format == .pq, let found = sampleHDR(path: file.path, stream: index) {
                video.hdr?.mastering = found.mastering
                video.hdr?.contentLight = hdr.contentLight ?? found.contentLight
                if found.mastering != nil { video.hdr?.format = .hdr10 }
            }
            let packets = PacketSampler()
            let timing = sampleFrameTiming(
                of: stream, in: own, irregular: demuxer.irregularTime(of: index), packets: packets,
                reader: isSpent && moving.count == 1 ? demuxer : nil)
            if let timing { video.take(timing) }
            video.captions = packets.captions
            if needsCaptions { video.findCaptions(in: file.path, stream: index, interrupt: demuxer.interrupt) }
            if packets.lacksBaseLayer { video.markLackOfBaseLayer() }
            file.streams[index].video = video
            if look != .brief, needsInterlaceSample(file.streams[index]) {
                video.interlaceSample = sampleInterlacing(
                    path: file.path, stream: index, duration: own.duration, start: own.start)
            }
            file.streams[index].video = video
        }
        return file
    }
}

extension VideoDescription {
    /// Looks for captions that can become text in all of the video, if the sample has none.
    fileprivate mutating func findCaptions(in path: String, stream: Int, interrupt: Interrupt?) {
        guard !CaptionChannel.convertible.contains(where: { captions?.contains($0) ?? false }) else { return }
        captions = scanCaptions(path: path, stream: stream, interrupt: interrupt) ?? captions
    }

    /// Replaces what the header or libav's guess says by what timestamps say.
    fileprivate mutating func take(_ timing: FrameTiming) {
        var timing = timing
        // Fields that come one by one: two of them are a frame.
        if !timing.isVariable, fieldOrder.isInterlaced, let average = averageFrameRate,
            abs(timing.rate.value / average.value - 2) < 0.02
        {
            timing.rate = timing.rate / Rational(2)
        }
        hasVariableFrameRate = timing.isVariable
        nominalFrameRate = timing.rate
        let said = averageFrameRate.map { $0.value / timing.average.value } ?? 0
        if !timing.isVariable {
            averageFrameRate = timing.rate
        } else if !(0.1...2).contains(said) {
            averageFrameRate = timing.average
        }
    }
}

extension Capabilities {
    /// What can be used here; hardware is only tried where it is asked for.
    static func ofThisMachine(_ choice: EncoderChoice) -> Capabilities {
        var capabilities = ofThisBuild
        if choice != .software { capabilities.hardware = HardwareProbe.findings() }
        return capabilities
    }

    /// What the libav that this process is linked with can do.
    static var ofThisBuild: Capabilities {
        Capabilities(encoders: BuildCapabilities.encoders(), filters: BuildCapabilities.filters())
    }
}
