// Looks for black bars where the automatic crop was asked for.

import VTXModel
import VTXPipeline
import VTXPlanning

extension SourceFile {
    /// Completes the description of video with what frames of the part that is used say about black bars.
    ///
    /// - Parameters:
    ///   - stream: the stream that was asked for; `nil`: any may be used.
    ///   - start: of the part that is used, from the start of the source; `nil`: its beginning.
    ///   - length: of the part that is used; `nil`: up to its end.
    static func findBars(
        in file: inout MediaDescription, for filters: FilterOptions, stream: Int? = nil, start: MediaTime? = nil,
        length: MediaTime? = nil
    ) {
        guard filters.crop == .automatic else { return }
        for index in file.streams.indices {
            let described = file.streams[index]
            guard var video = described.video, !described.isCoverArt, described.isDecodable,
                described.encryption == nil, file.isInProgram(described.index),
                stream == nil || stream == described.index
            else { continue }
            let own = file.program(of: described.index)
            let skipped = start ?? .zero
            let rest = own.duration.map { max(.zero, $0 - skipped) }
            video.bars = sampleBars(
                path: file.path, stream: described.index, size: video.size, start: (own.start ?? .zero) + skipped,
                duration: [rest, length].compactMap { $0 }.min())
            file.streams[index].video = video
        }
    }
}
