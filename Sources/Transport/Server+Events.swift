/// The one door through which libwebsockets calls: about a hundred reasons, of which these matter.

internal import CWebSockets
internal import Glibc

/// What the library calls, on the service thread. What it returns: 0 to go on, -1 to close.
func serverCallback(
    _ handle: OpaquePointer?, _ reason: lws_callback_reasons, _ user: UnsafeMutableRawPointer?,
    _ input: UnsafeMutableRawPointer?, _ count: Int
) -> Int32 {
    // The library takes 0 for "trusted", whatever OpenSSL has found; `count` is what it has found.
    if reason == LWS_CALLBACK_OPENSSL_PERFORM_CLIENT_CERT_VERIFICATION {
        return count == 1 ? Server.goOn : Server.hangUp
    }
    guard let handle = unsafe handle, let owner = unsafe LibraryContext.owner(of: handle) else {
        return 0
    }
    let server = unsafe Unmanaged<Server>.fromOpaque(owner).takeUnretainedValue()
    return unsafe server.dispatch(reason, of: handle, input, count)
}

extension Server {
    static let goOn: Int32 = 0
    static let hangUp: Int32 = -1

    fileprivate func dispatch(
        _ reason: lws_callback_reasons, of handle: OpaquePointer,
        _ input: UnsafeMutableRawPointer?, _ count: Int
    ) -> Int32 {
        switch reason {
        case LWS_CALLBACK_FILTER_NETWORK_CONNECTION:
            return filter(descriptor: Int32(truncatingIfNeeded: Int(bitPattern: input)))
        case LWS_CALLBACK_SERVER_NEW_CLIENT_INSTANTIATED:
            unsafe arrived(handle)
            return Server.goOn
        case LWS_CALLBACK_WSI_DESTROY:
            unsafe departed(handle)
            return Server.goOn
        case LWS_CALLBACK_EVENT_WAIT_CANCELLED:
            interrupted()
            return Server.goOn
        default: break
        }
        guard let connection = unsafe Server.connection(of: handle) else {
            return Server.isUnbound(reason) ? Server.goOn : Server.hangUp
        }
        let bytes = unsafe UnsafeRawBufferPointer(start: input, count: input == nil ? 0 : count)
        let verdict = unsafe dispatch(reason, of: connection, bytes)
        flush()
        return verdict
    }

    private func dispatch(
        _ reason: lws_callback_reasons, of connection: Connection, _ bytes: UnsafeRawBufferPointer
    ) -> Int32 {
        switch reason {
        case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE: unsafe confirmUpgrade(connection, to: bytes)
        case LWS_CALLBACK_HTTP: headArrived(connection)
        case LWS_CALLBACK_HTTP_BODY: unsafe bodyArrived(connection, bytes)
        case LWS_CALLBACK_HTTP_BODY_COMPLETION: bodyEnded(connection)
        case LWS_CALLBACK_HTTP_WRITEABLE: writeAnswer(connection)
        case LWS_CALLBACK_ESTABLISHED: established(connection)
        case LWS_CALLBACK_RECEIVE: unsafe fragmentArrived(connection, bytes)
        case LWS_CALLBACK_RECEIVE_PONG: heard(connection)
        case LWS_CALLBACK_SERVER_WRITEABLE: writable(connection)
        case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE: peerCloses(connection)
        case LWS_CALLBACK_CLOSED, LWS_CALLBACK_CLOSED_HTTP: ended(connection)
        default: Server.goOn
        }
    }

    /// Reasons that come without a connection of ours and must not be refused.
    private static func isUnbound(_ reason: lws_callback_reasons) -> Bool {
        switch reason {
        case LWS_CALLBACK_HTTP, LWS_CALLBACK_ESTABLISHED, LWS_CALLBACK_HTTP_CONFIRM_UPGRADE: false
        default: true
        }
    }

    private static func connection(of handle: OpaquePointer) -> Connection? {
        guard let pointer = unsafe lws_get_opaque_user_data(handle) else { return nil }
        return unsafe Unmanaged<Connection>.fromOpaque(pointer).takeUnretainedValue()
    }

    /// A socket has been accepted; turns it away if there are too many.
    private func filter(descriptor: Int32) -> Int32 {
        if admits(PeerAddress(socket: descriptor)) { return Server.goOn }
        counters.connectionsRefused += 1
        return Server.hangUp
    }

    private func arrived(_ handle: OpaquePointer) {
        let descriptor = unsafe lws_get_socket_fd(handle)
        var bytes = Int32(clamping: configuration.limits.socketSendBytes / 2)
        unsafe setsockopt(
            descriptor, SOL_SOCKET, SO_SNDBUF, &bytes, socklen_t(MemoryLayout<Int32>.size))
        let connection = unsafe Connection(
            table.nextIdentifier(), address: PeerAddress(socket: descriptor), handle: handle,
            isEncrypted: configuration.security != nil, now: now,
            deadline: now + seconds(configuration.limits.handshakeSeconds))
        table.insert(connection)
        unsafe lws_set_opaque_user_data(handle, Unmanaged.passRetained(connection).toOpaque())
    }

    private func departed(_ handle: OpaquePointer) {
        guard let pointer = unsafe lws_get_opaque_user_data(handle) else { return }
        unsafe lws_set_opaque_user_data(handle, nil)
        let connection = unsafe Unmanaged<Connection>.fromOpaque(pointer).takeRetainedValue()
        _ = ended(connection)
        table.remove(connection)
        flush()
    }

    /// The connection is no longer of use; what waits for it is dropped and the delegate told.
    private func ended(_ connection: Connection) -> Int32 {
        drop(connection)
        if connection.isWebSocket { webSocketCount -= 1 }
        connection.phase = .handshake
        if connection.isAnnounced {
            connection.isAnnounced = false
            delegate?.closed(connection.identifier)
        }
        return Server.goOn
    }

    func seconds(_ count: UInt32) -> UInt64 {
        UInt64(count) * MonotonicClock.nanosecondsPerSecond
    }
}
