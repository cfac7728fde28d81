// Which container a transcode writes.

package import VTXModel

/// The container that was asked for, or that the output's name asks for.
///
/// - Throws: `.usage` if the name does not tell it.
func outputContainer(_ options: TranscodeOptions) throws(VTXError) -> Container {
    if options.isStreamed { return try streamedContainer(options) }
    if let container = options.container { return container }
    let name = options.output.split(separator: "/").last ?? ""
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    let known = Container.allCases.map { ".\($0.rawValue)" }.joined(separator: " ")
    guard parts.count > 1, let last = parts.last, !last.isEmpty else {
        throw VTXError(
            .usage, "the output '\(options.output)' has no extension to tell its format",
            remedy: "add one of \(known)")
    }
    guard let container = Container(fileExtension: String(last)) else {
        throw VTXError(
            .usage, "'.\(last)' is not a format that \(command: .transcode) writes ('\(options.output)')",
            remedy: ["m3u8", "m3u", "mpd"].contains(last.lowercased())
                ? "use \(command: .ladder) with the name of a directory for a package" : "possible are \(known)")
    }
    return container
}

extension TranscodeOptions {
    /// What can be said of the output before the source is known.
    ///
    /// - Throws: `.usage` if nothing tells its container, or if standard output cannot be it.
    package func checkOutput() throws(VTXError) {
        _ = try outputContainer(self)
        try checkStream()
    }
}
