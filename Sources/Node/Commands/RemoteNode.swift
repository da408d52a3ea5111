/// A node that a command talks to: JSON-RPC 2.0 over HTTP.

import JSON
import Transport

/// What a node answered.
enum RemoteAnswer: Equatable {
    case result(JSON.Value)
    /// An error by JSON-RPC: its number, its words, and what belongs to it.
    case error(code: String, message: String, data: JSON.Value?)
}

/// Calls the methods of one node.
struct RemoteNode {
    /// Sends a body to an address and gives the body of the answer.
    typealias Post = (Endpoint, [UInt8]) throws(CommandFault) -> [UInt8]

    /// Where a node listens that is not told otherwise.
    static let standardAddress = "http://127.0.0.1:8645"
    private static let path = "/api/v2"
    private static let ports: (plain: UInt16, secure: UInt16) = (8645, 443)
    private static let limits = JSONParser.Limits(
        bytes: 1 << 26, depth: 64, values: 10_000_000)

    private let address: String
    private(set) var endpoint: Endpoint
    private let post: Post

    /// - Parameters:
    ///   - address: such as `https://venue.example`; a path of its own takes the place of ours.
    ///   - authorities: the PEM file of those that may sign the node's certificate; nil is the
    ///     system's.
    ///   - token: of `public/auth`, for private methods.
    /// - Throws: `CommandFault` where the address is none.
    init(
        _ address: String, authorities: String? = nil, token: String? = nil, post: @escaping Post
    ) throws(CommandFault) {
        guard var endpoint = RemoteNode.endpoint(address, authorities: authorities) else {
            throw .usage(
                "'\(address)' is no address of a node; write one such as "
                    + RemoteNode.standardAddress)
        }
        if let token {
            endpoint.headers.append(HeaderField(name: "authorization", value: "Bearer \(token)"))
        }
        self.address = address
        self.endpoint = endpoint
        self.post = post
    }

    /// The same node, spoken to with another token.
    func speaking(with token: String) -> RemoteNode {
        var node = self
        node.endpoint.headers.append(HeaderField(name: "authorization", value: "Bearer \(token)"))
        return node
    }

    /// What an address such as `http://[::1]:8645` names; nil where it is none.
    static func endpoint(_ address: String, authorities: String?) -> Endpoint? {
        let isSecure = address.hasPrefix("https://")
        guard isSecure || address.hasPrefix("http://") else { return nil }
        let rest = address.dropFirst(isSecure ? "https://".count : "http://".count)
        let place = rest.prefix { $0 != "/" }
        let path = rest.dropFirst(place.count)
        var host = place
        var port = isSecure ? ports.secure : ports.plain
        if let colon = place.lastIndex(of: ":"), !place.hasSuffix("]") {
            guard let number = UInt16(place[place.index(after: colon)...]), number > 0 else {
                return nil
            }
            port = number
            host = place[..<colon]
        }
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        guard !host.isEmpty, isSecure || authorities == nil else { return nil }
        return Endpoint(
            host: String(host), port: port,
            path: path.isEmpty || path == "/" ? RemoteNode.path : String(path),
            security: isSecure ? ClientSecurity(authorityFile: authorities) : nil)
    }

    /// The same as one text with nothing left out; nil where it is none.
    static func fullAddress(_ address: String) -> String? {
        guard let endpoint = endpoint(address, authorities: nil) else { return nil }
        let scheme = endpoint.security == nil ? "http" : "https"
        let host = endpoint.host.contains(":") ? "[\(endpoint.host)]" : endpoint.host
        return "\(scheme)://\(host):\(endpoint.port)\(endpoint.path)"
    }

    /// The request that calls a method.
    static func request(_ method: String, _ parameters: [JSON.Member]) -> [UInt8] {
        var writer = JSONWriter()
        writer.value(
            .object([
                JSON.Member("jsonrpc", .string("2.0")),
                JSON.Member("id", .number(JSON.Number(1))),
                JSON.Member("method", .string(method)),
                JSON.Member("params", .object(parameters)),
            ]))
        return writer.bytes
    }

    /// Calls a method.
    ///
    /// - Throws: `CommandFault` where the node does not answer, or not by JSON-RPC.
    func call(_ method: String, _ parameters: [JSON.Member]) throws(CommandFault) -> RemoteAnswer {
        let body = try post(endpoint, RemoteNode.request(method, parameters))
        let answer: JSON.Value
        do throws(JSONFault) {
            answer = try JSONParser(RemoteNode.limits).parse(body)
        } catch {
            throw noRemote("answered with something that is no JSON (\(error))")
        }
        if let error = answer["error"], let code = error["code"]?.number {
            return .error(
                code: code.text, message: error["message"]?.text ?? "", data: error["data"])
        }
        guard let result = answer["result"] else { throw noRemote("answered without a result") }
        return .result(result)
    }

    /// Calls a method that is known to answer.
    ///
    /// - Throws: `CommandFault`, for an error of the method too.
    func result(_ method: String, _ parameters: [JSON.Member]) throws(CommandFault) -> JSON.Value {
        switch try call(method, parameters) {
        case .result(let value): return value
        case .error(let code, let message, let data):
            throw CommandFault(
                RemoteNode.text(method, code: code, message: message, data: data),
                exit: ExitCode.refused)
        }
    }

    /// An error as a line.
    static func text(_ method: String, code: String, message: String, data: JSON.Value?) -> String {
        let more = data.map { " " + $0.compactText } ?? ""
        let isMarket = data?["reason"]?.text?.contains("instrument") == true
        let next = isMarket ? "; 'rampart markets --names' lists what is traded" : ""
        return "\(method) was refused: \(message) (\(code))\(more)\(next)".printable
    }

    /// An answer that holds not what it should.
    static func strange(_ method: String, lacking name: String) -> CommandFault {
        CommandFault(
            "the node's answer to \(method) has no \(name) that could be understood; are both of "
                + "the same version?", exit: ExitCode.protocolFault)
    }

    private func noRemote(_ what: String) -> CommandFault {
        CommandFault(
            "\(address) \(what); is it a Rampart node?", exit: ExitCode.protocolFault)
    }

    /// Sends over the network.
    static func overHTTP(_ endpoint: Endpoint, _ body: [UInt8]) throws(CommandFault) -> [UInt8] {
        do throws(TransportFault) {
            return try HTTPClient.post(endpoint, body: body).body
        } catch {
            let reason: String =
                switch error {
                case .notOpened(let text), .badConfiguration(let text), .notConnected(let text):
                    text
                case .timedOut: "it did not answer in time"
                case .tooLong: "its answer is too long"
                }
            throw CommandFault(
                "the node cannot be reached: \(reason). Does it run there? 'rampart doctor' says "
                    + "what a node of this machine lacks", exit: ExitCode.unavailable)
        }
    }
}
