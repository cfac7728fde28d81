// One HTTP request, by libcurl, which is loaded when it is needed (docs/decisions/0043).

import CLinux
import Glibc

/// A POST request to an http or https address; redirections are not followed.
package struct HTTPPost {
    /// Where it goes.
    package var url: String
    /// `Name: value` each.
    package var headers: [String]
    /// Seconds to wait at most.
    package var timeout: Int

    /// A request without a body.
    package init(url: String, headers: [String], timeout: Int) {
        self.url = url
        self.headers = headers
        self.timeout = timeout
    }

    /// Whether libcurl is installed.
    package static var isAvailable: Bool { vtx_http_available() != 0 }

    /// Sends it and waits for the answer; from one thread at a time.
    ///
    /// - Returns: the answer's status, or 0 with the reason in `problem`.
    package func send(_ body: UnsafeRawBufferPointer) -> (status: Int, problem: String) {
        let copies = headers.map { strdup($0) }
        defer { for copy in copies { free(copy) } }
        let list = copies.map { UnsafePointer($0) } + [nil]
        var problem = [CChar](repeating: 0, count: 256)
        let status = vtx_http_post(url, list, body.baseAddress, body.count, timeout, &problem)
        return (status, problem.withUnsafeBufferPointer { String(cString: $0.baseAddress!) })
    }
}
