// Whether a transcode is encoded in chunks.

import VTXModel

/// Divides the video of `plan` into chunks: those asked for, or of one minute for sources of ten minutes and more.
///
/// - Throws: `.usage` if chunks are asked for of video that cannot be divided.
func planChunks(of plan: inout TranscodePlan, options: TranscodeOptions) throws(VTXError) -> [Decision] {
    guard options.chunkDuration != Rational(0), options.sizeGoal == nil, !options.isStreamed else { return [] }
    guard let encode = plan.video?.encode, encode.isDivisible else {
        guard options.chunkDuration == nil else {
            throw VTXError(
                .usage, "\(.chunkDuration) needs video that is encoded with constant quality in one pass",
                remedy: "use a codec with \(.crf), or leave out \(.chunkDuration)")
        }
        return []
    }
    guard var length = options.chunkDuration ?? usualChunk(plan.expectedDuration) else { return [] }
    if options.gopDuration != nil, let interval = encode.keyFrameInterval {
        let gop = Rational(Int64(interval)) / encode.frameRate
        length = gop * Rational(max(1, Int64((length.value / gop.value).rounded())))
    }
    plan.chunkDuration = length
    plan.video?.encode?.divideIntoChunks()
    plan.video?.encode?.keepRateAcrossChunks(of: length.value)
    return [.video(.chunks(of: MediaTime(1, length)))]
}

/// One minute for sources of ten minutes and more; `nil` for shorter ones, which are not divided.
func usualChunk(_ duration: MediaTime?) -> Rational? {
    (duration?.seconds ?? 0) >= 600 ? Rational(60) : nil
}
