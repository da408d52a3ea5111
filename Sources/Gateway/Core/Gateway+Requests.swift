/// From bytes to a call and from its end to an answer: the same way for both transports.

import Canonical
package import FixedPoint
import JSON
package import Ledger

/// What a message asks.
struct RPCRequest {
    let identifier: RequestIdentifier
    let method: String
    let parameters: JSON.Value?
}

extension Gateway {
    /// A WebSocket message: one JSON-RPC request.
    package func receive(
        _ message: [UInt8], on session: SessionIdentifier, ledger: Ledger, now: Timestamp
    ) {
        guard let state = sessions[session] else { return }
        if state.heartbeat != nil { sessions[session]?.heartbeat?.lastHeard = now }
        var address = ReplyAddress(
            session: session, transport: .webSocket, request: .none, received: now)
        do throws(APIError) {
            let value = try read(message)
            address = try address.answering(value)
            let request = try RPCRequest(value, address.request)
            guard let method = methods[request.method] else { throw unknown(request.method) }
            try charge(method.cost, state, state.authority, now: now)
            let arguments = try method.arguments(of: request.parameters)
            let call = try admitted(
                Call(
                    method: method, ledger: ledger, now: now, session: session,
                    authority: state.authority, arguments: arguments))
            try perform(call, address)
        } catch {
            answer(address, error, now: now)
        }
    }

    /// The value that a message is.
    ///
    /// - Throws: -32700 with the reason.
    func read(_ message: [UInt8]) throws(APIError) -> JSON.Value {
        do throws(JSONFault) {
            return try parser.parse(message)
        } catch {
            throw APIError(.parseError, reason: String(describing: error))
        }
    }

    func unknown(_ method: String) -> APIError {
        APIError(.methodNotFound, reason: "no method of this name")
    }

    /// The call, if its caller may make it there.
    ///
    /// - Throws: 10000 without a credential, 13021 without the scope, 10030 over HTTP.
    func admitted(_ call: Call) throws(APIError) -> Call {
        if call.method.reach == .webSocketOnly,
            sessions[call.session]?.transport != .webSocket
        {
            throw APIError(.webSocketOnly)
        }
        guard case .scoped(let scope) = call.method.access else { return call }
        guard let authority = call.authority else { throw APIError(.authorizationRequired) }
        guard authority.expiry > call.now else {
            throw APIError(.unauthorized, reason: "invalid_token")
        }
        guard authority.allows(scope) else {
            throw APIError(.forbidden, reason: "needs the scope \(scope.rawValue)")
        }
        return call
    }

    /// Runs a call and answers it, now or when its block comes.
    func perform(_ call: Call, _ address: ReplyAddress) throws(APIError) {
        var writer = JSONWriter(capacity: Gateway.answerCapacity)
        writer.beginAnswer(address)
        writer.name("result")
        switch try call.method.handler(self, call, &writer) {
        case .done:
            writer.endAnswer(
                address, now: call.now, isTestNetwork: configuration.isTestNetwork)
            deliver(writer.bytes, to: address)
            follow()
        case .later(let ticket): wait(for: ticket, address)
        }
    }

    /// Sends an error.
    func answer(_ address: ReplyAddress, _ error: APIError, now: Timestamp) {
        var writer = JSONWriter(capacity: Gateway.answerCapacity)
        writer.beginAnswer(address)
        writer.name("error")
        error.write(to: &writer)
        writer.endAnswer(address, now: now, isTestNetwork: configuration.isTestNetwork)
        deliver(writer.bytes, to: address, status: error.code.status, error.retryAfter)
    }

    func deliver(
        _ frame: Frame, to address: ReplyAddress, status: UInt16 = 200,
        _ retryAfter: UInt64? = nil
    ) {
        switch address.transport {
        case .webSocket: act(.send(address.session, frame))
        case .http:
            act(
                .respond(
                    address.session,
                    APIResponse(status: status, body: frame, retryAfter: retryAfter)))
        }
    }

    private static let answerCapacity = 512
}

extension ReplyAddress {
    /// The address with the name that a message gives itself.
    ///
    /// - Throws: -32600.
    func answering(_ value: JSON.Value) throws(APIError) -> ReplyAddress {
        guard value.members != nil else {
            throw APIError(.invalidRequest, reason: "a request is an object; there are no batches")
        }
        return ReplyAddress(
            session: session, transport: transport,
            request: try RequestIdentifier(value["id"]), received: received)
    }
}

extension RPCRequest {
    /// - Throws: -32600 where it is no request of JSON-RPC 2.0.
    init(
        _ value: JSON.Value, _ identifier: RequestIdentifier, path: String? = nil
    ) throws(APIError) {
        if let version = value["jsonrpc"], version.text != "2.0" {
            throw APIError(.invalidRequest, reason: "jsonrpc must be 2.0")
        }
        let named = value["method"]
        guard let method = named?.text ?? (named == nil ? path : nil) else {
            throw APIError(.invalidRequest, reason: "method must be a string")
        }
        guard path == nil || path == method else {
            throw APIError(.invalidRequest, reason: "method differs from the path")
        }
        self.identifier = identifier
        self.method = method
        parameters = value["params"]
    }
}
