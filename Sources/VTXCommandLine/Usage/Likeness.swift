// Which of several words was probably meant.

/// The word that `word` is probably a slip of; `nil` if none is close.
///
/// One slip in four letters is allowed for: a letter more, less or other, or two letters in each other's place.
package func nearest(to word: String, among words: some Sequence<String>) -> String? {
    let typed = word.lowercased()
    let limit = (typed.count + 1) / 4
    return words.map { ($0, slips(from: typed, to: $0.lowercased())) }
        .filter { $0.1 <= limit }
        .min { ($0.1, $0.0) < ($1.1, $1.0) }?.0
}

/// The least number of slips that turn one word into another.
private func slips(from left: String, to right: String) -> Int {
    let (left, right) = (Array(left), Array(right))
    var rows = [Array(0...right.count)]
    for i in left.indices {
        var row = [i + 1]
        for j in right.indices {
            var least = min(row[j] + 1, rows[i][j + 1] + 1, rows[i][j] + (left[i] == right[j] ? 0 : 1))
            if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
                least = min(least, rows[i - 1][j - 1] + 1)
            }
            row.append(least)
        }
        rows.append(row)
    }
    return rows[left.count][right.count]
}
