// The player page: plain HTML, CSS and JavaScript, part of the program, the same in a package and from `vtx serve`.
//
// The page knows nothing of where it is: every name in it is relative, and the title comes from its own address.

import VTXModel

/// The hls.js that the page uses.
package enum PlayerScript: Hashable, Sendable {
    /// A file in the package, relative to the page.
    case file(String)
    /// The build on a CDN that `pinnedURL` names.
    case pinned

    /// A version that plays what vtx makes, and its checksum as browsers compare it.
    package static let pinnedURL = "https://cdn.jsdelivr.net/npm/hls.js@1.6.15/dist/hls.min.js"
    package static let pinnedIntegrity = "sha256-QTqD4rsMd+0L8L4QXVOdF+9F39mEoLE+zTsUqQE4OTg="
}

/// What the page of one package is told about it.
package struct PlayerPage: Hashable, Sendable {
    package var script: PlayerScript
    package var hasPoster: Bool
    package var hasThumbnails: Bool
    /// Where the page sends what happened, relative to itself; `nil`: nowhere.
    package var report: String?

    package init(script: PlayerScript, hasPoster: Bool, hasThumbnails: Bool, report: String? = nil) {
        self.script = script
        self.hasPoster = hasPoster
        self.hasThumbnails = hasThumbnails
        self.report = report
    }

    /// Names in a package, relative to it.
    package static let indexName = "index.html"
    package static let directory = "player"
    package static let posterName = PackageLayout.poster
    package static let thumbnailsName = "\(PackageLayout.thumbnails)/\(PackageLayout.thumbnailIndex)"
    /// One of them may be there: a script, or a module.
    package static let scriptNames = ["player/hls.js", "player/hls.mjs"]
    /// By which a page of ours is known.
    package static let mark = #"<meta name="generator" content="vtx player">"#

    /// The files beside `index.html`, by name.
    package static var assets: [(name: String, bytes: [UInt8])] {
        [
            ("player.css", PackageResources.player_css), ("player.js", PackageResources.player_js),
            ("engine.js", PackageResources.engine_js), ("controls.js", PackageResources.controls_js),
            ("preview.js", PackageResources.preview_js), ("panel.js", PackageResources.panel_js),
            ("session.js", PackageResources.session_js),
        ].map { ("\(directory)/\($0.0)", $0.1) }
    }

    /// Text of `index.html`.
    package var html: String {
        var settings: [String] = []
        switch script {
        case .file(let name): settings.append(meta("vtx-hls", name))
        case .pinned:
            settings.append(
                #"<meta name="vtx-hls" content="\#(PlayerScript.pinnedURL)" data-integrity="\#(PlayerScript.pinnedIntegrity)">"#
            )
        }
        if hasPoster { settings.append(meta("vtx-poster", Self.posterName)) }
        if hasThumbnails { settings.append(meta("vtx-thumbnails", Self.thumbnailsName)) }
        if let report { settings.append(meta("vtx-report", report)) }
        let template = String(decoding: PackageResources.index_html, as: UTF8.self)
        // The one place that differs from package to package.
        let parts = template.split(separator: "<!-- settings -->", maxSplits: 1, omittingEmptySubsequences: false)
        return parts.map(String.init).joined(separator: settings.joined(separator: "\n"))
    }

    private func meta(_ name: String, _ content: String) -> String {
        #"<meta name="\#(name)" content="\#(content)">"#
    }
}
