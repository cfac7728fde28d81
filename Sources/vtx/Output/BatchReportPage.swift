// --report: one self-contained page with table, thumbnails and charts.

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
import VTXModel
import Glibc
import VTXBatch
import VTXCommandLine

/// The page as HTML.
struct BatchReportPage {
    let report: BatchReport
    /// For people: the directories, and when.
    let source: String
    let output: String
    let date: String
    /// The JPEG of an output, if there is one.
    let image: (String) -> [UInt8]?

    /// Bars of a chart at most; a thousand would say nothing.
    private static let mostBars = 16

    var html: String {
        let failed = report.rows.filter(\.result.isFailure)
        return """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>\(htmlEscaped(source)) · vtx batch</title>
            <style>
            \(Self.style)
            </style>
            </head>
            <body>
            <header>
            <p class="brand">vtx batch</p>
            <h1>\(headline)</h1>
            <p class="sub">\(htmlEscaped(source)) → \(htmlEscaped(output)) · \(htmlEscaped(date))</p>
            </header>
            <main>
            \(tiles)
            \(failed.isEmpty && report.unreadable.isEmpty ? "" : problems(failed))
            \(charts)
            \(table)
            </main>
            <footer>\(htmlEscaped(footer))</footer>
            </body>
            </html>

            """
    }

    private var headline: String {
        let failures = report.rows.count(where: \.result.isFailure)
        let good = report.rows.count - failures
        if report.rows.isEmpty { return "Nothing to do" }
        if failures == 0 { return good == 1 ? "1 file done" : "All \(good) files done" }
        return "\(good) of \(counted(report.rows.count, "file")) done, \(failures) failed"
    }

    private var footer: String {
        let skipped = skippedText(report.skipped)
        return (skipped.isEmpty ? "" : "Skipped: \(skipped). ") + "Sizes, times and speeds are measured."
    }

    // MARK: Tiles

    private var made: [BatchRow] { report.rows.filter { $0.outcome != nil } }

    private var tiles: String {
        let before = made.reduce(0) { $0 + $1.sourceSize }
        let after = made.reduce(0) { $0 + ($1.outcome?.size ?? 0) }
        let media = made.reduce(0.0) { $0 + ($1.outcome?.duration ?? $1.duration ?? 0) }
        let seconds = made.reduce(0.0) { $0 + ($1.outcome?.elapsed ?? 0) }
        var cells = [
            (
                "done", "\(report.count(.done))",
                report.count(.unchanged) > 0 ? "and \(report.count(.unchanged)) unchanged" : ""
            ),
            ("failed", "\(report.rows.count(where: \.result.isFailure))", "of \(counted(report.rows.count, "file"))"),
            ("size", bytesText(after), before > 0 ? "from \(bytesText(before)), \(percent(after, of: before))" : ""),
            ("media", clockText(media), ""),
            ("time", clockText(report.elapsed), "this run"),
        ]
        if seconds > 0 { cells.append(("speed", "\(decimal(media / seconds, 2))×", "per file, on average")) }
        return "<section class=\"tiles\">"
            + cells.map { name, value, note in
                let isBad = name == "failed" && report.rows.contains(where: \.result.isFailure)
                return
                    "<div class=\"tile\(isBad ? " bad" : "")\"><span>\(name)</span><b>\(value)</b><small>\(note)</small></div>"
            }.joined() + "</section>"
    }

    private func percent(_ part: Int64, of whole: Int64) -> String {
        "\(decimal(Double(part) / Double(whole) * 100, 0)) %"
    }

    private func problems(_ rows: [BatchRow]) -> String {
        "<section><h2>What failed</h2><ul class=\"problems\">"
            + rows.map { row in
                let hint = row.failure?.hint.map { "<small>\(htmlEscaped($0))</small>" } ?? ""
                return
                    "<li><b>\(htmlEscaped(row.source))</b><span>\(htmlEscaped(row.failure?.reason ?? ""))</span>\(hint)</li>"
            }.joined()
            + report.unreadable.map { "<li><b>a folder that cannot be read</b><span>\(htmlEscaped($0))</span></li>" }
            .joined()
            + "</ul></section>"
    }

    // MARK: Charts

    private var charts: String {
        let sizes = made.map { ($0.source, Double($0.sourceSize), Double($0.outcome?.size ?? 0)) }
        let rates = made.map {
            ($0.source, rate($0.sourceSize, $0.duration), rate($0.outcome?.size, $0.outcome?.duration ?? $0.duration))
        }
        guard !made.isEmpty else { return "" }
        let note = made.count > Self.mostBars ? "the highest \(Self.mostBars) of \(made.count)" : "every file"
        return """
            <section class="charts">
            \(chart("Size", "\(note); in bytes", sizes) { bytesText(Int64($0)) })
            \(chart("Bit rate", "\(note); size over duration", rates) { bitRateText(Int64($0)) })
            </section>
            """
    }

