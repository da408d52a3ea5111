/// One request to a server and its answer, for the commands of the program and for tests. It
/// blocks.

internal import CWebSockets

/// The answer to a request.
package struct HTTPAnswer: Sendable, Equatable {
    package let status: UInt16
    package let body: [UInt8]
}

/// Sends requests, one connection each.
package enum HTTPClient {
    /// Fetches what stands at the endpoint's path.
    /// - Throws: As `exchange`.
    package static func get(
        _ endpoint: Endpoint, seconds: UInt32 = 30
    ) throws(TransportFault) -> HTTPAnswer {
        try exchange(endpoint, method: .get, body: [], contentType: nil, seconds: seconds)
    }

    /// Posts `body` to the endpoint's path.
    /// - Throws: As `exchange`.
    package static func post(
        _ endpoint: Endpoint, body: [UInt8], contentType: String = "application/json",
        seconds: UInt32 = 30
    ) throws(TransportFault) -> HTTPAnswer {
        try exchange(
            endpoint, method: .post, body: body, contentType: contentType, seconds: seconds)
    }

    /// - Parameters:
    ///   - seconds: The most that the exchange may take.
    ///   - mostBytes: The most that the answer's body may hold.
    /// - Throws: `notOpened`, `notConnected`, `timedOut`, or `tooLong`.
    package static func exchange(
        _ endpoint: Endpoint, method: HTTPMethod, body: [UInt8], contentType: String?,
        seconds: UInt32, mostBytes: Int = 64 << 20
    ) throws(TransportFault) -> HTTPAnswer {
        let exchange = HTTPExchange(
            endpoint, method: method, body: body, contentType: contentType, mostBytes: mostBytes)
        return try exchange.run(seconds: seconds)
    }
}

/// One exchange under way.
private final class HTTPExchange {
    private let endpoint: Endpoint
    private let method: HTTPMethod
    private let body: [UInt8]
    private let contentType: String?
    private let mostBytes: Int
    private var status: UInt16 = 0
    private var incoming: [UInt8] = []
    private var isComplete = false
    private var fault: TransportFault?

    private static let patience = LibraryContext.Patience(ping: 65_000, hangUp: 65_001)

    init(
        _ endpoint: Endpoint, method: HTTPMethod, body: [UInt8], contentType: String?,
        mostBytes: Int
    ) {
        self.endpoint = endpoint
        self.method = method
        self.body = body
        self.contentType = contentType
        self.mostBytes = mostBytes
    }

    func run(seconds: UInt32) throws(TransportFault) -> HTTPAnswer {
        let owner = unsafe Unmanaged.passUnretained(self).toOpaque()
        let library = try unsafe LibraryContext(
            callback: httpClientCallback, owner: owner,
            purpose: "connect to \(endpoint.authority)", usesTLS: endpoint.security != nil,
            patience: HTTPExchange.patience
        ) { info, library in
            unsafe endpoint.fill(&info, keeping: library)
        }
        defer { library.close() }
        let end = MonotonicClock.now + UInt64(seconds) * MonotonicClock.nanosecondsPerSecond
        if !endpoint.connect(in: library, method: method.rawValue), fault == nil {
            throw .notConnected(endpoint.authority)
        }
        while !isComplete && fault == nil {
            let now = MonotonicClock.now
            guard now < end else { throw .timedOut }
            let left = (end - now) / MonotonicClock.nanosecondsPerMillisecond
            guard library.service(milliseconds: UInt32(left) + 1) else { break }
        }
        if let fault { throw fault }
        guard isComplete else { throw .notConnected(endpoint.authority) }
        return HTTPAnswer(status: status, body: incoming)
    }

