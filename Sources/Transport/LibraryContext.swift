/// A context of libwebsockets and the memory that it points to for as long as it lives: names, protocols,
/// the timer. Servers and clients differ in the options alone.

internal import CWebSockets
internal import Glibc

/// Owns one `lws_context`.
///
/// Not safe to use after `close()`; who owns it closes it on the thread that serviced it.
@safe final class LibraryContext {
    typealias Callback =
        @convention(c) (
            OpaquePointer?, lws_callback_reasons, UnsafeMutableRawPointer?,
            UnsafeMutableRawPointer?, Int
        ) -> Int32

    /// Memory in front of what is written that the library may scribble on (LWS_PRE, a macro, is 16).
    static let headroom = 32
    /// The most that goes to the kernel at once, and so the most that the library copies when the
    /// kernel takes only a part.
    static let writeBytes = 64 << 10
    /// What a WebSocket reads at once, which is also memory that each one keeps.
    static let readBytes = 4_096
    /// The library's own way of noticing dead WebSockets stands back this far behind ours.
    private static let idleSeconds: UInt16 = 65_000

    /// nil after `close()`.
    private(set) var handle: OpaquePointer?
    private var texts: [UnsafeMutablePointer<CChar>]
    private let protocols: UnsafeMutablePointer<lws_protocols>
    private let idlePolicy: UnsafeMutablePointer<lws_retry_bo_t>
    private let timer: UnsafeMutablePointer<lws_sorted_usec_list_t>

    /// - Parameters:
    ///   - callback: Hears everything, on the thread that calls `service()`.
    ///   - owner: What `owner(of:)` gives; must outlive the context.
    ///   - fill: Sets what servers and clients do not share.
    /// - Throws: `notOpened` with `purpose`.
    init(
        callback: Callback, owner: UnsafeMutableRawPointer, purpose: String,
        fill: (inout lws_context_creation_info, LibraryContext) -> Void
    ) throws(TransportFault) {
        unsafe protocols = UnsafeMutablePointer.allocate(capacity: 2)
        unsafe protocols.initialize(repeating: lws_protocols(), count: 2)
        unsafe idlePolicy = UnsafeMutablePointer.allocate(capacity: 1)
        unsafe idlePolicy.initialize(to: lws_retry_bo_t())
        unsafe timer = UnsafeMutablePointer.allocate(capacity: 1)
        unsafe timer.initialize(to: lws_sorted_usec_list_t())
        unsafe handle = nil
        unsafe texts = []
        unsafe protocols[0].name = UnsafePointer(keep("rampart"))
        unsafe protocols[0].callback = callback
        unsafe protocols[0].rx_buffer_size = LibraryContext.readBytes
        unsafe protocols[0].tx_packet_size = LibraryContext.writeBytes
        unsafe idlePolicy.pointee.secs_since_valid_ping = LibraryContext.idleSeconds
        unsafe idlePolicy.pointee.secs_since_valid_hangup = LibraryContext.idleSeconds + 1

        var info = unsafe lws_context_creation_info()
        unsafe info.protocols = UnsafePointer(protocols)
        unsafe info.retry_and_idle_policy = UnsafePointer(idlePolicy)
        unsafe info.user = owner
        // -1 in both: no change of user.
        unsafe info.gid = -1
        unsafe info.uid = -1
        unsafe info.pt_serv_buf_size = UInt32(LibraryContext.writeBytes)
        unsafe info.alpn = UnsafePointer(keep("http/1.1"))
        unsafe info.server_string = UnsafePointer(keep("rampart"))
        unsafe fill(&info, self)
        LibraryLog.shared.apply()
        unsafe handle = lws_create_context(&info)
        guard unsafe handle != nil else { throw .notOpened(purpose) }
    }

    deinit {
        close()
        for unsafetext in unsafe texts { unsafe free(text) }
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
        unsafe lws_context_destroy(open)
    }
}
