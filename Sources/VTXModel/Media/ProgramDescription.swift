// A program of a file that carries several: what one receiver would show.

/// One program of a transport stream (ISO/IEC 13818-1, program_map_section). Each has a clock of its own.
public struct ProgramDescription: Hashable, Codable, Sendable {
    /// `program_number`.
    public var number: Int
    /// Name of the service; `nil` if the file does not say.
    public var name: String?
    /// Indices of its streams, rising; a stream may belong to several programs.
    public var streams: [Int]

    /// A program of a file.
    public init(number: Int, name: String? = nil, streams: [Int]) {
        self.number = number
        self.name = name
        self.streams = streams
    }

    /// `2 (News)`.
    public var title: String { "\(number)" + (name.map { " (\($0))" } ?? "") }
}
