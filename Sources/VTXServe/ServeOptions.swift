// What `vtx serve` was asked for.

package import VTXModel
package import VTXPlayer

package struct ServeOptions: Sendable {
    /// Path of the directory.
    package var directory: String
    package var host: String
    /// 0: any that is free.
    package var port: Int
    package var throttle: ThrottleProfile?
    /// Signs links; `nil`: none is needed.
    package var secret: [UInt8]?
    /// Seconds that the links last which the server makes.
    package var lifetime: Int
    /// Origins that may read across origins; `*` for all.
    package var origins: [String]
    /// File for what pages report.
    package var log: String?
    /// For packages that have none of their own; `nil`: from the CDN.
    package var script: HLSScript?
    /// Called with a line for each response, from any thread.
    package var trace: (@Sendable (String) -> Void)?

    package init(
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
package struct ServeAddress: Hashable, Codable, Sendable {
    /// The page to open first, signed if links must be.
    package var url: String
    package var host: String
    package var port: Int
}
