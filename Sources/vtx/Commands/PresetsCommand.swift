// vtx presets

import ArgumentParser
import VTXKit

struct PresetsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "presets",
        abstract: "List the built-in presets.",
        discussion: """
            Presets for quality set how well and how fast each codec is encoded, in any container. Presets for a \
            purpose also choose codecs, size and channels that serve it. Other options take precedence over \
            both.

              vtx presets
              vtx transcode clip.mov -o clip.mp4 --preset phone
            """)

    @OptionGroup var list: ListArguments

    func run() {
        let presets = Catalog.presets
        list.show(presets, of: Self.configuration, as: "preset") { presetTables(presets) }
    }
}
