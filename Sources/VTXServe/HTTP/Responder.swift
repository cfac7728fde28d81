// From a request to a response.

import HTTPTypes
import HummingbirdCore
import NIOCore
import NIOPosix
import VTXKit
import VTXPlayer
import VTXSystem

/// Answers requests; one for the whole server.
struct Responder: Sendable {
    let tree: ServedTree
    let options: ServeOptions
    let signer: PathSigner?
    let throttles: ClientThrottles?
    let log: SessionLog?

    /// Bytes of a response that are read and sent at a time.
    private static let pieceSize = 256 << 10

    /// A request that was let in.
    private struct Visit {
        var request: Request
        var path: RequestPath
        var client: String
        var eventLoop: any EventLoop
        /// Seconds since 1970; `nil` without signed links.
        var expires: Int?
    }

    /// What a request gets instead of a file.
    private struct Refusal: Error {
        var status: HTTPResponse.Status
        var text: String
        var fields: HTTPFields = [:]
    }

    func respond(to request: Request, of connection: Connection) async -> Response {
        var response: Response
        do {
            let visit = try admit(request, of: connection)
            response =
                switch request.method {
                case .get, .head: try await read(visit)
                case .post: try await takeReport(visit)
                case .options: Response(status: .noContent, headers: [.allow: Self.methods])
                default: throw Refusal(status: .methodNotAllowed, text: "", fields: [.allow: Self.methods])
                }
        } catch let refusal as Refusal {
            response = Self.message(refusal)
        } catch {
            response = Self.message(Refusal(status: .internalServerError, text: ""))
        }
        allowOrigin(of: request, &response.headers)
        response.headers[.contentTypeOptions] = "nosniff"
        response.headers[.date] = httpDate(Int(wallTime()))
        if request.method == .head { response = response.createHeadResponse() }
        options.trace?("\(request.method.rawValue) \(request.uri.path) \(response.status.code)")
        return response
    }

    private static let methods = "GET, HEAD, OPTIONS"

    private static func message(_ refusal: Refusal) -> Response {
        var fields = refusal.fields
        fields[.contentType] = "text/plain; charset=utf-8"
        fields[.cacheControl] = "no-store"
        let text = refusal.text.isEmpty ? refusal.status.reasonPhrase : refusal.text
        return Response(
            status: refusal.status, headers: fields, body: .init(byteBuffer: ByteBuffer(string: text + "\n")))
    }

    // MARK: Who is let in

    private func admit(_ request: Request, of connection: Connection) throws -> Visit {
        guard acceptsHost(request.head.authority) else {
            throw Refusal(status: .misdirectedRequest, text: "this server listens on this machine's own names only")
        }
        var path = request.uri.path
        var expires: Int?
        if let signer {
            do throws(PathSigner.Refusal) {
                let link = try signer.open(path, now: Int(wallTime()))
                path = link.path
                expires = link.expires
            } catch {
                throw Refusal(
                    status: .forbidden,
                    text: error == .expired ? "this link has expired" : "this address needs a signed link")
            }
        }
        do throws(RequestPath.Refusal) {
            return Visit(
                request: request, path: try RequestPath(parsing: path),
                client: connection.address + " " + (request.headers[.userAgent] ?? ""),
                eventLoop: connection.channel.eventLoop, expires: expires)
        } catch {
            throw Refusal(status: error == .hidden ? .notFound : .badRequest, text: "")
        }
    }

    /// On loopback only its names: a page elsewhere whose name was made to point here gets nothing.
    private func acceptsHost(_ authority: String?) -> Bool {
        guard isLoopback(options.host), let authority else { return true }
        return isLoopback(hostName(ofAuthority: authority))
    }

