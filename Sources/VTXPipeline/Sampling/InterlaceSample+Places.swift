// What samples of several places of a source say together.

package import VTXModel

extension InterlaceSample {
    /// - Parameter places: in any order. Where some are film with pulldown and others are not, what is not decides how all
    ///   is treated: deinterlacing film costs sharpness, and removing pulldown from video costs frames.
    package init(of places: [InterlaceSample]) {
        self.init(frames: 0)
        let found = places.filter { $0.frames > 0 }
        guard let first = found.first else { return }
        let others = found.contains { $0.pulldown == .fields } ? found.filter(\.isNoFilm) : []
        let combed = others.filter(\.isCombed)
        for place in combed.isEmpty ? found : combed { add(place) }
        if found.allSatisfy({ $0.pulldown == first.pulldown }) {
            pulldown = first.pulldown
        } else if others.isEmpty, found.count(where: { $0.pulldown == .fields }) > 1 {
            pulldown = .fields
        }
    }

    private mutating func add(_ other: InterlaceSample) {
        frames += other.frames
        flaggedInterlaced += other.flaggedInterlaced
        flaggedTopFirst += other.flaggedTopFirst
        topFirst += other.topFirst
        bottomFirst += other.bottomFirst
        progressive += other.progressive
        undetermined += other.undetermined
    }

    /// Whether it moves in a way that film with pulldown does not. Where nothing moves, nothing can be told.
    private var isNoFilm: Bool {
        guard pulldown != .fields, frames >= 15 else { return false }
        return isCombed || progressive * 10 >= frames * 9
    }

    /// Whether most frames are made of two fields: of film with pulldown, two of five are.
    private var isCombed: Bool { (topFirst + bottomFirst) * 5 > frames * 3 }
}
