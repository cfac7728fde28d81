// How a worker process ended.

package import VTXModel

/// How a worker process ended.
package enum WorkerExit: Hashable, Codable, Sendable {
    /// With status 0: the work is done.
    case done
    /// With the exit status of an error.
    case failed(VTXError.Kind)
    /// With a status that no error has.
    case unknown(Int32)
    /// By a signal.
    case killed(signal: Int32)

    /// - Parameters:
    ///   - status: exit status; `nil` if a signal ended the process.
    ///   - signal: the signal that ended the process.
    package init(status: Int32?, signal: Int32?) {
        if let status {
            self = status == 0 ? .done : VTXError.Kind(exitStatus: status).map(WorkerExit.failed) ?? .unknown(status)
        } else {
            self = .killed(signal: signal ?? 0)
        }
    }

    /// The exit status; `nil` if a signal ended the process.
    package var status: Int32? {
        switch self {
        case .done: 0
        case .failed(let kind): kind.exitStatus
        case .unknown(let status): status
        case .killed: nil
        }
    }

    /// The signal that ended the process, if one did.
    package var signal: Int32? { if case .killed(let signal) = self { signal } else { nil } }
}

extension VTXError.Kind {
    /// The kind of failure that ends a process with this status; `nil` if there is none.
    init?(exitStatus: Int32) {
        let kinds: [VTXError.Kind] = [
            .usage, .unavailable, .interrupted, .terminated, .internal, .badMedia, .noInput, .cannotCreate,
            .inputOutput,
            .someFailed,
        ]
        guard let kind = kinds.first(where: { $0.exitStatus == exitStatus }) else { return nil }
        self = kind
    }
}
