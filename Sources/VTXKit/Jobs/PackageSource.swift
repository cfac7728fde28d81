// The files of a package, opened and described.

import LibAV
import VTXBitstream
import VTXModel
import VTXPlanning
import VTXSystem

/// A file that is packaged.
struct PackageSource {
    var demuxer: Demuxer
    var description: MediaDescription
}

/// Opens and describes the files of a package.
///
/// - Parameter program: number of the program to use of files that have programs.
/// - Throws: `.usage` if there is none or one is given twice, or if no file has the program, `.noInput` and `.badMedia` as `SourceFile.open`.
func openPackageSources(
    _ inputs: [String], program: Int? = nil, interrupt: Interrupt
) throws(VTXError) -> [PackageSource] {
    guard !inputs.isEmpty else { throw VTXError(.usage, "there are no files to package") }
    var seen: [(path: String, status: FileStatus)] = []
    var sources: [PackageSource] = []
    for path in inputs {
        let demuxer = try SourceFile.open(path, interrupt: interrupt)
        if let status = FileStatus(path) {
            if let other = seen.first(where: { $0.status.isSameFile(as: status) }) {
                throw VTXError(
                    .usage, "\(path) is given twice", cause: other.path == path ? nil : "it is \(other.path)",
                    remedy: "give each rendition once")
            }
            seen.append((path, status))
        }
        // Files without programs may stand beside one that has some.
        let number = inputs.count > 1 && demuxer.programs.isEmpty ? nil : program
        let choice = ProgramChoice(number: number)
        var description = try SourceFile.describe(demuxer, .brief, program: choice)
        noteGray(&description, demuxer)
        sources.append(PackageSource(demuxer: demuxer, description: description))
    }
    if program != nil, sources.allSatisfy({ $0.demuxer.programs.isEmpty }) {
        throw VTXError(.usage, "none of the files has programs", remedy: .leaveOut(.program))
    }
    return sources
}

/// Corrects the sampling of gray H.264, which is decoded with colour planes, but copied without.
private func noteGray(_ file: inout MediaDescription, _ demuxer: Demuxer) {
    for index in file.streams.indices where file.streams[index].codec == "h264" {
        guard let parameters = try? demuxer.parameters(of: index), isGrayAVC(parameters.header) else { continue }
        file.streams[index].video?.sampling = "gray"
    }
}
