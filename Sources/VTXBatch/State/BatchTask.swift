// The tasks that a batch gives to other processes.

/// Number of a task; later tasks have higher numbers.
package struct TaskID: Hashable, Comparable, Sendable {
    /// From 1.
    package var number: Int

    /// A task by its number.
    package init(_ number: Int) { self.number = number }

    /// The order of starting.
    package static func < (left: TaskID, right: TaskID) -> Bool { left.number < right.number }
}

/// Something that a process does for the batch.
package enum BatchTask: Hashable, Sendable {
    /// Describe files; each gets an answer, in order.
    case probe([Candidate])
    /// Say what would be made of a file.
    case plan(Candidate, ItemSettings)
    /// Make an output.
    case make(Item)
    /// Make a thumbnail of a file; absolute paths.
    case thumbnail(source: String, image: String)
    /// Run the user's command for a finished item.
    case hook(BatchRow)

    /// Whether a process of vtx does it; the user's commands may take any time.
    package var isWorker: Bool { if case .hook = self { false } else { true } }

    /// The files it works on, by their paths in the source directory.
    package var subject: String {
        switch self {
        case .probe(let files): files.map(\.path).joined(separator: ", ")
        case .plan(let file, _): file.path
        case .make(let item): item.source.path
        case .thumbnail(let source, _): source
        case .hook(let row): row.source
        }
    }
}
