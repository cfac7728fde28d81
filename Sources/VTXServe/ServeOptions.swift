// What `vtx serve` was asked for.

public import VTXPlayer

public struct ServeOptions: Sendable {
    /// Path of the directory.
    public var directory: String
    public var host: String
    /// 0: any that is free.
    public var port: Int
    public var throttle: ThrottleProfile?
    /// Signs links; `nil`: none is needed.
    public var secret: [UInt8]?
    /// Seconds that the links last which the server makes.
    public var lifetime: Int
    /// Origins that may read across origins; `*` for all.
    public var origins: [String]
    /// File for what pages report.
    public var log: String?
    /// For packages that have none of their own; `nil`: from the CDN.
    public var script: HLSScript?
    /// Called with a line for each response, from any thread.
    public var trace: (@Sendable (String) -> Void)?

    public init(
        directory: String, host: String = "127.0.0.1", port: Int = 8080, throttle: ThrottleProfile? = nil,
        secret: [UInt8]? = nil, lifetime: Int = 86_400, origins: [String] = [], log: String? = nil,
        script: HLSScript? = nil, trace: (@Sendable (String) -> Void)? = nil
    ) {
        self.directory = directory
        self.host = host
        self.port = port
        self.throttle = throttle
        self.secret = secret
        self.lifetime = lifetime
        self.origins = origins
        self.log = log
        self.script = script
        self.trace = trace
    }
}

/// Where a server listens.
public struct ServeAddress: Hashable, Codable, Sendable {
    /// The page to open first, signed if links must be.
    public var url: String
    public var host: String
    public var port: Int
}
