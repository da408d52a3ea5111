/// Reading the head of a request out of the library's tables.

internal import CWebSockets

/// The head of the request that `connection` has just brought. Valid only within the library's
/// callback.
@safe struct RequestHead {
    let connection: OpaquePointer

    /// Values above this are not read at all; the library's own table is smaller.
    private static let mostBytes = 65_536

    /// A header that the library knows by number; nil when it is missing.
    func known(_ token: lws_token_indexes) -> [UInt8]? {
        let length = Int(unsafe lws_hdr_total_length(connection, token))
        guard length > 0, length < RequestHead.mostBytes else { return nil }
        return unsafe copied(length) { buffer, count in
            unsafe lws_hdr_copy(connection, buffer, count, token)
        }
    }

    /// One part of a header that came in several, such as the query.
    private func fragment(_ index: Int32, of token: lws_token_indexes) -> [UInt8]? {
        let length = Int(unsafe lws_hdr_fragment_length(connection, token, index))
        guard length > 0, length < RequestHead.mostBytes else { return nil }
        return unsafe copied(length) { buffer, count in
            unsafe lws_hdr_copy_fragment(connection, buffer, count, token, index)
        }
    }

    /// A header that the library does not know, by its name in lower case with the colon.
    private func custom(_ name: String) -> [UInt8]? {
        let nameLength = Int32(name.utf8.count)
        let length = Int(unsafe lws_hdr_custom_length(connection, name, nameLength))
        guard length >= 0, length < RequestHead.mostBytes else { return nil }
        return unsafe copied(length) { buffer, count in
            unsafe lws_hdr_custom_copy(connection, buffer, count, name, nameLength)
        }
    }

    /// The bytes that `copy` writes, with room for the closing zero that the library demands.
    private func copied(
        _ length: Int, _ copy: (UnsafeMutablePointer<CChar>, Int32) -> Int32
    ) -> [UInt8]? {
        unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: length + 1) { buffer in
            guard let start = buffer.baseAddress else { return nil }
            let count = Int(unsafe copy(start, Int32(length + 1)))
            guard count >= 0, count <= length else { return nil }
            return (0..<count).map { unsafe UInt8(bitPattern: start[$0]) }
        }
    }

    /// A header as text; nil when it is missing or no UTF-8.
    func text(_ token: lws_token_indexes) -> String? {
        known(token).flatMap { String(validating: $0, as: UTF8.self) }
    }

    /// Those of `wanted` that are there and UTF-8.
    func headers(_ wanted: [WantedHeader]) -> [HeaderField] {
        wanted.compactMap { header in
            let bytes = header.token.map { known($0) } ?? custom(header.name + ":")
            return bytes.flatMap { String(validating: $0, as: UTF8.self) }
                .map { HeaderField(name: header.name, value: $0) }
        }
    }

    /// The parameters of the query, decoded; nil when one is no UTF-8.
    func query() -> [QueryItem]? {
        var items: [QueryItem] = []
        var index: Int32 = 0
        while let part = fragment(index, of: WSI_TOKEN_HTTP_URI_ARGS) {
            let pair = part.split(
                separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = String(validating: pair[0], as: UTF8.self),
                let value = String(validating: pair.count > 1 ? pair[1] : [], as: UTF8.self)
            else { return nil }
            items.append(QueryItem(name: name, value: value))
            index += 1
        }
        return items
    }

    /// Method and path; nil when the method is none that is served or the path no UTF-8.
    func methodAndPath() -> (HTTPMethod, String)? {
        var start: UnsafeMutablePointer<CChar>?
        var count: Int32 = 0
        let index = Int(unsafe lws_http_get_uri_and_method(connection, &start, &count))
        guard RequestHead.methods.indices.contains(index), let start = unsafe start, count >= 0
        else { return nil }
        let bytes = (0..<Int(count)).map { unsafe UInt8(bitPattern: start[$0]) }
        guard let path = String(validating: bytes, as: UTF8.self),
            let method = RequestHead.methods[index]
        else { return nil }
        return (method, path)
    }

    /// In the library's order (LWSHUMETH); CONNECT is not served.
    private static let methods: [HTTPMethod?] = [
        .get, .post, .options, .put, .patch, .delete, nil, .head,
    ]

    /// The common name of the client's certificate.
    func certificateName() -> String? {
        let room = MemoryLayout<lws_tls_cert_info_results>.size
        let most = RequestHead.mostNameBytes
        return unsafe withUnsafeTemporaryAllocation(
            byteCount: room + most, alignment: MemoryLayout<lws_tls_cert_info_results>.alignment
        ) { memory in
            unsafe memory.initializeMemory(as: UInt8.self, repeating: 0)
            guard
                let result = unsafe memory.baseAddress?.assumingMemoryBound(
                    to: lws_tls_cert_info_results.self),
                unsafe lws_tls_peer_cert_info(
                    connection, LWS_TLS_CERT_INFO_COMMON_NAME, result, most) == 0
            else { return nil }
            // The name follows its length, an `int`.
            let offset = MemoryLayout<Int32>.size
            let count = Int(unsafe result.pointee.ns.len)
            guard count > 0, count <= most else { return nil }
            let name = unsafe memory[offset..<(offset + count)].prefix { $0 != 0 }
            return unsafe String(validating: Array(name), as: UTF8.self)
        }
    }

    private static let mostNameBytes = 256
}

/// A header that the delegate wants to see, and the library's number for it if it has one.
struct WantedHeader {
    let name: String
    let token: lws_token_indexes?

    init(_ name: String) {
        self.name = name.lowercased()
        token = WantedHeader.tokens[self.name + ":"]
    }

    /// The library's numbers by header, colon included.
    private static let tokens: [String: lws_token_indexes] = {
        var tokens: [String: lws_token_indexes] = [:]
        for raw in 0..<WSI_TOKEN_COUNT.rawValue {
            let token = lws_token_indexes(rawValue: raw)
            guard let text = unsafe lws_token_to_string(token) else { continue }
            let name = unsafe text.withMemoryRebound(to: CChar.self, capacity: 1) {
                unsafe String(cString: $0)
            }
            if name.hasSuffix(":") && name.utf8.count > 1 { tokens[name] = token }
        }
        return tokens
    }()
}
