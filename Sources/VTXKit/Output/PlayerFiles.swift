// The player page as files of a package.

import Glibc
import VTXModel
import VTXPlayer
import VTXSystem

/// What a planned player page needs, read before the long work begins.
struct PlayerFiles {
    private let script: HLSScript?

    /// - Throws: `.noInput` or `.usage` if the planned hls.js is none.
    init?(_ plan: PlayerPlan?) throws(VTXError) {
        guard let plan else { return nil }
        script = if let path = plan.script { try HLSScript(reading: path) } else { nil }
    }

    /// Writes the page into a package that is otherwise complete.
    func write(to directory: String) throws(VTXError) {
        let page = PlayerPage(
            script: script.map { .file($0.name) } ?? .pinned,
            hasPoster: access("\(directory)/\(PlayerPage.posterName)", R_OK) == 0,
            hasThumbnails: access("\(directory)/\(PlayerPage.thumbnailsName)", R_OK) == 0)
        try makeDirectory("\(directory)/\(PlayerPage.directory)")
        for asset in PlayerPage.assets { try writeFile(asset.bytes, to: "\(directory)/\(asset.name)") }
        if let script { try writeFile(script.bytes, to: "\(directory)/\(script.name)") }
        try writeFile(Array(page.html.utf8), to: "\(directory)/\(PlayerPage.indexName)")
    }
}
