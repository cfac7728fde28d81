// Decides how frames of two sides can be compared: what has to be converted, and what cannot be compared at all.

public import VTXModel

/// Plans a comparison.
///
/// - Parameters:
///   - reference: what the others are measured against.
///   - others: one at least.
/// - Throws: `.badMedia` for a source without video that can be decoded; `.usage` for sources that cannot be compared;
///   `.unavailable` for a metric.
public func planCompare(
    of others: [CompareSource], with reference: CompareSource, options: CompareOptions
) throws(VTXError) -> ComparePlan {
    var decisions: [CompareDecision] = []
    let metrics = try measured(options.metrics)
    let base = try video(of: reference, &decisions)
    let sides = try others.map { other throws(VTXError) in (other, try video(of: other, &decisions)) }
    for (other, found) in sides {
        try checkRange(found, of: other, base, of: reference)
        try checkRate(found, of: other, base, of: reference, &decisions)
    }
    let isTurned = sides.contains { $0.1.video.orientation != base.video.orientation }
    let turned = isTurned ? base.video.orientation : .upright
    let size = turned.exchangesSides ? base.video.size.transposed : base.video.size
    let depth = ([base] + sides.map(\.1)).contains { $0.video.bitDepth > 8 } ? 10 : 8
    let target = CompareTarget(
        size: size, format: base.video.comparedFormat(depth: depth), isFullRange: base.video.isFullRange,
        matrix: base.video.color.matrix, depth: depth, isTurned: isTurned)
    let own = target.side(reference, base, reference: base, &decisions)
    let distorted = sides.map { target.side($0.0, $0.1, reference: base, &decisions) }
    return ComparePlan(
        reference: own, distorted: distorted, size: size, pixelFormat: target.format, bitDepth: depth,
        frameRate: base.rate ?? Rational(25), metrics: metrics, shift: options.shift,
        decisions: decisions.map(Decision.compare))
}

/// In the order of the output, without repetitions.
private func measured(_ metrics: [QualityMetric]) throws(VTXError) -> [QualityMetric] {
    if metrics.contains(.vmaf) {
        throw VTXError(
            .unavailable, "VMAF is not supported by this version of vtx",
            remedy: "leave it out of \(.metric): xpsnr comes closest to it")
    }
    return [.xpsnr, .ssim, .psnr].filter { metrics.isEmpty || metrics.contains($0) }
}

private func video(
    of source: CompareSource, _ decisions: inout [CompareDecision]
) throws(VTXError) -> ComparedVideo {
    let path = source.description.path
    let all = source.description.streams.filter { $0.video != nil && !$0.isCoverArt }
    guard let stream = all.first(where: { $0.isDecodable && $0.encryption == nil }), let video = stream.video else {
        throw VTXError(
            .badMedia, "\(path) has no video to compare",
            cause: all.isEmpty ? nil : "no video stream can be decoded (\(all[0].codec))" as Message)
    }
    if all.count > 1 { decisions.append(.stream(path: source.name, stream.index, of: all.count)) }
    return ComparedVideo(stream: stream.index, video: video)
}

/// Samples of PQ, HLG and SDR stand for different light.
private func checkRange(
    _ found: ComparedVideo, of other: CompareSource, _ base: ComparedVideo, of reference: CompareSource
) throws(VTXError) {
    let (one, two) = (found.video.transferTitle, base.video.transferTitle)
    guard one != two else { return }
    throw VTXError(
        .usage, "\(other.name) is \(one), \(reference.name) is \(two)",
        cause: "samples of one and the other stand for different light",
        remedy: "compare with a reference that is \(one), such as the source converted without loss")
}

private func checkRate(
    _ found: ComparedVideo, of other: CompareSource, _ base: ComparedVideo, of reference: CompareSource,
    _ decisions: inout [CompareDecision]
) throws(VTXError) {
    if found.video.hasVariableFrameRate == true || base.video.hasVariableFrameRate == true {
        let path = base.video.hasVariableFrameRate == true ? reference.name : other.name
        if !decisions.contains(.variableRate(path: path)) { decisions.append(.variableRate(path: path)) }
        return
    }
    guard let rate = found.rate, let due = base.rate, rate.isPositive, due.isPositive else { return }
    let difference = abs(rate.value / due.value - 1)
    // Containers round timestamps.
    guard difference > 0.0005 else { return }
    guard difference < 0.02 else {
        throw VTXError(
            .usage, "\(other.name) has \(rateText(rate)), \(reference.name) \(rateText(due))",
            cause: "frames are paired by number",
            remedy: "convert the reference to the same rate without loss: \(.frameRate, "\(rate)")")
    }
    decisions.append(.rate(path: other.name, rate, reference: due))
}
