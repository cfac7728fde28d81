// Finds output name collisions before anything is started.

import VTXModel

/// Two sources that would write to the same place.
package struct Collision: Hashable, Sendable {
    /// The sources, as relative paths.
    package var first, second: String
    /// Relative to the output directory.
    package var output: String

    /// A collision of two sources.
    package init(_ first: String, _ second: String, output: String) {
        self.first = first
        self.second = second
        self.output = output
    }
}

/// Finds all collisions.
///
/// - Parameter outputs: source and output of each item, as relative paths.
/// - Returns: pairs with the same output, and pairs of which one's output lies inside the other's.
package func collisions(_ outputs: [(source: String, output: String)]) -> [Collision] {
    var owners: [ExactName: String] = [:]
    var found: [Collision] = []
    for (source, output) in outputs {
        if let first = owners[output] {
            found.append(Collision(first, source, output: output))
        } else {
            owners[output] = source
        }
    }
    for (source, output) in outputs {
        for index in output.indices where output[index] == "/" {
            let folder = String(output[..<index])
            if let first = owners[folder] { found.append(Collision(first, source, output: folder)) }
        }
    }
    return found
}
