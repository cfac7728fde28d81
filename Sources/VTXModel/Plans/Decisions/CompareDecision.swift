/// What a planner decides about files that are compared.
public enum CompareDecision: Hashable, Codable, Sendable {
    /// Frames are brought to the size of the reference.
    case scaled(path: String, from: PixelSize, to: PixelSize)
    /// Frames are turned as metadata says, since the other side is stored otherwise.
    case turned(path: String, Orientation)
    /// The shapes of the whole images differ: width over height.
    case aspect(path: String, Rational, reference: Rational)
    /// Samples are brought to another pixel format.
    case format(path: String, from: String, to: String)
    /// Limited range becomes full or the reverse.
    case range(path: String, isFull: Bool)
    /// Another matrix, by libav's names.
    case matrix(path: String, from: String, to: String)
    /// Almost the same frame rate.
    case rate(path: String, Rational, reference: Rational)
    /// Frames of different lengths.
    case variableRate(path: String)
    /// One of several streams is taken.
    case stream(path: String, Int, of: Int)
}

extension CompareDecision {
    /// The decision for people.
    var text: DecisionText {
        switch self {
        case .scaled(let path, let size, let target):
            DecisionText(path, "\(size) scaled to \(target)", because: "that is the size of the reference; bicubic")
        case .turned(let path, let orientation):
            DecisionText(
                path, "turned by \(orientation.quarterTurns * 90)°\(orientation.isMirrored ? ", mirrored" : "")",
                because: "its rotation metadata differ from those of the other side")
        case .aspect(let path, let shape, let reference):
            DecisionText(
                path, "scaled to another shape, \(decimalText(shape.value)) to \(decimalText(reference.value))",
                because: "one side is cropped, padded or stretched: scores say little")
        case .format(let path, let format, let target):
            DecisionText(path, "\(format) converted to \(target)", because: "both sides need one format")
        case .range(let path, let isFull):
            DecisionText(
                path, isFull ? "limited range converted to full" : "full range converted to limited",
                because: "as in the reference")
        case .matrix(let path, let matrix, let target):
            DecisionText(path, "\(matrix) converted to \(target)", because: "as in the reference")
        case .rate(let path, let rate, let reference):
            DecisionText(
                path, "frames paired by number", because: "it has \(rate) fps, the reference \(reference) fps")
        case .variableRate(let path):
            DecisionText(path, "frames paired by number", because: "its frame rate varies")
        case .stream(let path, let index, let count):
            DecisionText(path, "stream #\(index)", because: "it is the first of \(count) video streams")
        }
    }
}