    private func allowOrigin(of request: Request, _ fields: inout HTTPFields) {
        guard !options.origins.isEmpty else { return }
        let all = options.origins.contains("*")
        if !all { fields.append(HTTPField(name: .vary, value: "Origin")) }
        guard let origin = request.headers[.origin], all || options.origins.contains(origin) else { return }
        fields[.accessControlAllowOrigin] = all ? "*" : origin
        fields[.accessControlExposeHeaders] = "Content-Length, Content-Range, Date, ETag"
        guard request.method == .options, request.headers[.accessControlRequestMethod] != nil else { return }
        fields[.accessControlAllowMethods] = Self.methods
        fields[.accessControlAllowHeaders] = "Range, If-Range, If-None-Match, If-Modified-Since"
        fields[.accessControlMaxAge] = "86400"
    }

    // MARK: Reading

    private func read(_ visit: Visit) async throws -> Response {
        let names = visit.path.names
        // Opening files and listing directories may wait for a disk.
        let (resource, content) = try await NIOThreadPool.singleton.runIfActive {
            let found = try self.find(visit)
            // A small file leaves in one write with its head, and is read while we are here.
            guard case .file(let file) = found, self.throttles == nil, file.size <= Self.pieceSize,
                visit.request.method == .get
            else { return (found, nil as ByteBuffer?) }
            return (found, try file.read(0..<file.size))
        }
        switch resource {
        case .file(let file):
            if let throttles, names.last == ServedTree.multivariantName || names.last?.hasSuffix(".mpd") == true {
                throttles.restart(visit.client)
            }
            return try send(file, content, type: mediaType(ofFile: names.last ?? ""), to: visit)
        case .made(let bytes, let type, let policy):
            return send(bytes, type: type, policy: policy, to: visit)
        case .redirect(let location):
            return Response(status: .permanentRedirect, headers: [.location: location, .cacheControl: "no-store"])
        case nil:
            throw Refusal(status: .notFound, text: "")
        }
    }

    private enum Resource: Sendable {
        case file(OpenFile)
        /// Bytes, media type and content security policy.
        case made([UInt8], String, String?)
        case redirect(String)
    }

    private func find(_ visit: Visit) throws -> Resource? {
        let names = visit.path.names
        if let own = ownFile(names, isDirectory: visit.path.isDirectory) { return own }
        guard let file = tree.open(names) else { return nil }
        guard file.isDirectory else { return visit.path.isDirectory ? nil : .file(file) }
        guard visit.path.isDirectory else { return .redirect(percentEncoded(names.last ?? "") + "/") }
        if let index = tree.open(names + [PlayerPage.indexName]), !index.isDirectory { return .file(index) }
        let packages = tree.packages(below: names)
        guard !packages.isEmpty || names.isEmpty else { return nil }
        let page = IndexPage(title: names.last ?? "", packages: packages) { path in
            address(ofPackage: path, from: visit)
        }
        return .made(Array(page.html.utf8), "text/html; charset=utf-8", Self.indexPolicy)
    }

    /// The address of a package for a list: with signed links, a link to that package alone.
    private func address(ofPackage path: [String], from visit: Visit) -> String {
        guard let signer, let expires = visit.expires else {
            return path.map(percentEncoded).joined(separator: "/") + "/"
        }
        return signer.sign(RequestPath(names: visit.path.names + path, isDirectory: true).encoded, expires: expires)
    }

    /// The player page of a package and what belongs to it, unless the package brings a page that is not ours.
    private func ownFile(_ names: [String], isDirectory: Bool) -> Resource? {
        let relative: String
        var package = names
        if isDirectory {
            relative = PlayerPage.indexName
        } else if names.count > 1, names[names.count - 2] == PlayerPage.directory {
            relative = names.suffix(2).joined(separator: "/")
            package.removeLast(2)
        } else if names.last == PlayerPage.indexName {
            relative = PlayerPage.indexName
            package.removeLast()
        } else {
            return nil
        }
        guard tree.isPackage(package), !hasForeignPage(package) else { return nil }
        if relative == PlayerPage.indexName {
            return .made(Array(page(of: package).html.utf8), mediaType(ofFile: relative), Self.playerPolicy)
        }
        if let asset = PlayerPage.assets.first(where: { $0.name == relative }) {
            return .made(asset.bytes, mediaType(ofFile: relative), nil)
        }
        guard let script = options.script, script.name == relative, ownScript(of: package) == nil else { return nil }
        return .made(script.bytes, mediaType(ofFile: relative), nil)
    }

