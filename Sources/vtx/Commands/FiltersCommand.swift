// vtx filters [TEXT]

import ArgumentParser
import VTXKit
import VTXModel

struct FiltersCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "filters",
        abstract: "List the filters of this libavfilter.",
        discussion: """
            For each filter: what flows in and out, and libavfilter's description. "+" stands for more inputs or \
            outputs, as the filter's options ask for.

              vtx filters
              vtx filters denoise
            """)

    @Argument(help: "List only filters with this text in their name or description.")
    var text: String?

    @OptionGroup var list: ListArguments

    func run() throws {
        let filters = Catalog.filters.filter { text.map($0.mentions) ?? true }
        if let text, filters.isEmpty {
            throw VTXError(
                .usage, "no filter of this libavfilter mentions '\(text)'", remedy: "`vtx filters` lists all of them")
        }
        list.show(filters, of: Self.configuration, as: "filter") { filterTable(filters) }
    }
}
