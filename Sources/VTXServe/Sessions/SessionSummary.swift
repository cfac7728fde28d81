// `vtx serve --report`: what became of each session in a log.

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
import Glibc
import VTXModel

/// One session in numbers.
package struct SessionSummary: Hashable, Encodable, Sendable {
    package var session: String
    package var package: String
    /// When the first line of it was written.
    package var began: String
    /// Milliseconds from the request to play to the first moving frame; `nil`: it never played.
    package var startup: Double?
    /// Seconds played, seconds stood still.
    package var watched = 0.0
    package var stalled = 0.0
    package var stalls = 0
    /// Those that have ended.
    var toldStalls = 0
    package var switches = 0
    /// Bits per second of the renditions played, as declared, over the seconds played.
    package var averageBitRate: Double?
    package var dropped = 0.0
    package var errors = 0

    /// Time stood still in the time between start and end; `nil` if it never played.
    package var rebufferingRatio: Double? {
        let sum = watched + stalled
        return sum > 0 ? stalled / sum : nil
    }

    private enum Key: String, CodingKey {
        case session, package, began, startup, watched, stalled, stalls, switches, averageBitRate, dropped, errors
        case rebufferingRatio
    }

    package func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: Key.self)
        try values.encode(session, forKey: .session)
        try values.encode(package, forKey: .package)
        try values.encode(began, forKey: .began)
        try values.encodeIfPresent(startup, forKey: .startup)
        try values.encode(watched, forKey: .watched)
        try values.encode(stalled, forKey: .stalled)
        try values.encode(stalls, forKey: .stalls)
        try values.encode(switches, forKey: .switches)
        try values.encodeIfPresent(averageBitRate?.rounded(), forKey: .averageBitRate)
        try values.encode(dropped, forKey: .dropped)
        try values.encode(errors, forKey: .errors)
        try values.encodeIfPresent(rebufferingRatio?.rounded(places: 5), forKey: .rebufferingRatio)
    }
}

extension SessionSummary {
    /// All sessions as one: sums, the bit rate by time, and the median of the startup times, since a single slow
    /// start says little about the others.
    package init(of sessions: [SessionSummary]) {
        self.init(session: "", package: "", began: sessions.first?.began ?? "")
        let startups = sessions.compactMap(\.startup).sorted()
        startup = startups.isEmpty ? nil : startups[startups.count / 2]
        for session in sessions {
            watched += session.watched
            stalled += session.stalled
            stalls += session.stalls
            switches += session.switches
            dropped += session.dropped
            errors += session.errors
        }
        let bits = sessions.reduce(0) { $0 + ($1.averageBitRate ?? 0) * $1.watched }
        averageBitRate = watched > 0 ? bits / watched : nil
    }
}

extension SessionSummary {
    mutating func add(_ event: SessionEvent) {
        switch event.type {
        case .start: break
        case .startup: startup = startup ?? event.milliseconds
        case .switch: switches += 1
        case .stall: toldStalls += 1
        case .error: errors += 1
        case .progress, .end: break
        }
        // Sums only grow; a line that came late takes nothing back.
        if let value = event.watched, value >= watched {
            watched = value
            averageBitRate = event.averageBitRate ?? averageBitRate
        }
        stalled = max(stalled, event.stalled ?? 0)
        // One that lasts is in the sums before it is told itself.
        stalls = max(stalls, toldStalls, Int(event.stalls ?? 0))
        dropped = max(dropped, event.dropped ?? 0)
    }
}
