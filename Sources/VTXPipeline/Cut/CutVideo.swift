// Video of which whole groups of frames are copied, and the ends encoded: what the muxer has to know of both.

import LibAV
import VTXBitstream
import VTXModel
import VTXSystem

/// Sets up a smart cut.
final class CutVideo: @unchecked Sendable {
    // @unchecked: never changed after it was made, but for encoders, which one stage uses.
    /// Of the source, with the encoder's parameter sets behind its own.
    let parameters: CodecParameters
    /// How far frames at the ends were decoded.
    let reached = Guarded<MediaTime?>(nil)
    let plan: SmartCutPlan
    let source: CodecParameters
    let base: Rational
    let limit: Int64?
    /// The plan's times, in ticks of the output.
    let copyStart: Int64?
    let copyEnd: Int64?
    let tailKey: Int64?
    let decodeStart: Int64?
    /// The encoder's parameter sets, for packets that carry the stream's too; `nil`: the header has them.
    let leadingSets: [UInt8]?
    private let header: [UInt8]
    private let first: Encoder
    private var isFirstUsed = false

    /// - Parameter mayReorderMore: whether frames are decoded as early as the codec allows: what was seen of the source
    ///   before did not suffice.
    init(
        _ smart: SmartCutPlan, of video: VideoTrackPlan, plan: TranscodePlan, source demuxer: Demuxer,
        mayReorderMore: Bool
    ) throws {
        self.plan = smart
        let source = try demuxer.parameters(of: video.stream)
        let base = source.timeBase
        self.source = source
        self.base = base
        let origin = rescale(plan.origin.ticks, from: plan.origin.base, to: base)
        func ticks(_ time: MediaTime?) -> Int64? { time.map { rescale($0.ticks, from: $0.base, to: base) - origin } }
        (copyStart, copyEnd) = (ticks(smart.copyStart), ticks(smart.copyEnd))
        (tailKey, decodeStart) = (ticks(smart.tailKey), ticks(smart.decodeStart))
        limit = plan.limit.map { rescale($0.ticks, from: $0.base, to: base) }
        first = try Encoder(video: smart.encode, needsGlobalHeader: true)
        header = first.parameters.header
        guard let joined = joinedAVCHeader(source.header, with: header) else {
            throw VTXError(
                .badMedia, "the parameter sets of \(plan.input) cannot be joined with those of an encoder",
                remedy: "use \(.cut, "keyframe"), or leave out \(.cut) to encode all of it")
        }
        leadingSets = AVCParameterSets(header: source.header).lengthSize == nil ? avcParameterSets(in: header) : nil
        let reordering = mayReorderMore ? 16 : max(smart.reordering, source.reorderDelay)
        parameters = try source.with(header: joined, reordering: reordering)
    }

    /// An encoder that has not encoded anything.
    ///
    /// - Throws: `.internal` if it does not fit the header.
    func makeEncoder() throws -> Encoder {
        guard isFirstUsed else {
            isFirstUsed = true
            return first
        }
        let encoder = try Encoder(video: plan.encode, needsGlobalHeader: true)
        guard encoder.parameters.header == header else {
            throw VTXError(.internal, "two encoders of one cut have different parameter sets", remedy: .report())
        }
        return encoder
    }
}
