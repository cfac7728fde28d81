// A dry run: everything is planned, nothing is made.

import VTXModel
import VTXSystem

extension BatchState {
    /// Files that have no item.
    mutating func planRows() {
        for row in rows {
            tell(
                .planned(
                    PlannedItem(
                        source: row.source, output: row.output,
                        target: settings.settings(for: SplitPath(row.source).folder).target,
                        sourceSize: row.sourceSize, duration: row.duration,
                        standing: row.result == .failedBefore ? .failedBefore : .failed, plan: nil,
                        failure: row.failure)))
        }
        estimate.failures = rows.count
    }

    /// Plans items.
    mutating func estimate(_ inspections: [Inspection]) {
        for inspection in inspections {
            let item = inspection.item
            var planned = PlannedItem(
                source: item.source.path, output: item.output, target: item.settings.target,
                sourceSize: item.source.identity.size, duration: item.facts?.duration, standing: .due, plan: nil,
                failure: nil)
            switch standing(of: inspection) {
            case .done, .finishedUnsaid: planned.standing = .unchanged
            case .failed(let failure):
                planned.standing = .failedBefore
                planned.failure = failure
            case .due: break
            }
            looks.append(.planForEstimate(item, planned))
        }
    }

    /// An item's plan, or why there is none.
    mutating func estimated(_ item: Item, _ planned: PlannedItem, _ answer: TaskAnswer?, _ end: TaskEnd) {
        var planned = planned
        if case .plan(let plan) = answer {
            planned.plan = plan.facts(source: item.facts, bytes: item.source.identity.size)
        } else if planned.standing == .due {
            planned.standing = .failed
            planned.failure =
                if case .failure(let failure) = answer { rules.shortened(failure, item.source) } else { crash(end) }
        }
        if planned.failure != nil { estimate.failures += 1 }
        if planned.standing == .due {
            estimate.items += 1
            estimate.sourceBytes += planned.sourceSize
            estimate.outputBytes += planned.plan?.estimatedSize ?? 0
            estimate.duration += planned.plan?.duration ?? planned.duration ?? 0
            dueWork += item.cost.work
        }
        tell(.planned(planned))
    }

    mutating func finishEstimating() {
        estimate.elapsed = measuredSpeed.map { dueWork / $0 / Double(rules.budget.jobs) }
        end(.estimate(estimate))
    }

    /// Work per second of one worker, from earlier items of this directory; `nil` if there are none.
    private var measuredSpeed: Double? {
        var work = 0.0
        var seconds = 0.0
        for record in journal.items.values {
            guard let elapsed = record.outcome?.elapsed, let facts = journal.probes[record.source]?.facts else {
                continue
            }
            work += ItemCost(facts, bytes: record.identity.size, target: .mp4).work
            seconds += elapsed
        }
        return seconds > 0 ? work / seconds : nil
    }
}
