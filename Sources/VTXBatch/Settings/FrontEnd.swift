// What a batch has to ask the command line: how options are spelt, which are valid, how a worker is called.

package import VTXKit
package import VTXModel

/// Knowledge of the command line, handed in by it.
package struct FrontEnd: Sendable {
    /// The options of a target's command.
    package var table: @Sendable (BatchTarget) -> OptionTable
    /// Options that job files must not set, with their dashes.
    package var refused: Set<String>
    /// What is wrong with options.
    package var check: @Sendable (BatchTarget, [String]) -> String?
    /// Spells settings as they are typed.
    package var render: @Sendable (Message) -> String
    /// The command line of a worker, without the program's name.
    package var words: @Sendable (WorkerTask) -> [String]

    /// Everything that is needed of a command line.
    package init(
        table: @escaping @Sendable (BatchTarget) -> OptionTable, refused: Set<String>,
        check: @escaping @Sendable (BatchTarget, [String]) -> String?,
        render: @escaping @Sendable (Message) -> String,
        words: @escaping @Sendable (WorkerTask) -> [String]
    ) {
        self.table = table
        self.refused = refused
        self.check = check
        self.render = render
        self.words = words
    }
}
