// Links of chained Ogg, for those who copy them.

extension Demuxer {
    /// What tells the headers of links from the packets of `stream`; `nil` where there can be none.
    package func linkHeaders(of stream: Int) throws(AVFailure) -> LinkHeaders? {
        guard isOgg else { return nil }
        let parameters = try parameters(of: stream)
        return ["vorbis", "theora"].contains(parameters.codec) ? LinkHeaders(parameters.header) : nil
    }
}