    private func chart(
        _ name: String, _ note: String, _ rows: [(name: String, before: Double, after: Double)],
        _ text: (Double) -> String
    ) -> String {
        let highest = rows.sorted { max($0.before, $0.after) > max($1.before, $1.after) }.prefix(Self.mostBars)
        return """
            <figure><figcaption>\(name)<small>\(note)</small></figcaption>
            <p class="key"><i class="before"></i>before <i class="after"></i>after</p>
            \(bars(Array(highest), text))</figure>
            """
    }

    private func rate(_ bytes: Int64?, _ seconds: Double?) -> Double {
        guard let bytes, let seconds, seconds > 0 else { return 0 }
        return Double(bytes) * 8 / seconds
    }

    /// Two bars for each name, as SVG; lengths are proportional.
    private func bars(_ rows: [(name: String, before: Double, after: Double)], _ text: (Double) -> String) -> String {
        let most = max(rows.map { max($0.before, $0.after) }.max() ?? 1, 1)
        let (left, width, step) = (160.0, 265.0, 26.0)
        var svg =
            "<svg viewBox=\"0 0 500 \(Int(Double(rows.count) * step + 4))\" role=\"img\" aria-label=\"before and after\">"
        for (index, row) in rows.enumerated() {
            let y = Double(index) * step + 4
            func bar(_ value: Double, _ y: Double, _ kind: String) -> String {
                let length = value / most * width
                return "<rect class=\"\(kind)\" x=\"\(decimal(left, 1))\" y=\"\(decimal(y, 1))\" "
                    + "width=\"\(decimal(max(length, value > 0 ? 1 : 0), 1))\" height=\"8\" rx=\"2\"/>"
                    + "<text class=\"value\" x=\"\(decimal(left + length + 6, 1))\" y=\"\(decimal(y + 7.5, 1))\">\(value > 0 ? text(value) : "?")</text>"
            }
            let name = row.name.count > 25 ? "…" + row.name.suffix(24) : row.name
            svg +=
                "<g><title>\(htmlEscaped(row.name))</title><text class=\"name\" x=\"\(decimal(left - 8, 1))\" y=\"\(decimal(y + 12, 1))\">\(htmlEscaped(name))</text>"
            svg += bar(row.before, y, "before") + bar(row.after, y + 9.5, "after") + "</g>"
        }
        return svg + "</svg>"
    }

    // MARK: Table

    private var table: String {
        let rows = report.rows.sorted { $0.source < $1.source }.map(tableRow)
        return """
            <section><h2>All files</h2><div class="scroll"><table>
            <thead><tr><th></th><th>file</th><th>result</th><th class="n">before</th><th class="n">after</th><th class="n">duration</th>\
            <th class="n">bit rate</th><th class="n">time</th><th class="n">speed</th><th>why</th></tr></thead>
            <tbody>
            \(rows.joined(separator: "\n"))
            </tbody></table></div></section>
            """
    }

    private func tableRow(_ row: BatchRow) -> String {
        let outcome = row.outcome
        let duration = outcome?.duration ?? row.duration
        let numbers: [String?] = [
            bytesText(row.sourceSize), outcome.map { bytesText($0.size) }, duration.map(clockText),
            outcome.map { bitRateText(Int64(rate($0.size, duration))) },
            outcome?.elapsed.map { "\(decimal($0, 1)) s" }, outcome?.speed.map { "\(decimal($0, 2))×" },
        ]
        let why = row.failure?.reason ?? outcome?.warnings.joined(separator: "; ") ?? ""
        var html = "<tr><td class=\"pic\">\(image(row))</td>"
        html +=
            "<td class=\"file\"><b>\(htmlEscaped(row.source))</b><small>\(htmlEscaped(row.output ?? ""))</small></td>"
        html += "<td><span class=\"state \(row.result.rawValue)\">\(resultText(row.result))</span></td>"
        for number in numbers { html += "<td class=\"n\">\(number ?? "–")</td>" }
        return html + "<td class=\"why\">\(htmlEscaped(why))</td></tr>"
    }

    private func image(_ row: BatchRow) -> String {
        guard let output = row.output, let bytes = self.image(output) else { return "<span class=\"none\"></span>" }
        return "<img alt=\"\" loading=\"lazy\" src=\"data:image/jpeg;base64,\(Data(bytes).base64EncodedString())\">"
    }

