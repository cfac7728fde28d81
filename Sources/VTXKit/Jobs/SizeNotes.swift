// What the size of a finished output says.

import VTXModel
import VTXPlanning

/// Notes about the size of an output; empty where it is as expected.
///
/// - Parameters:
///   - size: bytes of the output.
///   - source: what it is made of.
///   - encodes: how often the video, or audio alone, was encoded.
func sizeNotes(_ size: Int64, of plan: TranscodePlan, source: MediaDescription, encodes: Int) -> [String] {
    if let target = plan.targetSize, !target.isMet(by: size), size <= target.bytes {
        return ["\(sizeText(size)) of \(sizeText(target.bytes)): \(shortfall(plan, encodes))"]
    }
    guard isComparable(plan), source.size > 0, Double(size) > Double(source.size) * 1.02 else { return [] }
    return ["\(sizeText(source.size)) → \(sizeText(size)), larger than the source"]
}

/// Why an output is smaller than it was asked to be.
private func shortfall(_ plan: TranscodePlan, _ encodes: Int) -> String {
    if encodes == SizeSearch.most { return "\(counted(encodes, "encode")) did not come nearer" }
    if let encode = plan.video?.encode { return "the video has the best quality of \(encode.codec.title)" }
    let codec = plan.audio.first?.encode?.codec
    if case .list = codec?.traits.bitRates?(48_000, 2) { return "\(codec?.title ?? "") has bit rates in steps" }
    return "the audio has the best quality of \(codec?.title ?? "its codec")"
}

/// Whether the output should not be larger than the source: it is all of it, and encoded with a loss.
private func isComparable(_ plan: TranscodePlan) -> Bool {
    guard plan.skipped == nil, plan.limit == nil, plan.speed >= Rational(1) else { return false }
    if let video = plan.video { return video.encode.map { $0.codec.traits.quality.range != nil } ?? false }
    return plan.audio.contains { $0.encode?.bitRate != nil }
        && plan.audio.allSatisfy { $0.encode?.codec.isLossless != true }
}
