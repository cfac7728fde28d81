// The page that lists packages: made on the server, without a script.

import VTXModel

/// HTML of the list.
struct IndexPage {
    /// Name of the directory; empty for the one that is served.
    var title: String
    var packages: [PackageSummary]
    /// Address of a package by its path, percent-encoded, with a slash behind.
    var address: ([String]) -> String

    var html: String {
        let name = title.isEmpty ? "Packages" : htmlEscaped(title)
        let count = packages.count == 1 ? "1 package" : "\(packages.count) packages"
        let body =
            packages.isEmpty
            ? #"<p class="empty">No packages here. <code>vtx ladder FILE -o DIR</code> makes one.</p>"#
            : "<ul>\n" + packages.map(card).joined(separator: "\n") + "\n</ul>"
        return """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <link rel="icon" href="data:,">
            <title>\(name) · vtx</title>
            <style>\(Self.style)</style>
            </head>
            <body>
            <header><h1>\(name)</h1><p>\(count)</p></header>
            <main>\(body)</main>
            </body>
            </html>

            """
    }

    private func card(_ package: PackageSummary) -> String {
        let address = htmlEscaped(self.address(package.path))
        let folder = package.path.dropLast().joined(separator: " / ")
        let poster =
            package.hasPoster
            ? #"<img src="\#(address)\#(PackageLayout.poster)" alt="" loading="lazy">"#
            : #"<span class="blank" aria-hidden="true">▶</span>"#
        let duration = package.duration.map { #"<span class="time">\#(clock($0))</span>"# } ?? ""
        let rungs = package.rungs.map { "<li>\(htmlEscaped($0))</li>" }.joined()
        let rates = package.bandwidth.map { range in
            range.lowerBound == range.upperBound
                ? rate(range.upperBound) : "\(rate(range.lowerBound)) to \(rate(range.upperBound))"
        }
        return """
            <li class="card"><a href="\(address)">
            <div class="poster">\(poster)\(duration)</div>
            <h2>\(htmlEscaped(package.path.last ?? ""))</h2>
            \(folder.isEmpty ? "" : "<p>\(htmlEscaped(folder))</p>")<ul class="rungs">\(rungs)</ul>
            <p>\(rates ?? "")</p>
            </a></li>
            """
    }

    private func clock(_ seconds: Double) -> String {
        let whole = seconds.isNaN ? 0 : Int(min(max(0, seconds), 1e9).rounded())
        let (hours, minutes) = (whole / 3600, whole / 60 % 60)
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return hours > 0 ? "\(hours):\(two(minutes)):\(two(whole % 60))" : "\(minutes):\(two(whole % 60))"
    }

    private func rate(_ bits: Int) -> String {
        bits < 1_000_000 ? "\(bits / 1000) kb/s" : "\(bits / 1_000_000).\(bits / 100_000 % 10) Mb/s"
    }

    private static let style = """
        :root{--bg:#f6f7f9;--card:#fff;--ink:#14171c;--dim:#5b6472;--line:#dfe3e9;--accent:#2c5be5}
        @media (prefers-color-scheme:dark){:root{--bg:#0e1116;--card:#171b22;--ink:#eceff4;--dim:#98a2b3;--line:#272d37;--accent:#7ea2ff}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--bg);color:var(--ink);font:16px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
        header,main{max-width:76rem;margin:0 auto;padding:1.25rem}
        header{display:flex;align-items:baseline;gap:.75rem;flex-wrap:wrap;padding-top:2rem}
        h1{font-size:1.6rem;line-height:1.2;margin:0;letter-spacing:-.02em}
        p{margin:.15rem 0 0;color:var(--dim);font-size:.875rem}
        ul{list-style:none;margin:0;padding:0}
        main>ul{display:grid;gap:1.25rem;grid-template-columns:repeat(auto-fill,minmax(min(17rem,100%),1fr))}
        .card a{display:block;height:100%;background:var(--card);border:1px solid var(--line);border-radius:14px;overflow:hidden;color:inherit;text-decoration:none;padding-bottom:1rem;transition:border-color .15s,transform .15s}
        .card a:hover{border-color:var(--accent);transform:translateY(-2px)}
        .card a:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
        .poster{position:relative;aspect-ratio:16/9;background:#05070a;display:grid;place-items:center;overflow:hidden}
        .poster img{width:100%;height:100%;object-fit:contain}
        .blank{color:#667085;font-size:2rem}
        .time{position:absolute;right:.6rem;bottom:.6rem;background:rgba(5,7,10,.8);color:#fff;font-size:.8rem;padding:.1rem .45rem;border-radius:6px;font-variant-numeric:tabular-nums}
        h2{font-size:1.05rem;margin:.85rem 0 0;overflow-wrap:anywhere}
        .card h2,.card p,.rungs{padding:0 1rem}
        .rungs{display:flex;flex-wrap:wrap;gap:.35rem;margin-top:.55rem}
        .rungs li{border:1px solid var(--line);border-radius:99px;padding:.05rem .55rem;font-size:.78rem;color:var(--dim)}
        .empty{font-size:1rem}
        code{font-size:.95em}
        @media (prefers-reduced-motion:reduce){.card a{transition:none}.card a:hover{transform:none}}
        """
}
