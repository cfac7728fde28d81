// Text in HTML.

/// Text for HTML, in attributes too. Control characters, which it may not hold, become U+FFFD.
package func htmlEscaped(_ text: String) -> String {
    var result = ""
    for character in text.shown.unicodeScalars {
        switch character {
        case "&": result += "&amp;"
        case "<": result += "&lt;"
        case ">": result += "&gt;"
        case "\"": result += "&quot;"
        case "'": result += "&#39;"
        case _ where character.value < 32 || character.value == 127: result += "\u{FFFD}"
        default: result.unicodeScalars.append(character)
        }
    }
    return result
}
