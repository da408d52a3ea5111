/// A WebSocket from the client's side: what a follower speaks to its leader with, and tests to a
/// server. Connecting again after a loss is the caller's: a client object is for one connection.

internal import CWebSockets
internal import Synchronization

/// One connection to a server, serviced by the thread that calls `run()`.
@safe package final class WebSocketClient: @unchecked Sendable {
    /// What a client hears, on the thread of `run()`.
    package enum Event: Sendable, Equatable {
        case opened
        /// A whole message.
        case received([UInt8], isText: Bool)
        /// The end, once: with code and reason when the other side gave them, else what went wrong.
        case closed(code: UInt16?, reason: String)
    }

    private struct Outgoing {
        var messages: [(bytes: [UInt8], isText: Bool)] = []
        /// The code to close with.
        var farewell: UInt16?
    }

    @safe private struct Wakeable: @unchecked Sendable {
        var handle: OpaquePointer?
    }

    private let endpoint: Endpoint
    private let mostMessageBytes: Int
    private let hear: @Sendable (Event) -> Void
    private var context: LibraryContext?
    private let wakeable: Mutex<Wakeable>
    private let outgoing = Mutex(Outgoing())
    private let isAbandoned = Atomic<Bool>(false)

    private var connection: OpaquePointer?
    private var incoming: [UInt8] = []
    private var ending: (code: UInt16?, reason: String)?
    private var isClosing = false

    /// Pings after so many seconds of silence, and gives up after so many.
    private static let patience = LibraryContext.Patience(ping: 20, hangUp: 45)
    private static let mostWaitMilliseconds: UInt32 = 1_000

    /// - Parameters:
    ///   - mostMessageBytes: A longer message ends the connection with 1009.
    ///   - hear: Called for everything that happens.
    /// - Throws: `notOpened` when a certificate is not readable or descriptors have run out.
    package init(
        _ endpoint: Endpoint, mostMessageBytes: Int = 64 << 20,
        hear: @escaping @Sendable (Event) -> Void
    ) throws(TransportFault) {
        self.endpoint = endpoint
        self.mostMessageBytes = mostMessageBytes
        self.hear = hear
        wakeable = unsafe Mutex(Wakeable(handle: nil))
        unsafe connection = nil
        let owner = unsafe Unmanaged.passUnretained(self).toOpaque()
        let library = try unsafe LibraryContext(
            callback: webSocketClientCallback, owner: owner,
            purpose: "connect to \(endpoint.authority)", usesTLS: endpoint.security != nil,
            patience: WebSocketClient.patience
        ) { info, library in
            unsafe endpoint.fill(&info, keeping: library)
        }
        context = library
        let handle = unsafe library.handle
        wakeable.withLock { unsafe $0.handle = handle }
    }

    /// Connects and stays until the connection has ended. Once only.
    package func run() {
        guard let context else { return }
        if !endpoint.connect(in: context, method: nil) && ending == nil {
            ending = (nil, "cannot connect")
        }
        while ending == nil, !isAbandoned.load(ordering: .acquiring),
            context.service(milliseconds: WebSocketClient.mostWaitMilliseconds)
        {}
        wakeable.withLock { unsafe $0.handle = nil }
        let last = ending ?? (nil, "given up")
        ending = last
        context.close()
        self.context = nil
        hear(.closed(code: last.code, reason: last.reason))
    }

    /// Sends a message in its turn; from any thread.
    package func send(_ message: [UInt8], isText: Bool) {
        outgoing.withLock { $0.messages.append((message, isText)) }
        interrupt()
    }

    /// Closes after all that was sent before; from any thread.
    package func close(code: UInt16 = 1000) {
        outgoing.withLock { $0.farewell = code }
        interrupt()
    }

    /// Ends `run()` at once, without a farewell and without waiting for the other side; from any
    /// thread.
    package func abandon() {
        isAbandoned.store(true, ordering: .releasing)
        interrupt()
    }

    private func interrupt() {
        wakeable.withLock { wakeable in
            if let handle = unsafe wakeable.handle { unsafe lws_cancel_service(handle) }
        }
    }

    fileprivate func dispatch(
        _ reason: lws_callback_reasons, of handle: OpaquePointer,
        _ input: UnsafeMutableRawPointer?, _ count: Int
    ) -> Int32 {
        switch reason {
        case LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER:
            guard let input = unsafe input else { return -1 }
            let cursor = unsafe input.assumingMemoryBound(to: UnsafeMutablePointer<UInt8>?.self)
            return unsafe endpoint.appendHeaders([], of: handle, at: cursor, room: count) ? 0 : -1
        case LWS_CALLBACK_CLIENT_ESTABLISHED:
            unsafe connection = handle
            hear(.opened)
            unsafe lws_callback_on_writable(handle)
        case LWS_CALLBACK_CLIENT_RECEIVE:
            let bytes = unsafe UnsafeRawBufferPointer(start: input, count: count)
            return unsafe receive(bytes, on: handle)
        case LWS_CALLBACK_CLIENT_WRITEABLE:
            return unsafe write(to: handle)
        case LWS_CALLBACK_EVENT_WAIT_CANCELLED:
            if let connection = unsafe connection { unsafe lws_callback_on_writable(connection) }
        case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE:
            let bytes = unsafe UnsafeRawBufferPointer(start: input, count: count)
            ending = unsafe WebSocketClient.farewell(Array(bytes))
        case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
            let bytes = unsafe UnsafeRawBufferPointer(start: input, count: input == nil ? 0 : count)
            ending = (nil, unsafe String(decoding: bytes, as: UTF8.self))
        case LWS_CALLBACK_CLIENT_CLOSED:
            unsafe connection = nil
            if ending == nil { ending = (nil, isClosing ? "" : "the connection broke") }
        default: break
        }
        return 0
    }

    private static func farewell(_ bytes: [UInt8]) -> (code: UInt16?, reason: String) {
        guard bytes.count >= 2 else { return (nil, "") }
        return (
            UInt16(bytes[0]) << 8 | UInt16(bytes[1]), String(decoding: bytes[2...], as: UTF8.self)
        )
    }

    private func receive(_ bytes: UnsafeRawBufferPointer, on handle: OpaquePointer) -> Int32 {
        if unsafe lws_is_first_fragment(handle) != 0 { incoming = [] }
        guard incoming.count + bytes.count <= mostMessageBytes else {
            unsafe lws_close_reason(handle, LWS_CLOSE_STATUS_MESSAGE_TOO_LARGE, nil, 0)
            ending = (UInt16(LWS_CLOSE_STATUS_MESSAGE_TOO_LARGE.rawValue), "message too long")
            return -1
        }
        unsafe incoming.append(contentsOf: bytes)
        if unsafe lws_is_final_fragment(handle) != 0 {
            let message = incoming
            incoming = []
            hear(.received(message, isText: unsafe lws_frame_is_binary(handle) == 0))
        }
        return 0
    }

    /// Writes one message, as the library wants it, and asks for another turn if there are more.
    private func write(to handle: OpaquePointer) -> Int32 {
        let (next, farewell) = outgoing.withLock { outgoing in
            (outgoing.messages.isEmpty ? nil : outgoing.messages.removeFirst(), outgoing.farewell)
        }
        guard let next else {
            guard let farewell, !isClosing else { return 0 }
            isClosing = true
            unsafe lws_close_reason(handle, lws_close_status(UInt32(farewell)), nil, 0)
            return -1
        }
        var buffer = [UInt8](repeating: 0, count: LibraryContext.headroom) + next.bytes
        let written = unsafe buffer.withUnsafeMutableBufferPointer { buffer in
            guard let start = buffer.baseAddress else { return Int32(-1) }
            return unsafe lws_write(
                handle, start + LibraryContext.headroom, next.bytes.count,
                next.isText ? LWS_WRITE_TEXT : LWS_WRITE_BINARY)
        }
        guard written >= 0 else { return -1 }
        unsafe lws_callback_on_writable(handle)
        return 0
    }
}

private func webSocketClientCallback(
    _ handle: OpaquePointer?, _ reason: lws_callback_reasons, _ user: UnsafeMutableRawPointer?,
    _ input: UnsafeMutableRawPointer?, _ count: Int
) -> Int32 {
    guard let handle = unsafe handle, let owner = unsafe LibraryContext.owner(of: handle) else {
        return 0
    }
    let client = unsafe Unmanaged<WebSocketClient>.fromOpaque(owner).takeUnretainedValue()
    return unsafe client.dispatch(reason, of: handle, input, count)
}
