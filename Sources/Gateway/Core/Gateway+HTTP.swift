/// The same methods over HTTP: `GET /api/v2/public/ticker?instrument_name=…`, the same path with a
/// JSON-RPC body, or a JSON-RPC body at `/api/v2`. `/api/v2/openapi.json` is the reference.

import Canonical
package import FixedPoint
import JSON
package import Ledger

extension Gateway {
    /// Where the API begins.
    package static let root = "/api/v2"
    /// Where its reference is.
    package static let referencePath = root + "/openapi.json"

    /// A request of an HTTP session, which gets exactly one `.respond`.
    package func request(
        _ request: APIRequest, on session: SessionIdentifier, ledger: Ledger, now: Timestamp
    ) {
        guard let state = sessions[session] else { return }
        var address = ReplyAddress(
            session: session, transport: .http, request: .none, received: now)
        if request.path == Gateway.referencePath, request.verb == .get {
            return deliver(reference, to: address)
        }
        do throws(APIError) {
            let path = try methodName(of: request.path)
            let body = try body(of: request)
            if let body { address = try address.answering(body) }
            let name = try name(path, body, address)
            guard let method = methods[name] else { throw unknown(name) }
            let authority = try authority(of: request, session, ledger, now: now)
            try charge(method.cost, state, authority, now: now)
            let arguments =
                if let body {
                    try method.arguments(of: body["params"])
                } else {
                    try method.arguments(ofQuery: request.query, parser)
                }
            let call = try admitted(
                Call(
                    method: method, ledger: ledger, now: now, session: session,
                    authority: authority, arguments: arguments))
            try perform(call, address)
        } catch {
            answer(address, error, now: now)
        }
    }

    /// The method that a path names; nil at the root.
    private func methodName(of path: String) throws(APIError) -> String? {
        guard path.hasPrefix(Gateway.root) else { throw unknown(path) }
        let rest = path.dropFirst(Gateway.root.count)
        if rest.isEmpty || rest == "/" { return nil }
        guard rest.first == "/" else { throw unknown(path) }
        return String(rest.dropFirst())
    }

    /// The JSON of a POST; nil of a GET, and of a POST without a body.
    private func body(of request: APIRequest) throws(APIError) -> JSON.Value? {
        guard request.verb == .post, !request.body.isEmpty else { return nil }
        return try read(request.body)
    }

    private func name(
        _ path: String?, _ body: JSON.Value?, _ address: ReplyAddress
    ) throws(APIError) -> String {
        if let body { return try RPCRequest(body, address.request, path: path).method }
        guard let path else { throw APIError(.invalidRequest, reason: "no method") }
        return path
    }

    /// Whom a request speaks for; nil without the header.
    private func authority(
        of request: APIRequest, _ session: SessionIdentifier, _ ledger: Ledger, now: Timestamp
    ) throws(APIError) -> Authority? {
        guard let header = request.authorization else { return nil }
        return try authority(of: header, request, from: session, ledger: ledger, now: now)
    }
}
