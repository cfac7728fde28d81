// What can be encoded and filtered here.

public import VTXModel

/// What the libav of this machine can do.
public struct Capabilities: Hashable, Sendable {
    /// libavcodec's names of encoders.
    public var encoders: Set<String>
    /// libavfilter's names of filters.
    public var filters: Set<String>

    /// Hardware encoders that were tried; empty where none is asked for.
    public var hardware: [HardwareFinding] = []

    /// The value made of its parts.
    public init(encoders: Set<String>, filters: Set<String>) {
        self.encoders = encoders
        self.filters = filters
    }
}
