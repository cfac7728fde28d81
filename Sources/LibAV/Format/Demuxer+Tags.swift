// The tags of a file, and what they are in.

import CLibAV
import VTXSystem

extension Demuxer {
    /// Finds out what the tags are in that are not UTF-8.
    func readTagEncoding() {
        let file = context!.pointee
        var dictionaries = [file.metadata] + streams.map { $0!.pointee.metadata }
        dictionaries += (0..<Int(file.nb_chapters)).map { file.chapters[$0]!.pointee.metadata }
        var odd: [UInt8] = []
        for dictionary in dictionaries {
            var entry: UnsafePointer<AVDictionaryEntry>?
            while let next = av_dict_get(dictionary, "", entry, AV_DICT_IGNORE_SUFFIX) {
                let bytes = tagBytes(next.pointee.value)
                if firstInvalidUTF8(bytes) != nil { odd += Array(bytes) + [0x0A] }
                entry = UnsafePointer(next)
            }
        }
        if !odd.isEmpty { tagEncoding = likeliestEncoding(ofTags: odd) }
    }

    /// The tags of a dictionary of this file.
    func tags(_ dictionary: OpaquePointer?) -> [String: String] { entries(of: dictionary, encoding: tagEncoding) }
}
