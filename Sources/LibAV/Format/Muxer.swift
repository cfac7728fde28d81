// A media file opened for writing.

import CLibAV
package import VTXModel

/// Writes packets of several streams, interleaved by time. Stays on one thread after it was made.
package final class Muxer: @unchecked Sendable {
    // @unchecked: used by one stage at a time.
    private var context: UnsafeMutablePointer<AVFormatContext>?
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
    private var hasHeader = false
    private let path: String
    private let format: String
    /// What is put right in MP4's tracks in the end, in the order of the file.
    private var edits: [MovieTrackEdit] = []
    /// Where each stream of video ends for viewers, and its place in `edits`.
    private var ends: [(end: ShownEnd, edit: Int)?] = []
    private var hasMarkedLanguages = false
    private var tags: MovieTags?
    /// Packets whose decoding time had to be moved to keep the order.
    package private(set) var repairedTimes = 0

    /// Creates the file.
    ///
    /// - Parameters:
    ///   - path: must not exist yet; nothing else is touched.
    ///   - format: libavformat's name of the muxer.
    ///   - orderedStreams: those whose packets get their decoding times from the order of display.
    package init(creating path: String, format: String, orderedStreams: Set<Int> = []) throws(AVFailure) {
        self.path = path
        self.format = format
        self.orderedStreams = orderedStreams
        Log.forget()
        let url = "file:" + path
        // deinit also runs when this throws.
        try check(
            url.withCName { avformat_alloc_output_context2(&context, nil, format, $0) }, "make the \(format) writer")
        // Matroska and Ogg number their files and tracks at random otherwise.
        context!.pointee.flags |= AVFMT_FLAG_BITEXACT
        let code = url.withCName { avio_open2(&context!.pointee.pb, $0, AVIO_FLAG_WRITE, nil, nil) }
        if code < 0 { throw AVFailure("create the file", code, from: .name) }
    }

    deinit {
        if let context, context.pointee.pb != nil { avio_closep(&context.pointee.pb) }
        avformat_free_context(context)
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
            case "avi": language = shortLanguage(tag.text)
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

    private var isMovie: Bool { ["mp4", "mov", "ipod"].contains(format) }

    /// The name that libav's writer gives to a handler.
    private static func handlerName(_ type: AVMediaType) -> String {
        switch type {
        case AVMEDIA_TYPE_VIDEO: "VideoHandler"
        case AVMEDIA_TYPE_AUDIO: "SoundHandler"
        default: "SubtitleHandler"
        }
    }

    /// Puts right what libav's writer does not write, in the closed file.
    private func edit() throws(AVFailure) {
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

    /// Chapters whose track can begin late: the first sample, which the writer stretches to 0, must not come to last as
    /// long as the second, or both would share an entry of the table.
    private func delayable(_ chapters: [Chapter]) -> [Chapter] {
        guard chapters.count > 1, milliseconds(chapters[0].start) > 0 else { return chapters }
        let next = chapters.count > 2 ? chapters[2].start : chapters[1].end
        guard milliseconds(chapters[1].start) * 2 == milliseconds(next) else { return chapters }
        var chapters = chapters
        chapters[1].start = chapters[1].start + MediaTime(1, Rational(1, 1000))
        chapters[0].end = max(chapters[0].end, chapters[1].start)
        return chapters
    }

    private func milliseconds(_ time: MediaTime) -> Int64 { time.rescaled(to: Rational(1, 1000)).ticks }

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
        let code = av_interleaved_write_frame(context, packet.pointer)
        try checkOutput()
        try check(code, "write")
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
        let closed = avio_closep(&context!.pointee.pb)
        if closed < 0 { throw AVFailure("close", closed, from: .file) }
        try edit()
    }

    /// libav keeps a failed write (a full disk) here, and does not always return it.
    private func checkOutput() throws(AVFailure) {
        if let io = context!.pointee.pb, io.pointee.error < 0 {
            throw AVFailure("write", io.pointee.error, from: .file)
        }
    }
}

/// Decoding times for packets that have only presentation times, as Matroska's have: the k-th packet is
/// decoded at the k-th smallest presentation time, `delay` frames early.
package struct DecodingTimes {
    private var window: [Int64] = []
    /// Frames that the decoder holds back.
    private let delay: Int

    package init(delay: Int) { self.delay = max(0, min(16, delay)) }

    /// Takes the presentation time of the next packet in decoding order.
    package mutating func next(_ time: Int64, duration: Int64) -> Int64 {
        if window.isEmpty {
            // Before the first frame, frames of the same length are imagined.
            window = (0..<delay).map { time - Int64(delay - $0) * max(1, duration) }
        }
        window.insert(time, at: window.firstIndex { $0 > time } ?? window.endIndex)
        return window.removeFirst()
    }
}

/// Chapters as Vorbis comments: `CHAPTER000=00:00:01.750` and `CHAPTER000NAME=title` (Xiph wiki, "Chapter Extension").
private func commentTags(of chapters: [Chapter]) -> [String: String] {
    chapters.enumerated().reduce(into: [:]) { tags, item in
        let key = "CHAPTER" + padded(Int64(item.offset), 3)
        tags[key] = clock(item.element.start.rescaled(to: Rational(1, 1000)).ticks)
        if let title = item.element.title { tags[key + "NAME"] = title }
    }
}