    private func hasForeignPage(_ package: [String]) -> Bool {
        let names = package + [PlayerPage.indexName]
        guard tree.hasFile(names) else { return false }
        return tree.text(names, limit: 1 << 20)?.contains(PlayerPage.mark) != true
    }

    private func ownScript(of package: [String]) -> String? {
        PlayerPage.scriptNames.first { tree.hasFile(package + $0.split(separator: "/").map(String.init)) }
    }

    private func page(of package: [String]) -> PlayerPage {
        let script = (ownScript(of: package) ?? options.script?.name).map(PlayerScript.file)
        return PlayerPage(
            script: script ?? .pinned, hasPoster: tree.hasFile(package + [PlayerPage.posterName]),
            hasThumbnails: tree.hasFile(package + PlayerPage.thumbnailsName.split(separator: "/").map(String.init)),
            report: log == nil ? nil : Self.reportName)
    }

    // MARK: Sending

    private func conditions(_ fields: HTTPFields) -> Conditions {
        Conditions(
            ifMatch: fields[.ifMatch], ifUnmodifiedSince: fields[.ifUnmodifiedSince],
            ifNoneMatch: fields[.ifNoneMatch], ifModifiedSince: fields[.ifModifiedSince], ifRange: fields[.ifRange])
    }

    /// The fields that 200, 206 and 304 have in common; the answer itself if the client's copy is good.
    private func negotiate(_ validators: Validators, _ visit: Visit) throws -> (fields: HTTPFields, answer: Response?) {
        // Packages are replaced under their name: a copy is used after asking only.
        var fields: HTTPFields = [
            .eTag: validators.tag, .cacheControl: visit.expires == nil ? "no-cache" : "private, no-cache",
        ]
        if let modified = validators.modified { fields[.lastModified] = httpDate(modified) }
        switch conditions(visit.request.headers).verdict(on: validators) {
        case .proceed: return (fields, nil)
        case .failed: throw Refusal(status: .preconditionFailed, text: "")
        case .notModified:
            var response = Response(status: .notModified, headers: fields)
            response.headers[.contentLength] = nil
            return (fields, response)
        }
    }

