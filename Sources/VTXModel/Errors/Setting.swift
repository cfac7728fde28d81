// What a user can set, whatever a front end calls it.
//
// Layers below the command line name settings in messages and remedies; only the front end knows how each is spelt
// (`--crf` on the command line, a key in a file, a field of a form).

/// Something a user can set, or an action with an on/off switch, independent of how a front end spells it.
public enum Setting: String, Hashable, Codable, Sendable, CaseIterable {
    // Video
    case video, crf, bitRate, maximumBitRate, twoPass, speed, height, resolution, size, fit, frameRate, keyFrameInterval
    case pixelFormat, deinterlacing, hdr, burnSubtitle, encoderOption, encoder
    // Output
    case container, targetSize
    // Filters
    case crop, rotate, flip, denoise, deband, sharpen, overlay, fade, volume, speedUp, filter, audioFilter
    // Audio
    case audioTracks, audioCodec, channels, sampleRate, audioBitRate, loudness
    // Subtitles
    case subtitles, subtitleFile, subtitleEncoding, captions
    // Source
    case program
    // Metadata
    case metadata, stripMetadata, chapters, cover
    // Trim
    case start, end, duration, cut
    // Extraction
    case track, coverArt, frameTime, frameInterval, contactSheet, tileWidth, imageFormat
    // Comparison
    case metric, shift, framesFile
    // Presets
    case preset
    // Packages
    case segmentType, segmentDuration, codecs, rungs, rateMode, chunkDuration
    // Encryption
    case encryption, keyFile, keyURI, keyID, keyRotation, keyFormat, keysDirectory, initializationVector
    // Resources and safety
    case jobs, threads, startOver, overwrite, allowTruncated, strict, maximumPixels, maximumDuration, maximumMemory
    case sandbox
    // Batches
    case target, nameTemplate, include, exclude, metricsPort, notification, finishedCommand
    // Preview server
    case port, token, analytics

    /// The setting in plain words, for front ends without names of their own: "maximum bit rate".
    public var words: String {
        rawValue.reduce(into: "") { text, character in
            if character.isUppercase, text.last?.isUppercase == false { text += " " }
            text.append(contentsOf: character.isUppercase ? character.lowercased() : String(character))
        }
    }
}

/// A job that can be suggested in a remedy.
public enum Command: String, Hashable, Codable, Sendable, CaseIterable {
    case probe, transcode, ladder, package, extract, join, compare, batch, serve, clean, doctor, filters
}
