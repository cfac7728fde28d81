// How a batch ends early, and what happens as time passes.

import Glibc
import VTXModel

extension BatchState {
    /// A signal: nothing new is started, workers end in order. A second one ends them at once.
    mutating func stop(_ number: Int32) {
        guard signal == nil else { return send(SIGKILL) { _ in true } }
        signal = number
        endWorkers(with: number == SIGINT ? SIGINT : SIGTERM)
    }

    /// The journal cannot be written: the batch could not be resumed.
    mutating func journalFailed(_ error: VTXError) {
        guard fatal == nil else { return }
        fatal = error
        endWorkers(with: SIGTERM)
    }

    /// The first failure of a batch with `failsFast`.
    mutating func cutShort() {
        guard !isCutShort, signal == nil else { return }
        isCutShort = true
        endWorkers(with: SIGTERM)
    }

    private mutating func endWorkers(with number: Int32) {
        queue.removeAll()
        looks = []
        deadline = moment.steady + BatchRules.patience
        sendToAll(number)
    }

    /// A signal for all workers, and for the user's commands unless they go on.
    private mutating func sendToAll(_ number: Int32) {
        let hooksGoOn = hooksGoOn
        send(number) { $0.isWorker || !hooksGoOn }
    }

    private mutating func send(_ number: Int32, where holds: (RunningTask) -> Bool) {
        let tasks = running.filter { holds($0.value) }.keys.sorted()
        if !tasks.isEmpty { actions.append(.send(number, to: tasks)) }
    }

    mutating func tick() {
        let time = moment.steady
        if let limit = deadline, time > limit {
            sendToAll(SIGKILL)
            deadline = time + BatchRules.patience
        }
        send(SIGKILL) { $0.isWorker && time - $0.lastSign > BatchRules.longestSilence }
        if running.values.contains(where: { $0.make != nil }), time - lastProgress >= BatchRules.progressInterval {
            lastProgress = time
            tell(.progress(progress))
        }
    }

    /// What a batch that a signal ended says.
    var signalError: VTXError? {
        guard let signal else { return nil }
        let counts = "\(counted(rows.count, "file")) finished, the rest not started"
        return signal == SIGINT
            ? VTXError(.interrupted, "interrupted; \(counts)", remedy: "run the same command again to resume")
            : VTXError(.terminated, "terminated; \(counts)", remedy: "run the same command again to resume")
    }
}

extension RunningTask {
    /// The output that it makes.
    var make: RunningMake? { if case .make(let make) = work { make } else { nil } }
}
