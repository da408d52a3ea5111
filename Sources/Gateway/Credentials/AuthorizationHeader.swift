/// What the `Authorization` header of an HTTP request says: a token, a credential's name and
/// secret, or a signature by `deri-hmac-sha256`. Reading is strict, so that a header has one
/// meaning; what it claims is judged elsewhere.

/// A header that could be read.
enum AuthorizationHeader: Equatable, Sendable {
    case bearer(String)
    case basic(client: String, secret: String)
    case signature(SignedRequestClaim)

    /// Most bytes of a header.
    static let byteLimit = 2_048

    /// Reads a header; nil where it is none of the three.
    init?(_ text: String) {
        guard text.utf8.count <= AuthorizationHeader.byteLimit,
            let blank = text.firstIndex(of: " ")
        else { return nil }
        let rest = AuthorizationHeader.trimmed(text[text.index(after: blank)...])
        switch text[..<blank].lowercased() {
        case "bearer":
            guard !rest.isEmpty else { return nil }
            self = .bearer(rest)
        case "basic":
            guard let bytes = Base64.bytes(rest),
                let pair = String(validating: bytes, as: UTF8.self),
                let colon = pair.firstIndex(of: ":")
            else { return nil }
            self = .basic(
                client: String(pair[..<colon]), secret: String(pair[pair.index(after: colon)...]))
        case "deri-hmac-sha256":
            guard let claim = SignedRequestClaim(header: rest) else { return nil }
            self = .signature(claim)
        default: return nil
        }
    }

    static func trimmed(_ text: Substring) -> String {
        var part = text
        while part.first == " " { part.removeFirst() }
        while part.last == " " { part.removeLast() }
        return String(part)
    }
}

/// Who claims to have signed what, when.
struct SignedRequestClaim: Equatable, Sendable {
    let client: String
    /// Milliseconds since 1970.
    let timestamp: UInt64
    let nonce: String
    /// 32 bytes.
    let signature: [UInt8]

    /// Most bytes of a nonce.
    static let nonceLimit = 64
    /// Bytes of HMAC-SHA256.
    static let signatureSize = 32

    /// - Parameter signature: in hexadecimal digits.
    init?(client: String, timestamp: UInt64, nonce: String, signature: String) {
        guard nonce.utf8.count <= SignedRequestClaim.nonceLimit,
            let bytes = Hexadecimal.bytes(signature),
            bytes.count == SignedRequestClaim.signatureSize
        else { return nil }
        self.client = client
        self.timestamp = timestamp
        self.nonce = nonce
        self.signature = bytes
    }

    /// Reads `id=..,ts=..,sig=..,nonce=..`, each once, in any order.
    init?(header text: String) {
        var id: String?
        var time: UInt64?
        var signature: String?
        var nonce: String?
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard pair.count == 2 else { return nil }
            let value = AuthorizationHeader.trimmed(pair[1])
            switch AuthorizationHeader.trimmed(pair[0]) {
            case "id" where id == nil: id = value
            case "ts" where time == nil: time = UInt64(value)
            case "sig" where signature == nil: signature = value
            case "nonce" where nonce == nil: nonce = value
            default: return nil
            }
        }
        guard let id, let time, let signature, let nonce else { return nil }
        self.init(client: id, timestamp: time, nonce: nonce, signature: signature)
    }
}

/// What is signed.
enum SignedText {
    /// Of an HTTP request: `ts\nnonce\nMETHOD\nURI\nBODY\n`.
    ///
    /// - Parameter uri: path and query as they were sent.
    static func request(
        _ claim: SignedRequestClaim, method: String, uri: String, body: [UInt8]
    ) -> [UInt8] {
        Array("\(claim.timestamp)\n\(claim.nonce)\n\(method)\n\(uri)\n".utf8) + body
            + [UInt8(ascii: "\n")]
    }

    /// Of `public/auth` by `client_signature`: `timestamp\nnonce\ndata`.
    static func login(_ claim: SignedRequestClaim, data: String) -> [UInt8] {
        Array("\(claim.timestamp)\n\(claim.nonce)\n\(data)".utf8)
    }
}
