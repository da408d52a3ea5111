/// An answer to an HTTP request, and its bytes on the wire (RFC 9112).

/// An answer: status, type, headers, body.
package struct HTTPResponse: Sendable, Equatable {
    /// In `100...599`.
    package var status: UInt16
    package var contentType: String
    package var headers: [HeaderField]
    package var body: [UInt8]

    package init(
        status: UInt16, contentType: String, headers: [HeaderField] = [], body: [UInt8] = []
    ) {
        self.status = status
        self.contentType = contentType
        self.headers = headers
        self.body = body
    }

    /// An answer of one line of text.
    package init(status: UInt16, text: String) {
        self.init(
            status: status, contentType: "text/plain; charset=utf-8",
            body: Array((text + "\n").utf8))
    }

    /// The bytes to send. A header that would break out of its line turns the answer into a 500.
    /// - Parameters:
    ///   - keepsAlive: Whether another request may follow on the connection.
    ///   - omitsBody: Whether only the head is wanted (HEAD).
    ///   - headroom: Empty bytes in front.
    func wireBytes(keepsAlive: Bool, omitsBody: Bool, headroom: Int) -> [UInt8] {
        guard isSound else {
            return HTTPResponse(status: 500, text: "the answer holds a header that is not one")
                .wireBytes(keepsAlive: false, omitsBody: omitsBody, headroom: headroom)
        }
        var head = "HTTP/1.1 \(status) \(reason)\r\ncontent-type: \(contentType)\r\n"
        head += "content-length: \(body.count)\r\n"
        for field in headers {
            head += "\(field.name): \(field.value)\r\n"
        }
        head += keepsAlive ? "connection: keep-alive\r\n\r\n" : "connection: close\r\n\r\n"
        var wire: [UInt8] = []
        wire.reserveCapacity(headroom + head.utf8.count + body.count)
        wire.append(contentsOf: repeatElement(0, count: headroom))
        wire.append(contentsOf: head.utf8)
        if !omitsBody { wire.append(contentsOf: body) }
        return wire
    }

    private var isSound: Bool {
        (100...599).contains(status) && HTTPResponse.isLine(contentType)
            && headers.allSatisfy { field in
                HTTPResponse.isLine(field.value) && !field.name.isEmpty
                    && field.name.utf8.allSatisfy(HTTPResponse.isTokenByte)
            }
    }

    private static func isLine(_ value: String) -> Bool {
        value.utf8.allSatisfy { ($0 >= 0x20 && $0 != 0x7f) || $0 == 0x09 }
    }

    /// A byte of a token in RFC 9110, 5.6.2, as far as header names use it.
    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    private var reason: String {
        switch status {
        case 200: "OK"
        case 204: "No Content"
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 408: "Request Timeout"
        case 411: "Length Required"
        case 413: "Content Too Large"
        case 415: "Unsupported Media Type"
        case 421: "Misdirected Request"
        case 429: "Too Many Requests"
        case 431: "Request Header Fields Too Large"
        case 500: "Internal Server Error"
        case 501: "Not Implemented"
        case 503: "Service Unavailable"
        default: "Status"
        }
    }
}
