/// Requests and answers. One at a time on each connection: what a client sends ahead waits in the
/// kernel.

internal import CWebSockets

extension Server {
    /// The head of a request has come. Either it is refused here, or it is whole and goes to the
    /// delegate, or its body follows.
    func headArrived(_ connection: Connection) -> Int32 {
        let head = unsafe RequestHead(connection: connection.handle)
        connection.isHead = false
        connection.keepsAlive = stopsAt == nil && wantsKeepAlive(head)
        if let refusal = refusal(of: head, on: connection) {
            return refuse(connection, refusal)
        }
        guard let (method, path) = head.methodAndPath() else {
            return refuse(connection, HTTPResponse(status: 405, text: "method or path not served"))
        }
        guard head.known(WSI_TOKEN_HTTP_TRANSFER_ENCODING) == nil else {
            return refuse(connection, HTTPResponse(status: 411, text: "send a content-length"))
        }
        guard let length = Server.contentLength(head) else {
            return refuse(
                connection, HTTPResponse(status: 400, text: "content-length is no number"))
        }
        guard length <= configuration.limits.requestBodyBytes else {
            let most = configuration.limits.requestBodyBytes
            return refuse(connection, HTTPResponse(status: 413, text: "\(most) bytes at most"))
        }
        let peer = Peer(
            path: path, query: head.query(), address: connection.address.text,
            certificateName: connection.isEncrypted ? head.certificateName() : nil,
            headers: head.headers(wantedHeaders))
        connection.isHead = method == .head
        connection.incoming = []
        connection.request = (method, peer)
        connection.sparesBodyEnd = length == 0
        guard length > 0 else { return dispatchRequest(connection) }
        connection.incoming.reserveCapacity(length)
        connection.phase = .body
        connection.deadline = now + seconds(configuration.limits.bodySeconds)
        return Server.goOn
    }

    func bodyArrived(_ connection: Connection, _ bytes: UnsafeRawBufferPointer) -> Int32 {
        guard connection.phase == .body else { return Server.goOn }
        guard
            connection.incoming.count + bytes.count <= configuration.limits.requestBodyBytes
        else { return Server.hangUp }
        unsafe connection.incoming.append(contentsOf: bytes)
        return Server.goOn
    }

    /// A body is complete. The library says so once for a POST without one, once for one that was
    /// refused, and again and again when a client sends more while its request is open: such a
    /// client is let go.
    func bodyEnded(_ connection: Connection) -> Int32 {
        if connection.phase == .body { return dispatchRequest(connection) }
        guard connection.sparesBodyEnd else { return Server.hangUp }
        connection.sparesBodyEnd = false
        return Server.goOn
    }

    private func dispatchRequest(_ connection: Connection) -> Int32 {
        guard let (method, peer) = connection.request else { return Server.hangUp }
        let request = HTTPRequest(method: method, peer: peer, body: connection.incoming)
        connection.request = nil
        connection.incoming = []
        connection.phase = .answering
        connection.isAnnounced = true
        connection.deadline = now + seconds(configuration.limits.answerSeconds)
        counters.requests += 1
        counters.bytesReceived += UInt64(request.body.count)
        // The time is ours to keep now, not the library's; and what is sent ahead stays where it
        // is.
        unsafe lws_set_timeout(connection.handle, NO_PENDING_TIMEOUT, 0)
        unsafe lws_rx_flow_control(connection.handle, 0)
        delegate?.requested(request, on: connection.identifier)
        return Server.goOn
    }

    /// Answers the request that is open on a connection. Nothing happens when the connection has
    /// gone or has no open request.
    package func respond(_ response: HTTPResponse, to identifier: ConnectionIdentifier) {
        guard let connection = table[identifier], connection.phase == .answering,
            connection.answer == nil
        else { return }
        hold(response, for: connection)
    }

