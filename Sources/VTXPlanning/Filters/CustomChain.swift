// Chains of filters in libavfilter's own words: what of them cannot be taken.
//
// Whether libavfilter takes a chain, and whether it keeps the size of frames, is found out by building it (VTXKit).

import VTXModel

/// - Throws: `.unavailable` for a filter that this libav does not have, `.usage` for one that changes times or lengths,
///   which the plan would not know of.
func checkChain(_ chain: String, _ setting: Setting, in context: TrackContext) throws(VTXError) {
    let names = filterNames(in: chain)
    guard !names.isEmpty, !names.contains("") else {
        throw VTXError(
            .usage, "\(setting, chain): a filter has no name", remedy: "separate filters by single commas")
    }
    for name in names {
        if let instead = changingTime[name] {
            throw VTXError(
                .usage, "\(setting): '\(name)' cannot be used", cause: "it changes times or lengths", remedy: instead)
        }
        guard context.capabilities.filters.contains(name) else {
            throw VTXError(
                .unavailable, "\(setting): this libav has no filter '\(name)'",
                remedy: "`\(command: .filters)` lists those that it has")
        }
    }
}

/// The names of the filters of a chain; empty where one is missing.
func filterNames(in chain: String) -> [String] {
    var names: [String] = []
    var name = ""
    var (isQuoted, isEscaped, isLabel, isName) = (false, false, false, true)
    for character in chain {
        if isEscaped {
            isEscaped = false
        } else if character == "\\" {
            isEscaped = true
        } else if character == "'" {
            isQuoted.toggle()
        } else if isQuoted {
            continue
        } else if character == "[" || character == "]" {
            isLabel = character == "["
        } else if isLabel {
            continue
        } else if character == "," || character == ";" {
            names.append(name)
            (name, isName) = ("", true)
        } else if character == "=" || character == "@" {
            isName = false
        } else if isName, !character.isWhitespace {
            name.append(character)
        }
    }
    return names + [name]
}

/// Filters that change times or lengths, and what to use instead.
private let changingTime: [String: Remedy] = {
    let rate: Remedy = "use \(.frameRate)"
    let speed: Remedy = "use \(.speedUp)"
    let part: Remedy = "use \(.start), \(.end) and \(.duration)"
    let fields: Remedy = "use \(.deinterlacing)"
    let none: Remedy = "use ffmpeg for that"
    var table: [String: Remedy] = [:]
    for name in ["fps", "framerate", "minterpolate", "framestep", "decimate", "mpdecimate"] { table[name] = rate }
    for name in ["setpts", "asetpts", "atempo", "asetrate", "rubberband"] { table[name] = speed }
    for name in ["trim", "atrim", "select", "aselect", "silenceremove"] { table[name] = part }
    table["aresample"] = "use \(.sampleRate)"
    table["movie"] = "use \(.overlay) for an image"
    for name in ["telecine", "detelecine", "fieldmatch", "pullup", "separatefields", "tinterlace", "interlace"] {
        table[name] = fields
    }
    for name in [
        "loop", "aloop", "reverse", "areverse", "tpad", "apad", "freezeframes", "thumbnail", "tile", "random",
        "shuffleframes", "amovie", "segment", "asegment", "realtime", "arealtime", "settb", "asettb", "untile",
        "weave", "doubleweave", "dejudder", "zoompan", "adelay", "aecho", "concat", "tblend", "cue", "acue", "fifo",
        "afifo",
    ] {
        table[name] = none
    }
    return table
}()
