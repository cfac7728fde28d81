// The result of a ladder or a package for people.

import VTXCommandLine
import VTXKit
import VTXModel

/// The final table of a package: what is in it, as measured.
func renditionTable(_ renditions: [LadderReport.Rendition]) -> [String] {
    aligned(
        [["rendition", "size", "codec", "average", "peak", "bytes"]]
            + renditions.map {
                [
                    $0.name, $0.size?.description ?? "", $0.codec, bitRateText($0.averageBitRate),
                    bitRateText($0.peakBitRate), bytesText($0.bytes),
                ]
            })
}
