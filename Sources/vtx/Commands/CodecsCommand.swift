// vtx codecs

import ArgumentParser
import VTXKit

struct CodecsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "codecs",
        abstract: "List the codecs that can be written.",
        discussion: """
            For each codec: its encoder, and whether this libav has it; the containers and segments that it is \
            written into, with * where it is the default; how quality is chosen; other names that options take.

              vtx codecs
              vtx codecs --json
            """)

    @OptionGroup var list: ListArguments

    func run() {
        let codecs = Catalog.codecs
        list.show(codecs, of: Self.configuration, as: "codec") { codecTable(codecs) }
    }
}