    private static let style = """
        :root{--bg:#f6f7f9;--card:#fff;--ink:#16191d;--dim:#667080;--line:#e3e7ec;--accent:#2f6fed;--soft:#b9c4d4;--bad:#c62f3d;\
        --badbg:#fdecee;--good:#1d7f4f;--goodbg:#e7f5ee}
        @media(prefers-color-scheme:dark){:root{--bg:#0f1216;--card:#171b21;--ink:#e8ebef;--dim:#8f9aaa;--line:#262c35;\
        --accent:#6c9dff;--soft:#465063;--bad:#ff7b86;--badbg:#34191d;--good:#63cf98;--goodbg:#14291f}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
        header,main,footer{max-width:1180px;margin:0 auto;padding:0 24px}
        header{padding-top:36px}
        .brand{margin:0;color:var(--accent);font-weight:650;letter-spacing:.02em}
        h1{margin:4px 0 2px;font-size:30px;line-height:1.2;letter-spacing:-.01em}
        .sub{margin:0 0 22px;color:var(--dim);overflow-wrap:anywhere}
        h2{font-size:17px;margin:30px 0 10px}
        .tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:12px}
        .tile,figure,.scroll,.problems{background:var(--card);border:1px solid var(--line);border-radius:12px}
        .tile{padding:14px 16px;display:flex;flex-direction:column}
        .tile span{color:var(--dim);font-size:13px}
        .tile b{font-size:25px;line-height:1.25;font-weight:640;font-variant-numeric:tabular-nums}
        .tile small{color:var(--dim);min-height:1.5em}
        .tile.bad b{color:var(--bad)}
        .problems{margin:0;padding:4px 16px;list-style:none}
        .problems li{padding:10px 0;border-top:1px solid var(--line);display:grid;grid-template-columns:minmax(140px,300px) 1fr;gap:2px 20px}
        .problems li:first-child{border-top:0}
        .problems b{overflow-wrap:anywhere}
        .problems span{color:var(--bad)}
        .problems small{grid-column:2;color:var(--dim)}
        .charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(420px,1fr));gap:12px;margin-top:24px}
        figure{margin:0;padding:16px 18px}
        figcaption{font-weight:600;display:flex;justify-content:space-between;gap:12px}
        figcaption small,.key{color:var(--dim);font-weight:400;font-size:13px}
        .key{margin:2px 0 10px}
        .key i{display:inline-block;width:10px;height:10px;border-radius:3px;margin:0 4px 0 0}
        .key i+*{margin-left:10px}.key i.after{margin-left:12px}
        i.before,rect.before{background:var(--soft);fill:var(--soft)}
        i.after,rect.after{background:var(--accent);fill:var(--accent)}
        svg{width:100%;height:auto;display:block}
        svg text{font:10px system-ui,"DejaVu Sans",sans-serif;fill:var(--ink)}
        svg .name{text-anchor:end}
        svg .value{fill:var(--dim);font-size:9px}
        .scroll{overflow-x:auto}
        table{border-collapse:collapse;width:100%;font-size:14px}
        th{color:var(--dim);font-weight:500;text-align:left;font-size:13px}
        th,td{padding:8px 10px;border-top:1px solid var(--line);vertical-align:middle}
        thead th{border-top:0}
        .n{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
        .pic{padding-right:0;width:96px}
        .pic img{display:block;max-width:84px;max-height:56px;margin:0 auto;border-radius:5px}
        .pic .none{display:block;width:84px;height:47px;border-radius:5px;background:var(--line)}
        .file b{display:block;font-weight:550;overflow-wrap:anywhere}
        .file small{color:var(--dim);overflow-wrap:anywhere}
        .file{min-width:235px}
        .state{font-size:12.5px;padding:2px 9px;border-radius:20px;white-space:nowrap;background:var(--goodbg);color:var(--good)}
        .state.unchanged{background:var(--line);color:var(--dim)}
        .state.failed,.state.failed_before{background:var(--badbg);color:var(--bad)}
        .why{color:var(--dim);min-width:150px;font-size:13px;overflow-wrap:anywhere}
        footer{color:var(--dim);font-size:13px;padding-top:18px;padding-bottom:40px}
        @media(max-width:560px){.charts{grid-template-columns:1fr}.problems li{grid-template-columns:1fr}.problems small{grid-column:1}}
        """
}

/// `2026-11-21 14:03`, in local time.
func nowText() -> String {
    var seconds = time(nil)
    var local = tm()
    localtime_r(&seconds, &local)
    var text = [CChar](repeating: 0, count: 64)
    strftime(&text, text.count, "%Y-%m-%d %H:%M", &local)
    return text.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
}
