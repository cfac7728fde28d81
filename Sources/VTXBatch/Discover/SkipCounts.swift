// What a batch skips, counted.

/// Files and folders that were skipped, by reason.
package struct SkipCounts: Hashable, Codable, Sendable {
    /// Names that begin with a dot, folders counted as one.
    package var hidden = 0
    /// By a pattern or a job file.
    package var excluded = 0
    /// Folders deeper than the limit.
    package var tooDeep = 0
    /// Links out of the tree, to folders, or to nothing.
    package var links = 0
    /// Neither file nor folder, or with a name that is not UTF-8.
    package var special = 0
    /// Files that are not media.
    package var noMedia = 0

    /// Parts of packages: files that an HLS playlist or a DASH manifest of the tree names.
    package var packaged = 0
    /// Files that another program has not finished, by their names: `clip.mp4.part`.
    package var unfinished = 0

    /// Nothing was skipped.
    package init() {}

    /// All of them.
    package var total: Int { hidden + excluded + tooDeep + links + special + noMedia + packaged + unfinished }
}
