/// A server's settings in the library's words.

internal import CWebSockets
internal import Glibc

enum ServerOptions {
    /// The library stands back behind our own way of noticing dead WebSockets.
    static let patience = LibraryContext.Patience(ping: 65_000, hangUp: 65_001)

    /// SSL_OP_NO_SSLv3, SSL_OP_NO_TLSv1 and SSL_OP_NO_TLSv1_1 of OpenSSL's ssl.h, which are macros.
    static let noOldTLS = 1 << 25 | 1 << 26 | 1 << 28
    /// SSL_OP_NO_RENEGOTIATION: asking for it again and again is a cheap way to burn a server.
    private static let noRenegotiation = 1 << 30

    /// The library's own time limits come this much after ours, which say why.
    private static let sparePatience: UInt32 = 5

    static func fill(
        _ info: inout lws_context_creation_info, with configuration: ServerConfiguration,
        keeping library: LibraryContext
    ) {
        let limits = configuration.limits
        unsafe info.port = Int32(configuration.port)
        if !configuration.address.isEmpty {
            unsafe info.iface = UnsafePointer(library.keep(configuration.address))
        }
        unsafe info.options =
            UInt64(LWS_SERVER_OPTION_VALIDATE_UTF8)
            | UInt64(LWS_SERVER_OPTION_FAIL_UPON_UNABLE_TO_BIND)
        if !configuration.address.contains(":") && !configuration.address.isEmpty {
            unsafe info.options |= UInt64(LWS_SERVER_OPTION_DISABLE_IPV6)
        }
        unsafe info.max_http_header_data2 = UInt32(limits.headerBytes)
        unsafe info.timeout_secs = limits.handshakeSeconds + sparePatience
        unsafe info.timeout_secs_ah_idle = limits.handshakeSeconds + sparePatience
        unsafe info.keepalive_timeout = Int32(limits.keepAliveSeconds + sparePatience)
        guard let security = configuration.security else { return }
        unsafe info.ssl_cert_filepath = UnsafePointer(library.keep(security.certificateFile))
        unsafe info.ssl_private_key_filepath = UnsafePointer(library.keep(security.keyFile))
        unsafe info.ssl_options_set = noOldTLS | noRenegotiation
        if let authority = security.clientAuthorityFile {
            unsafe info.ssl_ca_filepath = UnsafePointer(library.keep(authority))
            // LWS_SERVER_OPTION_REQUIRE_VALID_OPENSSL_CLIENT_CERT without what it implies.
            unsafe info.options |= 1 << 1
        }
    }
}

/// How many files and sockets the process may open.
enum DescriptorLimit {
    /// Left to everything that is no connection.
    static let reserve = 256

    /// Raises the limit as far as the system lets us.
    /// - Returns: The limit now in force.
    static func raised() -> Int {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
            return reserve
        }
        let before = limit.rlim_cur
        limit.rlim_cur = min(limit.rlim_max, mostUseful)
        guard limit.rlim_cur > before,
            unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0
        else { return Int(clamping: before) }
        return Int(clamping: limit.rlim_cur)
    }

    /// The library keeps a table of as many entries as the limit allows descriptors.
    private static let mostUseful: rlim_t = 1 << 17
}
