/// WebSockets: who may open one, how messages are put together, how they end.

internal import CWebSockets

extension Server {
    /// Close codes of RFC 6455, 7.4.1, and of its registry.
    enum CloseCode {
        static let goingAway: UInt16 = 1001
        static let tooBig: UInt16 = 1009
        static let tryAgainLater: UInt16 = 1013
    }

    /// A client asks for another protocol than HTTP.
    /// - Returns: 0 to let the library go on, 1 when answered here.
    func confirmUpgrade(_ connection: Connection, to name: UnsafeRawBufferPointer) -> Int32 {
        let head = unsafe RequestHead(connection: connection.handle)
        guard head.text(WSI_TOKEN_UPGRADE)?.lowercased() == "websocket", stopsAt == nil else {
            return Server.hangUp
        }
        guard let refusal = refusal(of: head, on: connection) else { return Server.goOn }
        counters.requestsRefused += 1
        let status = UInt32(refusal.status)
        // Answered by the library, since it will not come back to write.
        guard unsafe lws_return_http_status(connection.handle, status, nil) == 0 else {
            return Server.hangUp
        }
        return Server.hangUp
    }

    func established(_ connection: Connection) -> Int32 {
        let head = unsafe RequestHead(connection: connection.handle)
        let path = head.text(WSI_TOKEN_GET_URI) ?? ""
        connection.phase = .open
        webSocketCount += 1
        connection.isAnnounced = true
        heardNow(connection)
        let peer = Peer(
            path: path, query: head.query(), address: connection.address.text,
            certificateName: connection.isEncrypted ? head.certificateName() : nil,
            headers: head.headers(wantedHeaders))
        delegate?.opened(connection.identifier, peer: peer)
        return Server.goOn
    }

    func fragmentArrived(_ connection: Connection, _ bytes: UnsafeRawBufferPointer) -> Int32 {
        guard connection.phase == .open else { return Server.goOn }
        heardNow(connection)
        let handle = unsafe connection.handle
        if unsafe lws_is_first_fragment(handle) != 0 { connection.incoming = [] }
        let rest = Int(clamping: unsafe lws_remaining_packet_payload(handle))
        let most = configuration.limits.messageBytes
        guard rest <= most, connection.incoming.count + bytes.count + rest <= most else {
            connection.incoming = []
            close(connection, code: CloseCode.tooBig, reason: "\(most) bytes at most")
            return Server.goOn
        }
        unsafe connection.incoming.append(contentsOf: bytes)
        counters.bytesReceived += UInt64(bytes.count)
        guard unsafe lws_is_final_fragment(handle) != 0 else { return Server.goOn }
        let message = connection.incoming
        connection.incoming = []
        counters.messagesReceived += 1
        let isText = unsafe lws_frame_is_binary(handle) == 0
        delegate?.received(message, isText: isText, on: connection.identifier)
        return Server.goOn
    }

    func heard(_ connection: Connection) -> Int32 {
        heardNow(connection)
        return Server.goOn
    }

    private func heardNow(_ connection: Connection) {
        connection.lastHeard = now
        connection.isPinged = false
    }

    /// The other side has asked to close; the library answers.
    func peerCloses(_ connection: Connection) -> Int32 {
        if connection.phase == .open {
            connection.phase = .closing
            connection.deadline = now + seconds(configuration.limits.closeSeconds)
            drop(connection)
        }
        return Server.goOn
    }

    /// Closes a WebSocket after what waits for it has gone out, or cuts an HTTP connection.
    /// - Parameters:
    ///   - code: Of RFC 6455, 7.4.
    ///   - reason: UTF-8; as much of it as fits into a control frame is sent.
    package func close(_ identifier: ConnectionIdentifier, code: UInt16, reason: String) {
        guard let connection = table[identifier] else { return }
        guard connection.isWebSocket else { return cut(connection) }
        close(connection, code: code, reason: reason)
    }

    func close(_ connection: Connection, code: UInt16, reason: String) {
        guard connection.phase == .open, connection.farewell == nil else { return }
        connection.farewell = (code, reason)
        connection.deadline = now + seconds(configuration.limits.closeSeconds)
        unsafe lws_callback_on_writable(connection.handle)
    }

    /// Says farewell by the library's handshake.
    func sayFarewell(_ connection: Connection, code: UInt16, reason: String) -> Int32 {
        connection.phase = .closing
        connection.farewell = nil
        drop(connection)
        var text = Array(Server.fitting(reason).utf8)
        let count = text.count
        unsafe text.withUnsafeMutableBufferPointer { buffer in
            unsafe lws_close_reason(
                connection.handle, lws_close_status(UInt32(code)), buffer.baseAddress, count)
        }
        return Server.hangUp
    }

    /// As many whole characters as fit into a control frame beside the code.
    private static func fitting(_ reason: String) -> String {
        var reason = reason
        while reason.utf8.count > mostReasonBytes { reason.removeLast() }
        return reason
    }

    /// RFC 6455, 5.5: 125 bytes, two of them the code.
    private static let mostReasonBytes = 123
}
