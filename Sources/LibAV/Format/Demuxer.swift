// A media file opened for reading.
//
// It opens nothing but that one file: formats that are lists of other files are refused by name, and
// every other attempt to open something is refused in libav's io_open (design section 4, "Untrusted input").

import CLibAV
package import VTXModel
package import VTXSystem

/// Reads packets from a local file. Stays on one thread after it was made.
package final class Demuxer: @unchecked Sendable {
    // @unchecked: used by one stage at a time.
    var context: UnsafeMutablePointer<AVFormatContext>?
    private var io: UnsafeMutablePointer<AVIOContext>?
    private let refusedName = UnsafeMutablePointer<CChar>.allocate(capacity: Demuxer.nameCapacity)
    private static let nameCapacity = 1024
    /// Kept alive for libav's callback.
    package private(set) var interrupt: Interrupt?
    /// By the numbers of `clockNumbers()`.
    private(set) var clocks: [Int: ClockRepair] = [:]
    /// `clockNumbers()` of as many streams as there were.
    private var numbers: [Int] = []
    /// Makes timestamps for packets that have none; `nil`: they stay as they are.
    var stamps: FrameStamps?
    /// Completes the timestamps of a stream; `nil`: they stay as they are.
    var anchors: AnchorTimes?
    /// Frame sizes by the container's header, which the look at the first packets may replace by the streams' own.
    private(set) var headerSizes: [PixelSize] = []
    /// Completes the durations of text in fragmented MP4; `nil` for other files.
    private var fragmentedText: FragmentedText?
    /// Sample rates of the links of chained Ogg; `nil` for other files.
    private var links: OggLinks?
    /// Whether the file is Ogg with one stream of audio or video, whose links may follow one another.
    private var isChain = false
    /// Streams whose packets are handed out; `nil`: all.
    var kept: Set<Int>?
    package let path: String
    /// What the file's text is read from, if its encoding had to be changed.
    private let memory: MemoryInput?
    /// What the file is made of, if it is parts of others.
    private let segments: SegmentedInput?
    /// Tracks of text, by stream.
    var texts: [Int: TrackText] = [:]
    /// BCP 47 languages that libav does not tell, by stream.
    var languageTags: [Int: String] = [:]
    /// Pixels that Matroska does not show, by stream: left, top, right, bottom.
    var crops: [Int: [Int]] = [:]
    /// By their numbers; empty for other formats than MP4 and MOV.
    var movieTracks: [Int: MovieTrack] = [:]
    /// What tags are in that are not UTF-8; `nil` if all are.
    var tagEncoding: TextEncoding?
    /// Whether it is MPEG-TS or MPEG-PS.
    private(set) lazy var isMPEGSystem = ["mpegts", "mpeg"].contains(string(context!.pointee.iformat.pointee.name))
    /// Of MPEG-TS and MPEG-PS.
    var scrambled: ScrambledPackets?

    /// Formats that consist of the names of other files, or that read files beside the one given, or
    /// that accept any text as an image.
    private static let refusedFormats = listFormats.union(
        ["lavfi", "tty", "bin", "xbin", "adf", "idf", "ffmetadata", "jpeg_pipe"])
    private static let listFormats: Set<String> = [
        "hls", "dash", "concat", "imf", "image2", "mlv", "vobsub", "sdp", "rtsp", "rtp", "sap",
        "webm_dash_manifest",
    ]

    /// - Parameters:
    ///   - path: a regular file.
    ///   - interrupt: reading stops once it is set.
    ///   - headerOnly: whether to leave out the look at the first packets, which finds what headers lack.
    /// - Throws: `.badMedia` for what is no media or refers to other files, `.noInput`, `.inputOutput`.
    package convenience init(opening path: String, interrupt: Interrupt? = nil, headerOnly: Bool = false)
        throws(VTXError)
    {
        try self.init(path: path, text: nil, interrupt: interrupt, headerOnly: headerOnly)
    }

    /// - Parameters:
    ///   - parts: what is read, one after the other, as if it were one file.
    ///   - path: the whole in messages.
    package convenience init(joining parts: [FilePart], path: String, interrupt: Interrupt? = nil) throws(VTXError) {
        try self.init(path: path, text: nil, parts: parts, interrupt: interrupt)
    }

    /// - Parameters:
    ///   - text: what to read in place of the file's bytes.
    ///   - parts: what to read in place of the file.
    init(
        path: String, text: [UInt8]?, parts: [FilePart]? = nil, interrupt: Interrupt?, headerOnly: Bool = false
    ) throws(VTXError) {
        self.path = path
        do {
            memory = try text.map(MemoryInput.init)
            segments = try parts.map(SegmentedInput.init)
        } catch {
            throw VTXError(.inputOutput, "cannot read \(path)", cause: "\(error)")
        }
        refusedName.initialize(repeating: 0, count: Self.nameCapacity)
        Log.forget()
        do {
            // The prefix keeps names such as `concat:a|b` from being taken for protocols.
            let url = "file:" + path
            var callback = interrupt.map { vtx_interrupt($0.flag) } ?? AVIOInterruptCB()
            if let own = memory?.io ?? segments?.io {
                io = own
            } else {
                try check(url.withCName { avio_open2(&io, $0, AVIO_FLAG_READ, &callback, nil) }, "open the file")
            }
            let format = try recognise(url)
            let name = format.map { String(cString: $0.pointee.name) } ?? ""
            self.interrupt = interrupt
            try openContext(url, format, callback, isPatient: name == "mpeg")
            if !headerOnly {
                try check(findStreams(), "read the streams")
                if isIncomplete {
                    avformat_close_input(&context)
                    try check(Int32(clamping: avio_seek(io, 0, SEEK_SET)), "go to the beginning")
                    try openContext(url, format, callback, isPatient: true)
                    try check(findStreams(), "read the streams")
                }
            }
            restartClock()
            if ownsInput, !headerOnly {
                readTracks()
                readScrambling()
            }
            followTexts()
            if isISO { fragmentedText = FragmentedText(among: streams) }
            readTagEncoding()
        } catch {
            throw openingError(error, path: path, refused: String(cString: refusedName))
        }
    }

    /// Whether `io` reads the file itself.
    private var ownsInput: Bool { memory == nil && segments == nil }

    /// The format of what `io` reads.
    ///
    /// - Throws: `.badMedia` for still images, and for formats that refer to other files.
    private func recognise(_ url: String) throws -> UnsafePointer<AVInputFormat>? {
        var format: UnsafePointer<AVInputFormat>?
        try check(url.withCName { av_probe_input_buffer2(io, &format, $0, nil, 0, 0) }, "recognise the format")
        let name = format.map { String(cString: $0.pointee.name) } ?? ""
        guard let refused = name.split(separator: ",").first(where: { Self.refusedFormats.contains(String($0)) }) else {
            return format
        }
        if refused == "jpeg_pipe", isMotionJPEG(path) { return av_find_input_format("mjpeg") }
        if ["image2", "jpeg_pipe"].contains(refused) { throw stillImage(nil, path) }
        throw VTXError(
            .badMedia, "cannot read \(path)",
            cause: Self.listFormats.contains(String(refused))
                ? "it is a list of other files (\(refused)), and a local file may not open anything else"
                : "it is no media file (\(refused))",
            remedy: "give the media file itself")
    }

    deinit {
        avformat_close_input(&context)
        // libav never closes an I/O context that it was handed.
        if ownsInput { avio_closep(&io) }
        refusedName.deallocate()
    }

    /// - Parameter isPatient: whether streams may begin late, in formats without a header: a minute is looked at.
    private func openContext(
        _ url: String, _ format: UnsafePointer<AVInputFormat>?, _ callback: AVIOInterruptCB, isPatient: Bool
    ) throws(AVFailure) {
        guard let allocated = avformat_alloc_context() else { throw outOfMemory("open the file") }
        context = allocated
        allocated.pointee.pb = io
        vtx_refuse_references(allocated, refusedName, Int32(Self.nameCapacity))
        allocated.pointee.interrupt_callback = callback
        if isPatient {
            allocated.pointee.probesize = 64 << 20
            allocated.pointee.max_analyze_duration = 60_000_000
        }
        try check(url.withCName { avformat_open_input(&context, $0, format, nil) }, "read the header")
        headerSizes = streams.map {
            let parameters = $0!.pointee.codecpar.pointee
            return PixelSize(Int(parameters.width), Int(parameters.height))
        }
    }

    /// Whether the look at the first packets has not come to a stream that the file has, in recordings.
    private var isIncomplete: Bool {
        guard isDiscontinuous else { return false }
        if streams.isEmpty { return true }
        return streams.contains { stream in
            guard let parameters = stream?.pointee.codecpar.pointee, parameters.codec_id != AV_CODEC_ID_NONE else {
                return false
            }
            switch parameters.codec_type {
            case AVMEDIA_TYPE_AUDIO: return parameters.sample_rate == 0 || parameters.ch_layout.nb_channels == 0
            case AVMEDIA_TYPE_VIDEO: return parameters.width == 0
            default: return false
            }
        }
    }

    /// Looks at the first packets, and decodes some, within the limits of the process.
    private func findStreams() -> Int32 {
        let count = streams.count
        var options = [OpaquePointer?](repeating: nil, count: count)
        for index in options.indices { av_dict_set_int(&options[index], "max_pixels", ProcessLimits.maximumPixels, 0) }
        let code = options.withUnsafeMutableBufferPointer {
            avformat_find_stream_info(context, count == 0 ? nil : $0.baseAddress)
        }
        for index in options.indices { av_dict_free(&options[index]) }
        return code
    }

    var streams: UnsafeMutableBufferPointer<UnsafeMutablePointer<AVStream>?> {
        UnsafeMutableBufferPointer(start: context!.pointee.streams, count: Int(context!.pointee.nb_streams))
    }

    package var streamCount: Int { Int(context!.pointee.nb_streams) }

    package func parameters(of stream: Int) throws(AVFailure) -> CodecParameters {
        let parameters = try CodecParameters(of: streams[stream]!, in: context)
        parameters.pointer.pointee.codec_id = codec(of: stream)
        return parameters
    }

    package func timeBase(of stream: Int) -> Rational {
        Rational(streams[stream]!.pointee.time_base) ?? Rational(1, 90_000)
    }

    /// Formats whose clock may jump: recordings of what was sent.
    package var isDiscontinuous: Bool { context!.pointee.iformat.pointee.flags & AVFMT_TS_DISCONT != 0 }

    /// Leaves out all packets but those of `kept`.
    ///
    /// Other video and audio streams of the same program are read all the same, unless the file has a table of all times:
    /// it tells where the clock jumps, and everybody who reads the file has to see the same.
    package func keepOnly(_ kept: Set<Int>) {
        self.kept = kept
        let numbers = clockNumbers()
        let used = Set(kept.filter(numbers.indices.contains).map { numbers[$0] })
        for (index, stream) in streams.enumerated() where !kept.contains(index) {
            if !isISO, leads(stream!), used.contains(numbers[index]) { continue }
            stream!.pointee.discard = AVDISCARD_ALL
        }
    }

    func leads(_ stream: UnsafeMutablePointer<AVStream>) -> Bool {
        let type = stream.pointee.codecpar.pointee.codec_type
        return type == AVMEDIA_TYPE_AUDIO
            || type == AVMEDIA_TYPE_VIDEO && stream.pointee.disposition & AV_DISPOSITION_ATTACHED_PIC == 0
    }

    /// The next packet in file order, its times without jumps of the clock; `nil` at the end of the file.
    package func read() throws(AVFailure) -> Packet? {
        if let anchors { return try read(completing: anchors) }
        guard let stamps else { return try readNext() }
        while true {
            if let packet = stamps.next() { return packet }
            if stamps.isFinished { return nil }
            if let packet = try readNext() { try stamps.add(packet) } else { stamps.finish() }
        }
    }

    private func read(completing anchors: AnchorTimes) throws(AVFailure) -> Packet? {
        while true {
            if let packet = anchors.next() { return packet }
            if anchors.isFinished { return nil }
            if let packet = try readNext() { anchors.add(packet) } else { anchors.finish() }
        }
    }

    private func readNext() throws(AVFailure) -> Packet? {
        guard let fragmentedText else { return try readPacket() }
        return try fragmentedText.next { () throws(AVFailure) in try readPacket() }
    }

    private func readPacket() throws(AVFailure) -> Packet? {
        let packet = Packet()
        while true {
            let code = av_read_frame(context, packet.pointer)
            if code >= 0 {
                forgetImplausibleTimes(of: packet)
                if links?.isComment(packet) == true { continue }
                links?.correct(packet)
                holdLast(packet)
                followClock(packet)
                guard let kept, !kept.contains(packet.stream) else {
                    let stream = packet.stream
                    if texts[stream] != nil { try texts[stream]!.decode(packet) { textSample(of: stream) } }
                    return packet
                }
                av_packet_unref(packet.pointer)
                continue
            }
            if code == vtx_error_again { continue }
            if code == vtx_error_end_of_file {
                // Errors below the demuxer can look like the end of the file.
                if let io, io.pointee.error < 0, io.pointee.error != vtx_error_end_of_file {
                    throw AVFailure("read a packet", io.pointee.error)
                }
                return nil
            }
            throw linkFailure(AVFailure("read a packet", code))
        }
    }

    /// Times beyond 31 years are damage. Left out here, they cannot overflow any sum further on. So is a frame of MPEG-TS
    /// or MPEG-PS that is shown more than a minute after it is decoded: a second is allowed, ten for still images (ISO/IEC
    /// 13818-1, 2.7.6). Without this, one damaged bit would hold a frame for 26 hours.
    private func forgetImplausibleTimes(of packet: borrowing Packet) {
        let limit = plausibleTicks(streams[packet.stream]!.pointee.time_base)
        if let time = packet.presentation, time.magnitude > limit { packet.presentation = nil }
        if let time = packet.decoding, time.magnitude > limit { packet.decoding = nil }
        if isMPEGSystem, let shown = packet.presentation, let decoded = packet.decoding,
            abs(shown - decoded) > Int64(limit / 1_000_000_000) * 60
        {
            packet.presentation = nil
        }
        if packet.duration < 0 || packet.duration.magnitude > limit { packet.duration = 0 }
    }

    /// libav reports no duration for MP4 samples that are reordered. The last one in file order gets what is left of the
    /// track's duration, if that is far more than a frame: the last frame is then held.
    private func holdLast(_ packet: borrowing Packet) {
        guard isISO, packet.duration == 0, let shown = packet.presentation, let stream = streams[packet.stream] else {
            return
        }
        let count = avformat_index_get_entries_count(stream)
        guard count > 2, Int64(count) == stream.pointee.nb_frames, stream.pointee.duration > 0,
            let first = avformat_index_get_entry(stream, 0)?.pointee.timestamp,
            let last = avformat_index_get_entry(stream, count - 1)?.pointee.timestamp, packet.decoding == last
        else { return }
        let start = known(stream.pointee.start_time) ?? 0
        let rest = (start &+ stream.pointee.duration) &- shown
        // Frames that are shown later stand before it: 16 at most.
        let isPlausible = rest > 0 && rest.magnitude <= plausibleTicks(stream.pointee.time_base)
        if isPlausible, rest > (last &- first) / Int64(count - 1) &* 6 { packet.duration = rest }
    }

    private func followClock(_ packet: borrowing Packet) {
        guard let time = packet.decoding ?? packet.presentation else { return }
        let stream = streams[packet.stream]!
        let base = timeBase(of: packet.stream)
        let isOrdered = packet.decoding != nil || stream.pointee.codecpar.pointee.codec_type == AVMEDIA_TYPE_AUDIO
        if numbers.count != streams.count { numbers = clockNumbers() }
        let fresh = ClockRepair(closesGaps: isDiscontinuous, isChain: isChain)
        // What an edit list cuts off goes on beyond the edit, and the next edit begins before that.
        let offset =
            packet.isShown
            ? clocks[numbers[packet.stream], default: fresh].offset(
                of: packet.stream, at: rescale(time, from: base, to: MediaTime.microsecond),
                lasting: rescale(packet.duration, from: base, to: MediaTime.microsecond), leads: leads(stream),
                isOrdered: isOrdered)
            : clocks[numbers[packet.stream]]?.standingOffset(of: packet.stream) ?? 0
        if offset != 0 { packet.shift(by: rescale(offset, from: MediaTime.microsecond, to: base)) }
    }

    var isOgg: Bool { string(context!.pointee.iformat.pointee.name) == "ogg" }

    /// To be called where reading goes on in another place.
    func restartClock() {
        fragmentedText?.restart()
        let leading = streams.filter { leads($0!) }
        isChain = isOgg && leading.count == 1
        clocks = [:]
        links = isChain ? OggLinks(unit: leading[0]!.pointee.time_base) : nil
    }

    /// Goes to a key frame of `stream` that is shown at `time` (microseconds, file time) or before it.
    ///
    /// Files without an index are searched by time stamps, and that search may land too late: each landing
    /// is checked by reading on to the first key frame, and taken further back if it is.
    package func seek(to time: Int64, stream: Int) throws(AVFailure) {
        defer { restartClock() }
        let base = timeBase(of: stream)
        let first = firstTime(of: stream)
        for distance: Int64 in [0, 2, 5, 15, 60] {
            let target = time - distance * 1_000_000
            guard target > first else { break }
            let ticks = rescale(target, from: MediaTime.microsecond, to: base)
            let code = avformat_seek_file(context, Int32(stream), .min, ticks, ticks, 0)
            if code < 0 { continue }
            var landed: Int64?
            restartClock()
            while landed == nil, let packet = try read() {
                if packet.stream == stream, packet.isKey { landed = packet.presentation ?? packet.decoding }
            }
            if let landed, rescale(landed, from: base, to: MediaTime.microsecond) <= time {
                try check(avformat_seek_file(context, Int32(stream), .min, ticks, ticks, 0), "go to \(time) µs")
                return
            }
        }
        // The beginning is always early enough. Formats without an index are rewound by bytes: their first
        // decoding time lies before the first presentation time, and a search by time would step over it.
        if isDiscontinuous, av_seek_frame(context, -1, 0, AVSEEK_FLAG_BYTE) >= 0 { return }
        try check(avformat_seek_file(context, -1, .min, first, first, 0), "go to the beginning")
    }
}
