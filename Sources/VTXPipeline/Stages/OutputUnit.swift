// The unit of time of packets in a plan that changes the speed.

import LibAV
import VTXModel

extension Demuxer {
    /// The parameters of a stream, with the unit of output times.
    func parameters(of stream: Int, for plan: TranscodePlan) throws -> CodecParameters {
        let parameters = try parameters(of: stream)
        return plan.speedUp == nil ? parameters : try parameters.played(at: plan.speed)
    }
}
