// How the values of options are written, for the answer to one that was refused.

/// Forms of values by option.
enum ValueForms {
    /// How the value of an option is written; `nil` where its name or its list says all.
    static func form(of option: String) -> String? {
        switch option {
        case "-o", "--output": "the name of the output follows: -o NAME"
        case "--start", "--end", "--duration", "--max-duration":
            "a time is written 90, 1:30, h:mm:ss or 1m30s"
        case "--bitrate", "--max-bitrate", "--audio-bitrate":
            "a bit rate is written 2.5M, 2500k or 2500000, and is from 1k to 2000M"
        case "--max-memory", "--memory": "a size is written 800M, 2G or 1.5GB"
        case "--target-size":
            "a size is written 25M, 25MB, 2.5MB or 8MiB, and is from 10k to 1T"
        case "--height": "a height is written 720 or 720p, from 2 to 16384"
        case "--resolution": "a resolution is written 720 or 720p, from 2 to 16384"
        case "--size", "--fit": "a size is written 1280x720, each side from 2 to 16384"
        case "--crop": "a crop is written auto or WIDTH:HEIGHT:X:Y, e.g. 1920:800:0:140"
        case "--speed-up": "a speed is written 2, 1.5 or 0.5, from 0.25 to 8"
        case "--overlay": "an overlay is written FILE:PLACE:SIZE%:OPACITY, e.g. logo.png:top-right:10%:0.5"
        case "--fade": "a fade is written IN:OUT in seconds, e.g. 1:2, or 1 for both"
        case "--volume": "a volume is written +6dB, -3dB (from -90dB to 60dB) or 0.5 (from 0 to 1000)"
        case "--fps": "a frame rate is written 25, 29.97 or 30000/1001"
        case "--gop", "--segment", "--chunk": "seconds are written 2, 0.5, 1001/500, 2s or 500ms"
        case "--settle": "seconds are written 2 or 0.5"
        case "--sample-rate": "a sample rate is written 48000, 48k or 44.1kHz"
        case "--option": "an encoder option is written key=value, e.g. tune=film"
        case "--throttle": "a rate is written 800k, and steps 5M:20s,800k:20s,3M"
        case "--expires": "a lifetime is written 90s, 30m, 24h or 7d"
        case "--subtitle-file": "a subtitle file is written FILE or LANGUAGE:FILE"
        case "--burn": "it is the number of a subtitle track, from 1, or a subtitle file"
        case "--metadata":
            "a tag is written key=value, key= to remove it, or a:2:title=value for a track (language, title); creation_time=2026-01-31T12:00:00Z"
        case "--subtitle-encoding": "an encoding is written cp1252, UTF-16 or Shift_JIS"
        case "--crf", "--loudness": "it is a number, e.g. \(option == "--crf" ? "23 or 23.5" : "-16")"
        case "--video-track", "--program", "--threads", "--max-pixels", "--max-depth",
            "--nice", "--metrics", "--port":
            "it is a whole number"
        case "--jobs": "it is a whole number from 1 to 256"
        default: nil
        }
    }
}
