/// Where a client connects to, and how it knows that it is there.

internal import CWebSockets

/// A server as a client sees it.
package struct Endpoint: Sendable {
    /// A name or an address.
    package var host: String
    package var port: UInt16
    /// With the query.
    package var path: String
    /// Headers to send along.
    package var headers: [HeaderField] = []
    /// nil: no TLS.
    package var security: ClientSecurity?

    package init(host: String, port: UInt16, path: String, security: ClientSecurity? = nil) {
        self.host = host
        self.port = port
        self.path = path
        self.security = security
    }

    /// What stands in `Host`.
    var authority: String {
        host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}

/// Whom a client trusts, and what it shows.
package struct ClientSecurity: Sendable {
    /// PEM of who signed the server's certificate; nil: those that the system trusts.
    package var authorityFile: String?
    /// The client's own certificate and key, PEM, where the server wants one.
    package var certificateFile: String?
    package var keyFile: String?

    package init(
        authorityFile: String? = nil, certificateFile: String? = nil, keyFile: String? = nil
    ) {
        self.authorityFile = authorityFile
        self.certificateFile = certificateFile
        self.keyFile = keyFile
    }
}

extension Endpoint {
    /// Sets what a client's context needs.
    func fill(_ info: inout lws_context_creation_info, keeping library: LibraryContext) {
        // CONTEXT_PORT_NO_LISTEN.
        unsafe info.port = -1
        // A few: the library keeps a table of as many entries.
        unsafe info.fd_limit_per_thread = Endpoint.descriptors
        guard let security else { return }
        if let file = security.authorityFile {
            unsafe info.options |= UInt64(LWS_SERVER_OPTION_DISABLE_OS_CA_CERTS)
            unsafe info.client_ssl_ca_filepath = UnsafePointer(library.keep(file))
        }
        if let file = security.certificateFile {
            unsafe info.client_ssl_cert_filepath = UnsafePointer(library.keep(file))
        }
        if let file = security.keyFile {
            unsafe info.client_ssl_private_key_filepath = UnsafePointer(library.keep(file))
        }
        unsafe info.ssl_client_options_set = ServerOptions.noOldTLS
    }

    private static let descriptors: UInt32 = 16

    /// Begins to connect.
    /// - Parameter method: Of an HTTP request; nil for a WebSocket.
    /// - Returns: Whether it has begun; how it ends the callback hears.
    func connect(in library: LibraryContext, method: String?) -> Bool {
        guard let context = unsafe library.handle else { return false }
        var info = unsafe lws_client_connect_info()
        unsafe info.context = context
        unsafe info.vhost = library.host
        unsafe info.address = UnsafePointer(library.keep(host))
        unsafe info.port = Int32(port)
        unsafe info.path = UnsafePointer(library.keep(path))
        unsafe info.host = UnsafePointer(library.keep(authority))
        unsafe info.local_protocol_name = UnsafePointer(library.keep(LibraryContext.protocolName))
        unsafe info.alpn = UnsafePointer(library.keep("http/1.1"))
        if let method { unsafe info.method = UnsafePointer(library.keep(method)) }
        // The certificate and its name are checked; a redirection is an answer like others.
        let flags = security == nil ? 0 : LCCSCF_USE_SSL.rawValue
        unsafe info.ssl_connection = Int32(flags | LCCSCF_HTTP_NO_FOLLOW_REDIRECT.rawValue)
        return unsafe lws_client_connect_via_info(&info) != nil
    }

    /// Writes the headers into the handshake that the library is composing.
    /// - Parameters:
    ///   - cursor: Where the library keeps its place.
    ///   - room: Bytes from there to the end of the buffer.
    func appendHeaders(
        _ fields: [HeaderField], of handle: OpaquePointer,
        at cursor: UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>, room: Int
    ) -> Bool {
        guard let start = unsafe cursor.pointee else { return false }
        let end = unsafe start + room
        return (headers + fields).allSatisfy { field in
            let value = Array(field.value.utf8)
            return unsafe lws_add_http_header_by_name(
                handle, field.name.lowercased() + ":", value, Int32(value.count), cursor, end) == 0
        }
    }
}
