// How settings and commands of messages are spelt on the command line.

package import VTXModel

extension Setting {
    // structure: long because it is a table with a row for each setting
    /// The option of the command line: `--crf`.
    package var option: String {
        switch self {
        case .video: "--video"
        case .crf: "--crf"
        case .bitRate: "--bitrate"
        case .maximumBitRate: "--max-bitrate"
        case .twoPass: "--two-pass"
        case .speed: "--speed"
        case .height: "--height"
        case .resolution: "--resolution"
        case .size: "--size"
        case .fit: "--fit"
        case .frameRate: "--fps"
        case .keyFrameInterval: "--gop"
        case .pixelFormat: "--pixel-format"
        case .deinterlacing: "--deinterlace"
        case .hdr: "--hdr"
        case .burnSubtitle: "--burn"
        case .encoder: "--encoder"
        case .encoderOption: "--option"
        case .container: "--container"
        case .targetSize: "--target-size"
        case .crop: "--crop"
        case .rotate: "--rotate"
        case .flip: "--flip"
        case .denoise: "--denoise"
        case .deband: "--deband"
        case .sharpen: "--sharpen"
        case .overlay: "--overlay"
        case .fade: "--fade"
        case .volume: "--volume"
        case .speedUp: "--speed-up"
        case .filter: "--filter"
        case .audioFilter: "--audio-filter"
        case .audioTracks: "--audio"
        case .audioCodec: "--audio-codec"
        case .channels: "--channels"
        case .sampleRate: "--sample-rate"
        case .audioBitRate: "--audio-bitrate"
        case .loudness: "--loudness"
        case .subtitles: "--subtitles"
        case .subtitleFile: "--subtitle-file"
        case .subtitleEncoding: "--subtitle-encoding"
        case .captions: "--captions"
        case .program: "--program"
        case .metadata: "--metadata"
        case .stripMetadata: "--strip-metadata"
        case .chapters: "--chapters"
        case .cover: "--cover"
        case .start: "--start"
        case .end: "--end"
        case .duration: "--duration"
        case .cut: "--cut"
        case .track: "--track"
        case .coverArt: "--cover"
        case .frameTime: "--at"
        case .frameInterval: "--every"
        case .contactSheet: "--sheet"
        case .tileWidth: "--tile-width"
        case .imageFormat: "--format"
        case .metric: "--metric"
        case .shift: "--shift"
        case .framesFile: "--frames"
        case .preset: "--preset"
        case .segmentType: "--segments"
        case .segmentDuration: "--segment"
        case .codecs: "--codec"
        case .rungs: "--rungs"
        case .rateMode: "--rate"
        case .chunkDuration: "--chunk"
        case .encryption: "--encrypt"
        case .keyFile: "--key-file"
        case .keyURI: "--key-uri"
        case .keyID: "--key-id"
        case .keyRotation: "--key-rotation"
        case .keyFormat: "--key-format"
        case .keysDirectory: "--keys-dir"
        case .initializationVector: "--iv"
        case .jobs: "--jobs"
        case .threads: "--threads"
        case .startOver: "--fresh"
        case .overwrite: "--overwrite"
        case .allowTruncated: "--allow-truncated"
        case .strict: "--strict"
        case .maximumPixels: "--max-pixels"
        case .maximumDuration: "--max-duration"
        case .maximumMemory: "--max-memory"
        case .sandbox: "--sandbox"
        case .target: "--to"
        case .nameTemplate: "--name"
        case .include: "--include"
        case .exclude: "--exclude"
        case .metricsPort: "--metrics"
        case .notification: "--notify"
        case .finishedCommand: "--exec"
        case .port: "--port"
        case .token: "--token"
        case .analytics: "--analytics"
        }
    }
}

extension Message {
    /// The message with options and commands as they are typed: `use --segments fmp4`.
    package var commandLineText: String {
        rendered { part in
            switch part {
            case .text(let words): words
            case .setting(let setting, let value): value.map { "\(setting.option) \($0)" } ?? setting.option
            case .command(let command): "vtx \(command.rawValue)"
            }
        }
    }
}

extension VTXError {
    /// The remedy as it is typed.
    package var hint: String? { remedy?.message.commandLineText }
}
