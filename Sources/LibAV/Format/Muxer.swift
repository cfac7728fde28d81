// A media file opened for writing.

import CLibAV
package import VTXModel

/// Writes packets of several streams, interleaved by time. Stays on one thread after it was made.
package final class Muxer: @unchecked Sendable {
    // @unchecked: used by one stage at a time.
    var context: UnsafeMutablePointer<AVFormatContext>?
    private var lastDecoding: [Int64?] = []
    private var reorderings: [DecodingTimes] = []
    /// Streams whose decoding times are made of the order of display, whatever their packets say.
    private let orderedStreams: Set<Int>
    /// A stream with a packet that would be decoded after it is shown, which no container stores.
    package private(set) var lateStream: Int?
    /// The latest packet of each stream whose last one in file order is not the last one shown.
    private var tails: [PacketTail?] = []
    /// Of video whose reference frames come without the time of display.
    private var references: [ReferenceTimes?] = []
    /// By stream.
    private var filters: [BitstreamFilter?] = []
    private var hasHeader = false
    let target: OutputTarget
    private let format: String
    /// What is put right in MP4's tracks in the end, in the order of the file.
    var edits: [MovieTrackEdit] = []
    /// Where each stream of video ends for viewers, and its place in `edits`.
    private var ends: [(end: ShownEnd, edit: Int)?] = []
    var hasMarkedLanguages = false
    var tags: MovieTags?
    /// Bytes of packets that wait for the header of a movie, in a pipe.
    var heldBytes = 0
    /// Bytes of packets that wait at most.
    static let mostHeld = 32 << 20
    /// Packets whose decoding time had to be moved to keep the order.
    package private(set) var repairedTimes = 0

    /// Creates the file.
    ///
    /// - Parameters:
    ///   - path: must not exist yet; nothing else is touched.
    ///   - format: libavformat's name of the muxer.
    package convenience init(creating path: String, format: String) throws(AVFailure) {
        try self.init(writing: .file(path), format: format)
    }

    /// Creates the file, or begins with the pipe.
    ///
    /// - Parameters:
    ///   - format: libavformat's name of the muxer.
    ///   - orderedStreams: those whose packets get their decoding times from the order of display.
    package init(
        writing target: OutputTarget, format: String, orderedStreams: Set<Int> = []
    ) throws(AVFailure) {
        self.target = target
        self.format = format
        self.orderedStreams = orderedStreams
        Log.forget()
        let url = if case .file(let path) = target { "file:" + path } else { "pipe:" }
        // deinit also runs when this throws.
        try check(
            url.withCName { avformat_alloc_output_context2(&context, nil, format, $0) }, "make the \(format) writer")
        // Matroska and Ogg number their files and tracks at random otherwise.
        context!.pointee.flags |= AVFMT_FLAG_BITEXACT
        // As libav's command line has it: frames of audio share transport packets, and the clock runs ahead of them.
        if format == "mpegts" { context!.pointee.max_delay = 700_000 }
        if let pipe = target.pipe {
            context!.pointee.pb = try pipe.open()
            context!.pointee.flags |= AVFMT_FLAG_CUSTOM_IO
            return
        }
        let code = url.withCName { avio_open2(&context!.pointee.pb, $0, AVIO_FLAG_WRITE, nil, nil) }
        if code < 0 { throw AVFailure("create the file", code, from: .name) }
    }

    deinit {
        if let context, context.pointee.pb != nil { _ = closeOutput() }
        avformat_free_context(context)
    }

    private func closeOutput() -> Int32 {
        guard target.pipe != nil else { return avio_closep(&context!.pointee.pb) }
        PipeOutput.close(&context!.pointee.pb)
        return 0
    }

    package static func needsGlobalHeader(format: String) -> Bool {
        guard let muxer = av_guess_format(format, nil, nil) else { return false }
        return muxer.pointee.flags & AVFMT_GLOBALHEADER != 0
    }

    /// Bytes written so far.
    package var bytes: Int64 { context!.pointee.pb.map { max(0, avio_tell($0)) } ?? 0 }

    /// - Parameters:
    ///   - tag: four characters for the container, or `nil` for the muxer's own.
    /// - Returns: the stream's index.
    package func addStream(
        _ parameters: CodecParameters, timeBase: Rational, label: TrackLabel, tag: String? = nil,
        metadata: [String: String] = [:]
    ) throws(AVFailure) -> Int {
        let stream = try parameters.addStream(to: context!, timeBase: timeBase, tag: tag)
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
            av_dict_set(&stream.pointee.metadata, key, value, 0)
        }
        // After the tags, which may name another language in capitals: keys are the same to libav then.
        if let title = label.title {
            av_dict_set(&stream.pointee.metadata, "title", title, 0)
            // MP4 writes `title` to a box that libav itself does not read, and this one to the handler.
            av_dict_set(&stream.pointee.metadata, "handler_name", title, 0)
        }
        stream.pointee.disposition = dispositionBits(label.disposition)
        name(stream, label, configuration: format == "mov" ? parameters.dolbyVisionBox : nil)
        filters.append(try filter(for: parameters, base: timeBase))
        lastDecoding.append(nil)
        reorderings.append(DecodingTimes(delay: Int(parameters.pointer.pointee.video_delay)))
        let delay = parameters.pointer.pointee.video_delay
        tails.append(isMovie && delay > 0 ? PacketTail() : nil)
        references.append(ReferenceTimes(parameters))
        let isCover = stream.pointee.disposition & AV_DISPOSITION_ATTACHED_PIC != 0
        ends.append(isMovie && !isCover && delay > 0 ? (ShownEnd(), edits.count - 1) : nil)
        return Int(stream.pointee.index)
    }

    /// Writes the language, and notes what libav's writer leaves for later.
    ///
    /// - Parameter configuration: a box that belongs into the sample entry.
    private func name(
        _ stream: UnsafeMutablePointer<AVStream>, _ label: TrackLabel, configuration: Box?
    ) {
        let type = stream.pointee.codecpar.pointee.codec_type
        var language = label.language
        var edit = MovieTrackEdit(configuration: configuration?.bytes ?? [])
        if let tag = label.language.flatMap(LanguageTag.init), tag.isDetailed {
            switch format {
            case "matroska", "webm":
                language = matroskaLanguage(bibliographicLanguage(tag), tag: tag.text)
                hasMarkedLanguages = true
            case _ where isMovie:
                language = format == "mov" ? bibliographicLanguage(tag) : tag.threeLetters
                edit.languageTag = tag.text
            case "avi", "mpegts": language = shortLanguage(tag.text)
            default: break
            }
        }
        if edit.room > 0 {
            // MOV has one byte for the length of the name.
            let name = edit.handlerName(
                label.title ?? Self.handlerName(type), most: format == "mov" ? Int(UInt8.max) : .max)
            av_dict_set(&stream.pointee.metadata, "handler_name", name, 0)
        }
        if let language { av_dict_set(&stream.pointee.metadata, "language", language, 0) }
        if type == AVMEDIA_TYPE_SUBTITLE {
            // libav's writer turns the first track on if none is the default.
            if !label.disposition.contains("default") { edit.isEnabled = false }
            edit.isForced = label.disposition.contains("forced")
            // WebM says so by the kind of WebVTT.
            if format == "webm", label.disposition.contains("hearing_impaired") {
                stream.pointee.disposition |= AV_DISPOSITION_CAPTIONS
            }
        }
        // Cover art is no track.
        if stream.pointee.disposition & AV_DISPOSITION_ATTACHED_PIC == 0 { edits.append(edit) }
    }

    var isMovie: Bool { ["mp4", "mov", "ipod"].contains(format) }

    /// The name that libav's writer gives to a handler.
    private static func handlerName(_ type: AVMediaType) -> String {
        switch type {
        case AVMEDIA_TYPE_VIDEO: "VideoHandler"
        case AVMEDIA_TYPE_AUDIO: "SoundHandler"
        default: "SubtitleHandler"
        }
    }

    /// Whether frames are shown that were to be hidden at the end of the output: what a pipe has got cannot be put right.
    package private(set) var showsHidden = false

    /// Puts right what libav's writer does not write, in the closed file.
    private func edit() throws(AVFailure) {
        guard case .file(let path) = target else {
            showsHidden = ends.contains { $0?.end.beforeHidden != nil }
            return
        }
        for (index, found) in ends.enumerated() {
            guard let found, let end = found.end.beforeHidden else { continue }
            // Rounded down: half a millisecond more would show the next frame.
            let base = context!.pointee.streams[index]!.pointee.time_base
            edits[found.edit].end = av_rescale_q_rnd(end, base, AVRational(num: 1, den: 1000), AV_ROUND_DOWN)
        }
        do {
            if isMovie, tags != nil || !edits.allSatisfy(\.changesNothing) {
                try editMovie(path, tracks: edits, tags: tags)
            }
            if hasMarkedLanguages { try separateLanguages(inMatroska: path) }
        } catch let failure as AVFailure {
            throw failure
        } catch {
            throw AVFailure("edit the file", vtx_error_from_errno(5))
        }
    }

    /// Tells how long the output will be, for headers that say so: of a pipe they cannot be put right in the end.
    package func expect(_ duration: MediaTime) {
        context!.pointee.duration = duration.rescaled(to: MediaTime.microsecond).ticks
    }

    /// Seconds by which one stream may be ahead of another before it is written all the same (libav: 10).
    package func allowGap(of seconds: Double) {
        context!.pointee.max_interleave_delta = Int64(seconds * 1_000_000)
    }

    /// Writes the header. No stream can be added afterwards.
    package func writeHeader(
        metadata: [String: String], chapters: [Chapter], options: [String: String]
    ) throws {
        var metadata = metadata
        if isMovie {
            let found = MovieTags(metadata, format: format)
            if !found.keys.isEmpty {
                tags = found
                metadata = found.written
            }
        }
        var chapters = chapters
        if ["ogg", "opus"].contains(format) {
            // libavformat 59 leaves them out of streams without tags, and rounds their seconds up.
            metadata.merge(commentTags(of: chapters)) { $1 }
            chapters = []
        }
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
            av_dict_set(&context!.pointee.metadata, key, value, 0)
        }
        try add(chapters)
        if let pipe = target.pipe { editBeginning(pipe) }
        var dictionary = Options(options)
        Log.forget()
        try check(avformat_write_header(context, &dictionary.pointer), "write the header")
        hasHeader = true
        if let unknown = dictionary.values.keys.sorted().first {
            throw VTXError(.internal, "the container has no option '\(unknown)'")
        }
        try checkOutput()
    }

    private func add(_ chapters: [Chapter]) throws(AVFailure) {
        guard !chapters.isEmpty else { return }
        let chapters = isMovie ? delayable(chapters) : chapters
        if isMovie {
            // The track of chapters, which comes after all others, begins at 0 whenever the first chapter does.
            edits.append(MovieTrackEdit(start: milliseconds(chapters[0].start)))
        }
        let size = chapters.count * MemoryLayout<UnsafeMutablePointer<AVChapter>?>.stride
        guard let space = av_mallocz(size) else { throw outOfMemory("add chapters") }
        let list = space.bindMemory(to: UnsafeMutablePointer<AVChapter>?.self, capacity: chapters.count)
        context!.pointee.chapters = list
        for (index, chapter) in chapters.enumerated() {
            guard let item = av_mallocz(MemoryLayout<AVChapter>.stride) else { throw outOfMemory("add chapters") }
            let value = item.bindMemory(to: AVChapter.self, capacity: 1)
            value.pointee.id = Int64(index) + 1
            value.pointee.time_base = AVRational(num: 1, den: 1_000_000)
            value.pointee.start = chapter.start.rescaled(to: MediaTime.microsecond).ticks
            value.pointee.end = chapter.end.rescaled(to: MediaTime.microsecond).ticks
            if let title = chapter.title { av_dict_set(&value.pointee.metadata, "title", title, 0) }
            list[index] = value
            context!.pointee.nb_chapters = UInt32(index + 1)
        }
    }

    /// Writes one packet, whose times are in `base`, to stream `index`.
    ///
    /// Decoding times that do not rise, which no container stores, are moved up by one tick and counted.
    package func write(_ packet: consuming Packet, stream index: Int, base: Rational) throws(AVFailure) {
        let stream = context!.pointee.streams[index]!
        packet.stream = index
        packet.pointer.pointee.pos = -1
        av_packet_rescale_ts(packet.pointer, base.av, stream.pointee.time_base)
        guard let reference = references[index] else { return try order(packet, stream: index) }
        for box in reference.add(packet) {
            if let packet = box.take() { try order(packet, stream: index) }
        }
    }

    private func order(_ packet: consuming Packet, stream index: Int) throws(AVFailure) {
        if let shown = packet.presentation {
            let derived = reorderings[index].next(shown, duration: packet.duration)
            if packet.decoding == nil || orderedStreams.contains(index) { packet.decoding = derived }
        }
        if let time = packet.decoding {
            if let last = lastDecoding[index], time < last || time == last && !mayRepeat(packet, of: index) {
                packet.decoding = last + 1
                if let shown = packet.presentation, shown < last + 1 { packet.presentation = last + 1 }
                lastDecoding[index] = last + 1
                repairedTimes += 1
            } else {
                lastDecoding[index] = time
            }
        }
        if let shown = packet.presentation, let decoded = packet.decoding, shown < decoded { lateStream = index }
        ends[index]?.end.add(packet)
        guard let tail = tails[index] else { return try write(packet) }
        if let earlier = tail.exchange(for: packet) { try write(earlier) }
    }

    /// Whether a packet may have the time of the one before, in Matroska and WebM: cues that are shown together, and
    /// audio in packets that are shorter than a tick (TrueHD).
    private func mayRepeat(_ packet: borrowing Packet, of index: Int) -> Bool {
        guard format == "matroska" || format == "webm" else { return false }
        switch context!.pointee.streams[index]!.pointee.codecpar.pointee.codec_type {
        case AVMEDIA_TYPE_SUBTITLE: return true
        case AVMEDIA_TYPE_AUDIO: return packet.duration <= 1
        default: return false
        }
    }

    private func write(_ packet: borrowing Packet) throws(AVFailure) {
        guard let filter = filters[packet.stream] else { return try send(packet) }
        do { try filter.push(packet.copy()) { try send($0) } } catch let failure as AVFailure {
            throw failure
        } catch {
            throw AVFailure("filter a packet", vtx_error_external)
        }
    }

    private func send(_ packet: borrowing Packet) throws(AVFailure) {
        heldBytes += packet.size
        let code = av_interleaved_write_frame(context, packet.pointer)
        try checkOutput()
        try check(code, "write")
        try writeHeldHeader()
    }

    /// Writes what is buffered, the index and the end, and closes the file.
    package func finish() throws(AVFailure) {
        for (index, reference) in references.enumerated() {
            for box in reference?.finish() ?? [] {
                if let packet = box.take() { try order(packet, stream: index) }
            }
        }
        for tail in tails {
            if let last = tail?.last() { try write(last) }
        }
        let code = av_write_trailer(context)
        hasHeader = false
        try checkOutput()
        try check(code, "finish")
        avio_flush(context!.pointee.pb)
        try checkOutput()
        try target.pipe?.release()
        let closed = closeOutput()
        if closed < 0 { throw AVFailure("close", closed, from: .file) }
        try edit()
    }

    /// libav keeps a failed write (a full disk) here, and does not always return it.
    func checkOutput() throws(AVFailure) {
        if let io = context!.pointee.pb, io.pointee.error < 0 {
            throw AVFailure("write", io.pointee.error, from: .file)
        }
    }
}
