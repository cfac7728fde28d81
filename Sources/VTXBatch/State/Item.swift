// A file on its way to its output.

import VTXSystem

/// One source with all that is decided about its output.
package struct Item: Hashable, Sendable {
    /// The file.
    package var source: Candidate
    /// What is made of it.
    package var settings: ItemSettings
    /// What probing has found.
    package var facts: MediaFacts?
    /// Relative to the output directory.
    package var output: String
    /// What is planned, if the name needed a plan.
    package var planFacts: PlanFacts?
    /// What it will cost.
    package var cost: ItemCost
    /// Hash of the plan, as of `planHash`; empty until it is inspected.
    package var plan = ""
    /// Encoder threads.
    package var threads = 1
    /// Whether the output may replace what has its name.
    package var mayReplace = false
}
