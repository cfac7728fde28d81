// Whether a client's copy is still good: validators and conditional requests (RFC 9110, 8.8 and 13).

import Glibc

/// What tells one state of a file from another.
struct Validators: Hashable, Sendable {
    /// With its quotes; strong: it changes with the file's size, time (nanoseconds) or identity.
    var tag: String
    /// Seconds since 1970; `nil` for what was never in a file.
    var modified: Int?

    init(tag: String, modified: Int? = nil) {
        self.tag = tag
        self.modified = modified
    }

    init(size: Int, seconds: Int, nanoseconds: Int, inode: UInt64) {
        func hex(_ value: some BinaryInteger) -> String { String(value, radix: 16) }
        tag = "\"\(hex(inode))-\(hex(size))-\(hex(seconds)).\(hex(nanoseconds))\""
        modified = seconds
    }
}

/// The conditional fields of a request.
struct Conditions: Hashable, Sendable {
    var ifMatch: String?
    var ifUnmodifiedSince: String?
    var ifNoneMatch: String?
    var ifModifiedSince: String?
    var ifRange: String?

    enum Verdict: Hashable, Sendable { case proceed, notModified, failed }

    /// In the order of RFC 9110, 13.2.2, for GET and HEAD.
    func verdict(on file: Validators) -> Verdict {
        if let ifMatch {
            guard Self.matches(ifMatch, file.tag, weakly: false) else { return .failed }
        } else if let limit = ifUnmodifiedSince.flatMap(parseHTTPDate), let modified = file.modified,
            modified > limit
        {
            return .failed
        }
        if let ifNoneMatch {
            return Self.matches(ifNoneMatch, file.tag, weakly: true) ? .notModified : .proceed
        }
        if let limit = ifModifiedSince.flatMap(parseHTTPDate), let modified = file.modified, modified <= limit {
            return .notModified
        }
        return .proceed
    }

    /// Whether a Range header counts: the client's part must be of this very file.
    ///
    /// - Parameter now: seconds since 1970. A time younger than a second is no strong validator.
    func allowsRange(of file: Validators, now: Int) -> Bool {
        guard let ifRange else { return true }
        if ifRange.hasPrefix("\"") { return ifRange == file.tag }
        guard let time = parseHTTPDate(ifRange), let modified = file.modified else { return false }
        return time == modified && now - modified >= 1
    }

    /// Whether a list of entity tags names this one.
    private static func matches(_ list: String, _ tag: String, weakly: Bool) -> Bool {
        if list == "*" { return true }
        return list.split(separator: ",").contains { item in
            var item = item.drop { $0 == " " || $0 == "\t" }
            while item.last == " " || item.last == "\t" { item.removeLast() }
            if item.hasPrefix("W/") {
                guard weakly else { return false }
                item = item.dropFirst(2)
            }
            return item == tag
        }
    }
}

private let dayNames = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
private let monthNames = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

/// `Sun, 06 Nov 1994 08:49:37 GMT` for seconds since 1970.
func httpDate(_ seconds: Int) -> String {
    var time = time_t(seconds)
    var parts = tm()
    gmtime_r(&time, &parts)
    func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let clock = [parts.tm_hour, parts.tm_min, parts.tm_sec].map(two).joined(separator: ":")
    let day = "\(dayNames[Int(parts.tm_wday)]), \(two(parts.tm_mday)) \(monthNames[Int(parts.tm_mon)])"
    return "\(day) \(Int(parts.tm_year) + 1900) \(clock) GMT"
}

/// Seconds since 1970; `nil` if it is no date of the form that is sent today. The day of the week is not looked at.
func parseHTTPDate(_ text: String) -> Int? {
    let words = text.split(separator: " ", omittingEmptySubsequences: false)
    guard words.count == 6, words[0].count == 4, words[0].hasSuffix(","), words[5] == "GMT",
        let day = number(words[1], digits: 2), let month = monthNames.firstIndex(of: String(words[2])),
        let year = number(words[3], digits: 4)
    else { return nil }
    let clock = words[4].split(separator: ":", omittingEmptySubsequences: false).map { number($0, digits: 2) }
    guard clock.count == 3, let hour = clock[0], let minute = clock[1], let second = clock[2], (1...31).contains(day),
        hour < 24, minute < 60, second <= 60
    else { return nil }
    var parts = tm()
    parts.tm_year = Int32(year - 1900)
    parts.tm_mon = Int32(month)
    parts.tm_mday = Int32(day)
    parts.tm_hour = Int32(hour)
    parts.tm_min = Int32(minute)
    parts.tm_sec = Int32(second)
    return Int(timegm(&parts))
}

private func number(_ text: Substring, digits: Int) -> Int? {
    text.utf8.count == digits && text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) ? Int(text) : nil
}
