// A session log as a whole: one summary for each session.

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
import Glibc
package import VTXModel

/// Summaries of the sessions of a log, read line by line.
package struct SessionSummaries: Sendable {
    package private(set) var sessions: [SessionSummary] = []
    /// Lines that belong to no session.
    package private(set) var unreadable = 0
    private var places: [String: Int] = [:]

    package init() {}

    mutating func add(line: some Sequence<UInt8>) {
        guard let event = try? eventDecoder().decode(SessionEvent.self, from: Data(line)), let name = event.session
        else {
            unreadable += 1
            return
        }
        let place = places[name] ?? sessions.count
        if place == sessions.count {
            places[name] = place
            sessions.append(SessionSummary(session: name, package: event.package ?? "", began: event.time ?? ""))
        }
        sessions[place].add(event)
    }

    /// Reads a log; memory grows with the number of sessions, not of lines.
    ///
    /// - Throws: `.noInput` if there is none, `.badMedia` if no line of it is of a session log.
    package init(reading path: String) throws(VTXError) {
        guard let file = fopen(path, "re") else {
            throw VTXError(.noInput, "cannot read the session log \(path)", cause: String(cString: strerror(errno)))
        }
        defer { fclose(file) }
        var buffer: UnsafeMutablePointer<CChar>?
        var capacity = 0
        defer { free(buffer) }
        while true {
            let count = getline(&buffer, &capacity, file)
            guard count >= 0, let bytes = buffer else { break }
            let line = UnsafeRawBufferPointer(start: bytes, count: count).filter { $0 != UInt8(ascii: "\n") }
            if !line.isEmpty { add(line: line) }
        }
        guard ferror(file) == 0 else {
            throw VTXError(.inputOutput, "cannot read the session log \(path)", cause: String(cString: strerror(errno)))
        }
        if sessions.isEmpty, unreadable > 0 {
            throw VTXError(
                .badMedia, "\(path) is not a session log", remedy: "vtx serve DIR \(.analytics) FILE writes one")
        }
    }
}
