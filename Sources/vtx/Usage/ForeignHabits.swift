// Options of other programs that hands type by habit, and what vtx has instead.

/// What to use for options of the ffmpeg command.
enum ForeignHabits {
    /// Options by long names that others have for them; those that a command has count.
    static let options: [String: [String]] = [
        "--video-codec": ["--video", "--codec"], "--vcodec": ["--video", "--codec"], "--codec": ["--video"],
        "--encoder": ["--video", "--codec"], "--acodec": ["--audio-codec"], "--format": ["--container", "--to"],
        "--rate": ["--fps"], "--framerate": ["--fps"], "--resize": ["--size"], "--scale": ["--size"],
        "--width": ["--size"], "--quality": ["--crf"], "--title": ["--metadata"], "--tag": ["--metadata"],
    ]

    /// Advice for an option; `nil` for one that is not known.
    ///
    /// - Parameter option: as typed, without a value.
    static func advice(for option: String) -> String? {
        // `-c:v`, `-b:a:0`: options of one stream.
        let parts = option.split(separator: ":").map(String.init)
        let ofAudio = parts.dropFirst().first == "a"
        switch parts.first {
        case "-i": return nil
        case "-y": return "use --overwrite to replace an existing output"
        case "-n": return "leave it out: an existing output is kept unless --overwrite is given"
        case "-f": return "the extension of -o selects the container; --container does if there is none"
        case "-c", "-codec": return ofAudio ? "use --audio-codec" : "use --video and --audio-codec"
        case "-vcodec": return "use --video"
        case "-acodec": return "use --audio-codec"
        case "-b", "-ab", "-vb":
            return ofAudio || option == "-ab" ? "use --audio-bitrate" : "use --bitrate or --audio-bitrate"
        case "-crf", "-q", "-qscale": return "use --crf"
        case "-preset": return "use --speed for the encoder's preset; --preset is vtx's own"
        case "-ss": return "use --start"
        case "-to": return "use --end"
        case "-t": return "use --duration"
        case "-r": return "use --fps"
        case "-s": return "use --size"
        case "-vf", "-filter", "-filter_complex":
            return "use --height, --size, --fps or --deinterlace, or --filter for a chain"
        case "-af": return "use --volume or --fade, or --audio-filter for a chain"
        case "-an": return "use --audio none"
        case "-vn": return "use --video none"
        case "-sn": return "use --subtitles none"
        case "-ac": return "use --channels"
        case "-ar": return "use --sample-rate"
        case "-fs": return "use --target-size; --duration ends the output earlier"
        case "-g": return "use --gop, in seconds"
        case "-pix_fmt": return "use --pixel-format"
        case "-maxrate": return "use --max-bitrate"
        case "-map": return "use --video-track, --audio and --subtitles"
        case "-threads": return "use --threads"
        case "-hls_time": return "use --segment"
        case "-v", "-loglevel": return "use --verbose or --quiet"
        default: return nil
        }
    }
}
