// Which video codecs go into which container: each codec says it of itself.

extension Container {
    /// Video codecs that vtx writes into it, the one to choose first in front.
    public var videoCodecs: [VideoCodec] {
        let all = VideoCodec.allCases.filter { $0.traits.containers.contains(self) }
        return all.filter { $0.traits.isFirstChoice.contains(self) }
            + all.filter { !$0.traits.isFirstChoice.contains(self) }
    }
}
