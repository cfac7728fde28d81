// Where filters that are asked for by name stand among the others.

import VTXModel

extension VideoPlanner {
    /// Puts them into their places.
    ///
    /// - Throws: `.unavailable` for one that this libav does not have, `.usage` for fades that have no room and images over
    ///   video whose high dynamic range is kept.
    mutating func addNamedFilters(to chain: inout VideoFilterChain) throws(VTXError) {
        let filters = options.filters
        chain.image = try texts(of: filters.imageFilters(format: chain.format))
        if let custom = filters.custom {
            try checkChain(custom, .filter, in: context)
            decide(.custom(custom))
            chain.image.append(custom)
        }
        chain.closing = try texts(of: filters.overlays(over: chain))
        chain.closing += try texts(of: filters.fades(until: cut.expected))
    }

    private mutating func texts(of filters: [NamedFilter]) throws(VTXError) -> [String] {
        var decisions: [FilterDecision] = []
        let texts = try context.texts(of: filters, noting: &decisions)
        for decision in decisions { decide(decision) }
        return texts
    }
}
