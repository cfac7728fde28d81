// What is different where a muxer writes to a pipe.

import CLibAV
import VTXModel

extension Muxer {
    /// What libav's writer of movies does by itself, but not in fragments: AAC with a header in front of each frame, as
    /// transport streams have it, loses those headers.
    func filter(for parameters: CodecParameters, base: Rational) throws(AVFailure) -> BitstreamFilter? {
        let source = parameters.pointer.pointee
        guard isMovie, target.pipe != nil, source.codec_id == AV_CODEC_ID_AAC, source.extradata_size == 0 else {
            return nil
        }
        return try BitstreamFilter("aac_adtstoasc", for: parameters, base: base)
    }

    /// Has the header edited before it goes into a pipe.
    func editBeginning(_ pipe: PipeOutput) {
        let (edits, tags) = (edits, tags)
        if isMovie {
            pipe.hold { editedBeginning(ofMovie: $0, tracks: edits, tags: tags) }
        } else if hasMarkedLanguages {
            pipe.hold(until: separatedLanguages(inBeginning:))
        }
    }

    /// Has the header of a fragmented movie written, if tracks of which nothing has come yet hold it up for too long. They
    /// begin with their own time then.
    func writeHeldHeader() throws(AVFailure) {
        guard heldBytes > Self.mostHeld, isMovie, target.pipe?.isHolding == true else { return }
        try check(av_write_frame(context, nil), "write the header")
        try checkOutput()
        try check(av_opt_set(context!.pointee.priv_data, "movflags", "+frag_discont", 0), "begin a fragment")
        heldBytes = 0
    }
}