    private func hold(_ response: HTTPResponse, for connection: Connection) {
        if stopsAt != nil { connection.keepsAlive = false }
        let wire = response.wireBytes(
            keepsAlive: connection.keepsAlive, omitsBody: connection.isHead,
            headroom: LibraryContext.headroom)
        totalQueuedBytes += wire.count
        connection.answer = wire
        connection.deadline = now + seconds(configuration.limits.answerSeconds)
        if totalQueuedBytes > configuration.limits.totalQueuedBytes {
            cut(connection)
        } else {
            // Only while there was no answer: the library does not write what it must not read.
            unsafe lws_rx_flow_control(connection.handle, 1)
            unsafe lws_callback_on_writable(connection.handle)
        }
    }

    /// The socket takes bytes: hands the answer over whole; the library sends it on as the socket
    /// goes.
    func writeAnswer(_ connection: Connection) -> Int32 {
        guard var wire = connection.answer else { return Server.goOn }
        connection.answer = nil
        let count = wire.count - LibraryContext.headroom
        let written = unsafe wire.withUnsafeMutableBytes { bytes in
            guard
                let start = unsafe bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
            else { return Server.hangUp }
            return unsafe lws_write(
                connection.handle, start + LibraryContext.headroom, count, LWS_WRITE_HTTP_FINAL)
        }
        let isHeld = unsafe lws_partial_buffered(connection.handle) != 0
        connection.flushingBytes = isHeld ? wire.count : 0
        if !isHeld { totalQueuedBytes -= wire.count }
        guard written >= 0 else { return Server.hangUp }
        counters.bytesSent += UInt64(count)
        connection.phase = .resting
        let limits = configuration.limits
        connection.deadline =
            now + seconds(isHeld ? limits.answerSeconds : limits.keepAliveSeconds)
        guard connection.keepsAlive || isHeld else { return Server.hangUp }
        return unsafe lws_http_transaction_completed(connection.handle) == 0
            ? Server.goOn : Server.hangUp
    }

    /// Answers without asking the delegate, and closes.
    private func refuse(_ connection: Connection, _ response: HTTPResponse) -> Int32 {
        counters.requestsRefused += 1
        connection.keepsAlive = false
        connection.sparesBodyEnd = true
        connection.phase = .answering
        hold(response, for: connection)
        return Server.goOn
    }

    /// Why a request may not even be looked at: it comes from a web page that has no business here.
    func refusal(of head: RequestHead, on connection: Connection) -> HTTPResponse? {
        guard let host = head.text(WSI_TOKEN_HOST) else {
            return HTTPResponse(status: 400, text: "a host header is needed")
        }
        let isLocal = connection.address.isLoopback
        guard configuration.admission.admits(host: host, fromLoopback: isLocal) else {
            return HTTPResponse(status: 421, text: "this host is not served here")
        }
        let origin = head.known(WSI_TOKEN_ORIGIN).map { String(decoding: $0, as: UTF8.self) }
        guard configuration.admission.admits(origin: origin) else {
            return HTTPResponse(status: 403, text: "this origin is not admitted")
        }
        return nil
    }

    /// What follows the head; nil when it is no plain number.
    private static func contentLength(_ head: RequestHead) -> Int? {
        guard let digits = head.known(WSI_TOKEN_HTTP_CONTENT_LENGTH) else { return 0 }
        guard digits.count <= mostLengthDigits else { return nil }
        var length = 0
        for digit in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
            length = length * 10 + Int(digit - UInt8(ascii: "0"))
        }
        return length
    }

    /// Ten to this power is far above any limit and far below what an `Int` holds.
    private static let mostLengthDigits = 15

    private func wantsKeepAlive(_ head: RequestHead) -> Bool {
        guard let value = head.text(WSI_TOKEN_CONNECTION)?.lowercased() else {
            return head.text(WSI_TOKEN_HTTP)?.hasSuffix("1.0") != true
        }
        return !value.split(separator: ",").contains { $0.contains("close") }
    }
}
