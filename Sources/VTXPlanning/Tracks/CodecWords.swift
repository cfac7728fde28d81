// What a codec is called in messages.

import VTXModel

extension StreamDescription {
    /// The codec's name; of one that libav does not know, the four characters by which the file calls it.
    var codecWords: String {
        guard codec == "none" else { return codec }
        return codecTag.map { "'\($0)'" } ?? "an unknown codec"
    }
}
