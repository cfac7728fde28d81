// Metrics over HTTP, for programs on this machine only.

import VTXModel
import VTXSystem

/// Serves a text that changes, by vtx-server.
struct MetricsServer {
    private let server: Companion

    /// Returns when the port is taken.
    ///
    /// - Throws: `.cannotCreate` if the port is taken by another, `.unavailable` without vtx-server.
    init(port: Int) throws(VTXError) {
        server = try ServerProgram().start(["metrics", "\(port)"])
        let answer = server.answer()
        guard answer == "ready" else {
            throw VTXError(
                .cannotCreate, "cannot serve metrics on port \(port)", cause: answer ?? "the server ended",
                remedy: "choose another port with \(.metricsPort)")
        }
    }

    /// Shows another text from now on.
    ///
    /// - Returns: false if the server has ended.
    func show(_ text: String) -> Bool { server.send(text) }
}
