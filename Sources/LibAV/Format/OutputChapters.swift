// Chapters in forms that libavformat's writers need help with.

import VTXModel

/// Chapters whose track can begin late: the first sample, which the writer stretches to 0, must not come to last as
/// long as the second, or both would share an entry of the table.
func delayable(_ chapters: [Chapter]) -> [Chapter] {
    guard chapters.count > 1, milliseconds(chapters[0].start) > 0 else { return chapters }
    let next = chapters.count > 2 ? chapters[2].start : chapters[1].end
    guard milliseconds(chapters[1].start) * 2 == milliseconds(next) else { return chapters }
    var chapters = chapters
    chapters[1].start = chapters[1].start + MediaTime(1, Rational(1, 1000))
    chapters[0].end = max(chapters[0].end, chapters[1].start)
    return chapters
}

/// Thousandths of a second.
func milliseconds(_ time: MediaTime) -> Int64 { time.rescaled(to: Rational(1, 1000)).ticks }

/// Chapters as Vorbis comments: `CHAPTER000=00:00:01.750` and `CHAPTER000NAME=title` (Xiph wiki, "Chapter Extension").
func commentTags(of chapters: [Chapter]) -> [String: String] {
    chapters.enumerated().reduce(into: [:]) { tags, item in
        let key = "CHAPTER" + padded(Int64(item.offset), 3)
        tags[key] = clock(item.element.start.rescaled(to: Rational(1, 1000)).ticks)
        if let title = item.element.title { tags[key + "NAME"] = title }
    }
}
