// How far a scan of a rendition is.

/// How far a scan is.
package struct PackageScanProgress: Sendable {
    package var packets = 0
    /// Place in the file.
    package var bytes: Int64 = 0

    package init() {}
}
