// What a child process writes, cut into lines.

/// Collects bytes until a line is whole.
struct OutputLines {
    private var partial: [UInt8] = []

    /// The longest line that is kept, in bytes; a plan of a thousand chapters has a tenth of it.
    static let longest = 4 << 20

    /// Takes the next bytes, and hands out the lines that end in them, without their ends. What follows the last end is
    /// kept, unless the line gets longer than `longest`.
    mutating func take(_ bytes: [UInt8], _ each: ([UInt8]) -> Void) {
        var rest = bytes[...]
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            let line = partial + rest[..<end]
            partial = []
            rest = rest[(end + 1)...]
            each(line)
        }
        if partial.count + rest.count < Self.longest { partial += rest }
    }
}
