/// A context of libwebsockets and the memory that it points to for as long as it lives: names,
/// protocols, the timer. Servers and clients differ in the options alone.

internal import CWebSockets
internal import Glibc
internal import Synchronization

/// Owns one `lws_context`.
///
/// Not safe to use after `close()`; who owns it closes it on the thread that serviced it.
@safe final class LibraryContext {
    typealias Callback =
        @convention(c) (
            OpaquePointer?, lws_callback_reasons, UnsafeMutableRawPointer?,
            UnsafeMutableRawPointer?, Int
        ) -> Int32

    /// Memory in front of what is written that the library may scribble on (LWS_PRE, a macro, is
    /// 16).
    static let headroom = 32
    /// The most that goes to the kernel at once, and so the most that the library copies when the
    /// kernel takes only a part.
    static let writeBytes = 64 << 10
    /// What a WebSocket reads at once, which is also memory that each one keeps.
    static let readBytes = 4_096

    /// When the library itself pings a WebSocket that is silent, and when it gives it up, in
    /// seconds.
    struct Patience {
        var ping: UInt16
        var hangUp: UInt16
    }

    /// nil after `close()`.
    private(set) var handle: OpaquePointer?
    /// The only host of the context: the library's place for a listening socket or for clients.
    private(set) var host: OpaquePointer?
    private var texts: [UnsafeMutablePointer<CChar>]
    private let protocols: UnsafeMutablePointer<lws_protocols>
    private let idlePolicy: UnsafeMutablePointer<lws_retry_bo_t>
    private let timer: UnsafeMutablePointer<lws_sorted_usec_list_t>

    /// - Parameters:
    ///   - callback: Hears everything, on the thread that calls `service()`.
    ///   - owner: What `owner(of:)` gives; must outlive the context.
    ///   - usesTLS: Whether OpenSSL is needed.
    ///   - fill: Sets what servers and clients do not share.
    /// - Throws: `notOpened` with `purpose`.
    init(
        callback: Callback, owner: UnsafeMutableRawPointer, purpose: String, usesTLS: Bool,
        patience: Patience, fill: (inout lws_context_creation_info, LibraryContext) -> Void
    ) throws(TransportFault) {
        unsafe protocols = UnsafeMutablePointer.allocate(capacity: 2)
        unsafe protocols.initialize(repeating: lws_protocols(), count: 2)
        unsafe idlePolicy = UnsafeMutablePointer.allocate(capacity: 1)
        unsafe idlePolicy.initialize(to: lws_retry_bo_t())
        unsafe timer = UnsafeMutablePointer.allocate(capacity: 1)
        unsafe timer.initialize(to: lws_sorted_usec_list_t())
        unsafe handle = nil
        unsafe host = nil
        unsafe texts = []
        unsafe protocols[0].name = UnsafePointer(keep(LibraryContext.protocolName))
        unsafe protocols[0].callback = callback
        unsafe protocols[0].rx_buffer_size = LibraryContext.readBytes
        unsafe protocols[0].tx_packet_size = LibraryContext.writeBytes
        unsafe idlePolicy.pointee.secs_since_valid_ping = patience.ping
        unsafe idlePolicy.pointee.secs_since_valid_hangup = patience.hangUp

        var info = unsafe lws_context_creation_info()
        unsafe info.protocols = UnsafePointer(protocols)
        unsafe info.retry_and_idle_policy = UnsafePointer(idlePolicy)
        unsafe info.user = owner
        // -1 in both: no change of user.
        unsafe info.gid = -1
        unsafe info.uid = -1
        unsafe info.pt_serv_buf_size = UInt32(LibraryContext.writeBytes)
        unsafe info.alpn = UnsafePointer(keep("http/1.1"))
        unsafe info.server_string = UnsafePointer(keep(LibraryContext.protocolName))
        unsafe fill(&info, self)
        LibraryLog.shared.apply()
        unsafe open(&info, usesTLS: usesTLS)
        guard unsafe handle != nil, unsafe host != nil else {
            close()
            throw .notOpened(purpose)
        }
    }

    /// What the library calls the one protocol that is spoken.
    static let protocolName = "rampart"

    /// The library sets OpenSSL up once for each context that asks, and what it sets up anew is
    /// shared by all: so only the first context of the process asks, and hosts alone say that they
    /// use it.
    private static let isOpenSSLReady = Mutex(false)

    private func open(_ info: inout lws_context_creation_info, usesTLS: Bool) {
        let forTLS = UInt64(LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT)
        let options = unsafe info.options | UInt64(LWS_SERVER_OPTION_EXPLICIT_VHOSTS)
        let bits = LibraryContext.isOpenSSLReady.withLock { isReady in
            unsafe info.options = usesTLS && !isReady ? options | forTLS : options
            if usesTLS { isReady = true }
            return Int(bitPattern: unsafe lws_create_context(&info))
        }
        unsafe handle = OpaquePointer(bitPattern: bits)
        unsafe info.options = usesTLS ? options | forTLS : options
        if let handle = unsafe handle { unsafe host = lws_create_vhost(handle, &info) }
    }

    deinit {
        close()
        unsafe texts.forEach { unsafe free($0) }
        unsafe protocols.deallocate()
        unsafe idlePolicy.deallocate()
        unsafe timer.deallocate()
    }

    /// A copy of `text` for the library, which lives as long as the context.
    func keep(_ text: String) -> UnsafeMutablePointer<CChar>? {
        guard let copy = unsafe strdup(text) else { return nil }
        unsafe texts.append(copy)
        return unsafe copy
    }

    /// What was given as `owner` to the context that `connection` belongs to.
    static func owner(of connection: OpaquePointer?) -> UnsafeMutableRawPointer? {
        guard let connection = unsafe connection, let context = unsafe lws_get_context(connection)
        else { return nil }
        return unsafe lws_context_user(context)
    }

    /// Waits for something to happen, `milliseconds` at most, and deals with it.
    /// - Returns: Whether the context goes on.
    func service(milliseconds: UInt32) -> Bool {
        guard let handle = unsafe handle else { return false }
        // The library wakes for the next timer of its list and for nothing else.
        let microseconds = lws_usec_t(milliseconds) * 1_000
        unsafe lws_sul_schedule(handle, 0, timer, { _ in }, microseconds)
        return unsafe lws_service(handle, 0) >= 0
    }

    /// Closes every connection, telling the callback of each.
    func close() {
        guard let open = unsafe handle else { return }
        unsafe lws_sul_cancel(timer)
        unsafe handle = nil
        unsafe host = nil
        unsafe lws_context_destroy(open)
    }
}
