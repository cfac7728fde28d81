// The result of a comparison for people.

import VTXCommandLine
import VTXKit
import VTXModel

/// The final table: a row for each metric of each file.
func compareTable(_ report: CompareReport) -> [String] {
    let head = ["", "size", "bit rate", "", "mean", "5 %", "minimum", "at", "Y", "U", "V"]
    let rows = report.results.flatMap { result in
        result.scores.enumerated().map { index, score in
            let own =
                index == 0 ? [result.name, result.size.description, bitRateText(result.bitRate)] : ["", "", ""]
            let isWhole = score.identicalFrames == result.compared
            let values = [score.mean, score.percentile5, score.minimum].map { text($0, score.metric) }
            let place = isWhole ? "" : score.minimumTime?.description ?? ""
            let planes = [score.y, score.u, score.v].map { score.u == nil && $0 == nil ? "" : text($0, score.metric) }
            return own + [score.metric.title] + values + [place] + planes
        }
    }
    let last = "\(counted(report.frames, "frame")) in \(decimal(report.elapsed, 1)) s"
    return aligned([head] + rows).map(withoutTrailingSpaces) + [last]
}

/// Without a value there is no difference.
private func text(_ value: Double?, _ metric: QualityMetric) -> String {
    value.map { decimal($0, metric.digits) } ?? "identical"
}
