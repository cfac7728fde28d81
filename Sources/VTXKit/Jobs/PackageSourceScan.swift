// Looks for the key frames of all files of a package at once.

import LibAV
import VTXModel
import VTXPipeline
import VTXPlanning
import VTXSystem

/// Finds the key frames of all files, which are read side by side.
///
/// - Parameter progress: called on this thread, about five times a second.
/// - Returns: a result for each source, in order.
func scanPackageSources(
    _ sources: [PackageSource], _ plan: PackagePlan, interrupt: Interrupt, progress: (JobProgress) -> Void
) throws -> [PackageScanResult] {
    let began = now()
    let group = StageGroup(interrupt: interrupt)
    let results = Guarded([PackageScanResult](repeating: PackageScanResult(), count: sources.count))
    let states = sources.map { _ in Guarded(PackageScanProgress()) }
    for (index, source) in sources.enumerated() {
        guard let request = scanRequest(of: source, plan, index) else { continue }
        let (demuxer, state, start) = (source.demuxer, states[index], source.description.start ?? .zero)
        // Formats without an index are read whole in any case, and any stream may tell how long they are.
        if source.description.format.hasPrefix("mov,") { demuxer.keepOnly(Set(request.streams)) }
        group.start("scan \(index + 1)") {
            let found = try scanForPackage(demuxer, request, start: start, progress: state)
            results.with { $0[index] = found }
        }
    }
    try group.wait(every: JobRun.interval) {
        progress(reading(sources.map(\.description), states, elapsed: now() - began))
    }
    return results.with { $0 }
}

/// What to look for in a file; `nil` if nothing of it is used.
private func scanRequest(of source: PackageSource, _ plan: PackagePlan, _ index: Int) -> PackageScanRequest? {
    let file = source.description
    let video = plan.video.first { $0.input == index }
    var request = PackageScanRequest(
        video: video?.stream, rates: video.flatMap { file.streams[$0.stream].video }.map(rateCandidates) ?? [],
        audio: plan.audio.filter { $0.input == index }.map(\.stream))
    guard !request.streams.isEmpty else { return nil }
    request.followsPictureSets = plan.segments == .fmp4
    request.hasIndex = hasWholeIndex(source, request)
    return request
}

/// Whether the file's header has the times of all packets, and the file all their bytes.
private func hasWholeIndex(_ source: PackageSource, _ request: PackageScanRequest) -> Bool {
    let file = source.description
    guard file.format.hasPrefix("mov,"), file.missingBytes == nil else { return false }
    // Where the description of audio changes, its samples have to be looked at.
    guard !source.demuxer.changesSampleDescription else { return false }
    return request.streams.allSatisfy { file.streams[$0].frameCount != nil }
}

private func reading(
    _ files: [MediaDescription], _ states: [Guarded<PackageScanProgress>], elapsed: Double
) -> JobProgress {
    let rows = zip(files, states).map { file, state in
        let state = state.with { $0 }
        let name = file.path.split(separator: "/").last.map(String.init) ?? file.path
        return JobProgress.Rendition(
            name: "reading \(name)", done: state.packets, bytes: 0,
            fraction: file.size > 0 ? min(1, Double(state.bytes) / Double(file.size)) : nil)
    }
    let expected = files.compactMap(\.duration).max()
    let fraction = rows.compactMap(\.fraction).min() ?? 0
    return JobProgress(
        phase: .read, position: MediaTime(seconds: (expected?.seconds ?? 0) * fraction), expected: expected,
        frames: 0, bytes: 0, elapsed: elapsed, renditions: rows)
}

extension PackageScanRequest {
    /// Streams that are scanned: audio, then video.
    fileprivate var streams: [Int] { audio + (video.map { [$0] } ?? []) }
}
