// The plan of a package's player page.

/// A page in the package that plays it.
public struct PlayerPlan: Hashable, Codable, Sendable {
    /// Path of the hls.js that is put into the package; `nil`: the page takes a pinned one from a CDN.
    public var script: String?

    /// The value made of its parts; what is left out is as its declaration says.
    public init(script: String? = nil) { self.script = script }
}
