// The unit of time of packets in a plan that changes the speed, and times within them.

import LibAV
import VTXBitstream
import VTXModel

extension Demuxer {
    /// The parameters of a stream, with the unit of output times.
    func parameters(of stream: Int, for plan: TranscodePlan) throws -> CodecParameters {
        let parameters = try parameters(of: stream)
        return plan.speedUp == nil ? parameters : try parameters.played(at: plan.speed)
    }
}

extension Route {
    /// The route for copied packets of a codec: bitmaps that say themselves how long they are shown are shown as much shorter
    /// as the output is.
    func played(codec: String, for plan: TranscodePlan) -> Route {
        guard let speed = plan.speedUp, let times = BitmapTimes(codec: codec) else { return self }
        return .changed(self) { packet in try packet.change { times.play(&$0, at: speed) } }
    }
}
