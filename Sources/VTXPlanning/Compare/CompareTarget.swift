// What all frames of a comparison become, and the filters that make it of one side.

import VTXModel

/// Size and format of frames that are compared.
struct CompareTarget {
    var size: PixelSize
    var format: String
    var isFullRange: Bool
    /// libav's name; `nil` if the reference does not say.
    var matrix: String?
    var depth: Int
    /// Whether frames are turned as metadata says, since not all sides are stored alike.
    var isTurned: Bool

    /// The filters of one side, and what they are for.
    func side(
        _ source: CompareSource, _ found: ComparedVideo, reference: ComparedVideo,
        _ decisions: inout [CompareDecision]
    ) -> CompareSide {
        let video = found.video
        var filters: [String] = []
        var stored = video.size
        if isTurned, video.orientation != .upright {
            filters += turning(video.orientation)
            decisions.append(.turned(path: source.name, video.orientation))
            if video.orientation.exchangesSides { stored = stored.transposed }
        }
        let changes = changes(of: video, source.name, &decisions)
        noteShape(video, source.name, reference.video, &decisions)
        if stored != size { decisions.append(.scaled(path: source.name, from: stored, to: size)) }
        if stored != size || !changes.isEmpty || !isSame(video.pixelFormat) {
            filters.append(scaling(from: video, changes))
        }
        return CompareSide(
            input: source.description.path, name: source.name, stream: found.stream, size: video.size,
            filters: filters)
    }

    /// Options of the scaler for what has to be converted.
    private func changes(
        of video: VideoDescription, _ path: String, _ decisions: inout [CompareDecision]
    ) -> [String] {
        var options: [String] = []
        if video.isFullRange != isFullRange {
            decisions.append(.range(path: path, isFull: isFullRange))
            options.append("range")
        }
        if let own = video.color.matrix, let matrix, own != matrix, Self.matrices[own] != Self.matrices[matrix] {
            decisions.append(.matrix(path: path, from: own, to: matrix))
            options.append("matrix")
        }
        if !isSame(video.pixelFormat) {
            decisions.append(.format(path: path, from: video.pixelFormat, to: format))
        }
        return options
    }

    /// Whether a format differs from the common one in its range at most.
    private func isSame(_ other: String) -> Bool { other.replacing("yuvj", with: "yuv") == format }

    private func noteShape(
        _ video: VideoDescription, _ path: String, _ reference: VideoDescription,
        _ decisions: inout [CompareDecision]
    ) {
        guard let own = video.displayAspectRatio, let due = reference.displayAspectRatio,
            abs(own.value / due.value - 1) > 0.01
        else { return }
        decisions.append(.aspect(path: path, own, reference: due))
    }

    private func scaling(from video: VideoDescription, _ changes: [String]) -> String {
        var scale = "scale=w=\(size.width):h=\(size.height):flags=bicubic+accurate_rnd+full_chroma_int"
        if video.sampling != "rgb" {
            scale += ":in_range=\(video.isFullRange ? "full" : "limited")"
        }
        scale += ":out_range=\(isFullRange ? "full" : "limited")"
        if changes.contains("matrix"), let own = video.color.matrix.flatMap({ Self.matrices[$0] }),
            let target = matrix.flatMap({ Self.matrices[$0] })
        {
            scale += ":in_color_matrix=\(own):out_color_matrix=\(target)"
        }
        return scale + ",format=\(format)"
    }

    /// The scaler's names of matrices that it can convert.
    private static let matrices = [
        "bt709": "bt709", "smpte170m": "smpte170m", "bt470bg": "smpte170m", "fcc": "fcc", "smpte240m": "smpte240m",
        "bt2020nc": "bt2020",
    ]
}
