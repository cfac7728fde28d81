// Rewrites packets without decoding them.

import CLibAV
package import VTXModel

/// One of libavcodec's bitstream filters. Stays on one thread.
package final class BitstreamFilter: @unchecked Sendable {
    // @unchecked: used by one stage at a time.
    private var context: UnsafeMutablePointer<AVBSFContext>?

    /// - Parameters:
    ///   - name: libavcodec's name of the filter.
    ///   - base: unit of the packets' times.
    package init(_ name: String, for parameters: CodecParameters, base: Rational) throws(AVFailure) {
        guard let filter = av_bsf_get_by_name(name) else {
            throw AVFailure("find the filter \(name)", vtx_error_from_errno(22))
        }
        try check(av_bsf_alloc(filter, &context), "make the filter \(name)")
        try check(avcodec_parameters_copy(context!.pointee.par_in, parameters.pointer), "copy parameters")
        context!.pointee.time_base_in = base.av
        try check(av_bsf_init(context), "start the filter \(name)")
    }

    deinit { av_bsf_free(&context) }

    /// Takes a packet and gives those that are ready.
    package func push(_ packet: consuming Packet, emit: (consuming Packet) throws -> Void) throws {
        try check(av_bsf_send_packet(context, packet.pointer), "filter a packet")
        while true {
            let ready = Packet()
            let code = av_bsf_receive_packet(context, ready.pointer)
            if code == vtx_error_again { return }
            try check(code, "filter a packet")
            try emit(ready)
        }
    }
}