    private func send(_ bytes: [UInt8], type: String, policy: String?, to visit: Visit) -> Response {
        let digest = Digest.sha256(bytes).prefix(32)
        guard let (fields, answer) = try? negotiate(Validators(tag: "\"\(digest)\""), visit) else {
            return Self.message(Refusal(status: .preconditionFailed, text: ""))
        }
        if let answer { return answer }
        var headers = fields
        headers[.contentType] = type
        headers[.contentSecurityPolicy] = policy
        headers[.referrerPolicy] = "same-origin"
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    /// - Parameter content: the whole file, if it has been read already.
    private func send(_ file: OpenFile, _ content: ByteBuffer?, type: String, to visit: Visit) throws -> Response {
        let (fields, answer) = try negotiate(file.validators, visit)
        if let answer { return answer }
        var headers = fields
        headers[.contentType] = type
        headers[.acceptRanges] = "bytes"
        var part = 0..<file.size
        var status = HTTPResponse.Status.ok
        if visit.request.method == .get,
            conditions(visit.request.headers).allowsRange(of: file.validators, now: Int(wallTime()))
        {
            switch RangeRequest(visit.request.headers[.range], size: file.size) {
            case .whole: break
            case .unsatisfiable:
                throw Refusal(
                    status: .rangeNotSatisfiable, text: "",
                    fields: [.contentRange: "bytes */\(file.size)", .acceptRanges: "bytes"])
            case .part(let range):
                part = range
                status = .partialContent
                headers[.contentRange] = "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(file.size)"
            }
        }
        headers[.contentLength] = "\(part.count)"
        guard visit.request.method == .get else { return Response(status: status, headers: headers) }
        let slice = content?.getSlice(at: part.lowerBound, length: part.count)
        let body = slice.map { ResponseBody(byteBuffer: $0) } ?? body(of: file, part, to: visit)
        return Response(status: status, headers: headers, body: body)
    }

    private func body(of file: OpenFile, _ part: Range<Int>, to visit: Visit) -> ResponseBody {
        let throttles = throttles
        let (client, eventLoop) = (visit.client, visit.eventLoop)
        return ResponseBody(contentLength: part.count) { writer in
            var offset = part.lowerBound
            while offset < part.upperBound {
                let size = throttles?.piece(for: client) ?? Self.pieceSize
                let piece = offset..<min(part.upperBound, offset + size)
                // If the file has become shorter this throws, and the connection ends before the length is reached.
                // By way of the event loop, which then has seen the piece before: else pieces pile up in front of it,
                // and a client that does not read costs megabytes.
                let buffer = try await NIOThreadPool.singleton.runIfActive(eventLoop: eventLoop) {
                    try file.read(piece)
                }.get()
                try await throttles?.pass(piece.count, for: client)
                try await writer.write(buffer)
                offset = piece.upperBound
            }
            try await writer.finish(nil)
        }
    }

    // MARK: Reports of pages

    private static let reportName = "player/events"

    private func takeReport(_ visit: Visit) async throws -> Response {
        let names = visit.path.names
        guard let log, names.suffix(2).joined(separator: "/") == Self.reportName, !visit.path.isDirectory,
            tree.isPackage(Array(names.dropLast(2)))
        else { throw Refusal(status: .methodNotAllowed, text: "", fields: [.allow: Self.methods]) }
        // A page elsewhere can post too, but not without saying so.
        if let origin = visit.request.headers[.origin], let host = visit.request.head.authority,
            !origin.hasSuffix("://" + host)
        {
            throw Refusal(status: .forbidden, text: "reports come from the player page of this server")
        }
        guard let body = try? await visit.request.body.collect(upTo: SessionReport.limit) else {
            throw Refusal(status: .contentTooLarge, text: "")
        }
        guard let report = SessionReport(parsing: body.readableBytesView) else {
            throw Refusal(status: .badRequest, text: "")
        }
        let package = RequestPath(names: Array(names.dropLast(2)), isDirectory: true).encoded
        let lines = report.lines(package: percentDecoded(package) ?? package, time: timestamp())
        guard try await NIOThreadPool.singleton.runIfActive({ log.append(lines) }) else {
            throw Refusal(status: .serviceUnavailable, text: "the session log cannot grow")
        }
        return Response(status: .noContent)
    }

    // MARK: What pages may do

    /// hls.js runs a worker from a blob; keys and other origins' playlists are the package's business.
    private static let playerPolicy = """
        default-src 'none'; script-src 'self' https://cdn.jsdelivr.net; style-src 'self'; img-src 'self' data: blob:; \
        media-src 'self' blob:; connect-src *; worker-src blob:; base-uri 'none'; form-action 'none'
        """
    private static let indexPolicy =
        "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; form-action 'none'"
}

extension HTTPField.Name {
    static let contentTypeOptions = Self("X-Content-Type-Options")!
    static let referrerPolicy = Self("Referrer-Policy")!
}

/// The name in `name:port` or `[address]:port`.
func hostName(ofAuthority authority: String) -> String {
    if authority.hasPrefix("[") { return String(authority.dropFirst().prefix { $0 != "]" }) }
    return String(authority.prefix { $0 != ":" })
}

/// Whether a name or address is this machine's own.
package func isLoopback(_ host: String) -> Bool {
    let host = host.lowercased()
    if host == "localhost" || host.hasSuffix(".localhost") || host == "::1" { return true }
    let numbers = host.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
    return numbers.count == 4 && numbers.allSatisfy { $0 != nil } && numbers[0] == 127
}
