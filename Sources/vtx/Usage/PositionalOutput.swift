// An output without -o: `vtx transcode in.mkv out.mp4`, as cp and other programs take it.

import ArgumentParser

/// The words with `-o` before the last file, if the command makes one output of one input, there are several files, and
/// no other word says what the output is.
///
/// - Parameters:
///   - words: of the command line, the command's name first.
///   - commands: of the program.
func markingOutput(in words: [String], of commands: [any ParsableCommand.Type]) -> [String] {
    guard let name = words.first, ["transcode", "ladder", "extract", "batch"].contains(name),
        let command = commands.first(where: { $0.configuration.commandName == name })
    else { return words }
    let scan = WordScan(words.dropFirst(), CommandTable(command))
    guard scan.output == nil, scan.unknown.isEmpty, scan.files.count > 1, let place = scan.places.last,
        let file = scan.files.last, name == "transcode" || scan.files.count == 2
    else { return words }
    var result = scan.words
    result.remove(at: place)
    // Behind `--` there are no options.
    let option = file.hasPrefix("-") ? ["--output=\(file)"] : ["-o", file]
    result.insert(contentsOf: option, at: min(place, scan.terminator ?? place))
    return [name] + result
}