    func dispatch(
        _ reason: lws_callback_reasons, of handle: OpaquePointer,
        _ input: UnsafeMutableRawPointer?, _ count: Int
    ) -> Int32 {
        switch reason {
        case LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER:
            guard let input = unsafe input else { return -1 }
            let cursor = unsafe input.assumingMemoryBound(to: UnsafeMutablePointer<UInt8>?.self)
            return unsafe appendHeaders(of: handle, at: cursor, room: count)
        case LWS_CALLBACK_CLIENT_HTTP_WRITEABLE: return unsafe writeBody(to: handle)
        case LWS_CALLBACK_ESTABLISHED_CLIENT_HTTP:
            status = UInt16(truncatingIfNeeded: unsafe lws_http_client_http_response(handle))
        case LWS_CALLBACK_RECEIVE_CLIENT_HTTP: return unsafe read(from: handle)
        case LWS_CALLBACK_RECEIVE_CLIENT_HTTP_READ:
            let bytes = unsafe UnsafeRawBufferPointer(start: input, count: count)
            guard incoming.count + bytes.count <= mostBytes else {
                fault = .tooLong
                return -1
            }
            unsafe incoming.append(contentsOf: bytes)
        case LWS_CALLBACK_COMPLETED_CLIENT_HTTP: isComplete = true
        case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
            let bytes = unsafe UnsafeRawBufferPointer(start: input, count: input == nil ? 0 : count)
            let why = unsafe String(decoding: bytes, as: UTF8.self)
            fault = .notConnected("\(endpoint.authority): \(why)")
        case LWS_CALLBACK_CLOSED_CLIENT_HTTP:
            if !isComplete && fault == nil {
                fault = .notConnected("\(endpoint.authority) hung up")
            }
        default: break
        }
        return 0
    }

    private func appendHeaders(
        of handle: OpaquePointer, at cursor: UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>,
        room: Int
    ) -> Int32 {
        var fields: [HeaderField] = []
        if method != .get && method != .head {
            fields.append(HeaderField(name: "content-length", value: String(body.count)))
        }
        if let contentType {
            fields.append(HeaderField(name: "content-type", value: contentType))
        }
        guard unsafe endpoint.appendHeaders(fields, of: handle, at: cursor, room: room) else {
            return -1
        }
        if !body.isEmpty {
            unsafe lws_client_http_body_pending(handle, 1)
            unsafe lws_callback_on_writable(handle)
        }
        return 0
    }

    private func writeBody(to handle: OpaquePointer) -> Int32 {
        var buffer = [UInt8](repeating: 0, count: LibraryContext.headroom) + body
        unsafe lws_client_http_body_pending(handle, 0)
        let written = unsafe buffer.withUnsafeMutableBufferPointer { buffer in
            guard let start = buffer.baseAddress else { return Int32(-1) }
            return unsafe lws_write(
                handle, start + LibraryContext.headroom, body.count, LWS_WRITE_HTTP_FINAL)
        }
        return written >= 0 ? 0 : -1
    }

    /// Has the library read on; the bytes come by another reason.
    private func read(from handle: OpaquePointer) -> Int32 {
        unsafe withUnsafeTemporaryAllocation(
            of: CChar.self, capacity: LibraryContext.headroom + LibraryContext.readBytes
        ) { buffer in
            guard let start = buffer.baseAddress else { return -1 }
            var cursor: UnsafeMutablePointer<CChar>? = unsafe start + LibraryContext.headroom
            var count = Int32(LibraryContext.readBytes)
            return unsafe lws_http_client_read(handle, &cursor, &count)
        }
    }
}

private func httpClientCallback(
    _ handle: OpaquePointer?, _ reason: lws_callback_reasons, _ user: UnsafeMutableRawPointer?,
    _ input: UnsafeMutableRawPointer?, _ count: Int
) -> Int32 {
    guard let handle = unsafe handle, let owner = unsafe LibraryContext.owner(of: handle) else {
        return 0
    }
    let exchange = unsafe Unmanaged<HTTPExchange>.fromOpaque(owner).takeUnretainedValue()
    return unsafe exchange.dispatch(reason, of: handle, input, count)
}
