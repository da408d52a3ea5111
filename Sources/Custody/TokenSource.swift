/// Random names that nobody can guess: access and refresh tokens, API secrets, session ids. They
/// are url-safe base64 without padding, so they stand in headers, addresses and JSON as they are.
/// Source: RFC 4648, section 5.

/// Makes tokens from a source of randomness.
package struct TokenSource<Numbers: RandomNumberGenerator> {
    /// Random bytes of a token that gives access; it is written with 43 characters.
    package static var tokenBytes: Int { 32 }
    /// Random bytes of a name that need not be secret but must not repeat; 16 characters.
    package static var identifierBytes: Int { 12 }

    private var numbers: Numbers

    /// Tokens from `numbers`, which must not be predictable outside tests.
    init(numbers: Numbers) { self.numbers = numbers }

    /// A new secret token: 256 bits, 43 characters.
    package mutating func token() -> String { text(of: Self.tokenBytes) }

    /// A new identifier: 96 bits, 16 characters.
    package mutating func identifier() -> String { text(of: Self.identifierBytes) }

    private mutating func text(of count: Int) -> String {
        let bytes = (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &numbers) }
        return URLSafeText.encode(bytes)
    }
}

extension TokenSource where Numbers == SystemRandomness {
    /// Tokens from the system's randomness.
    package init() { self.init(numbers: SystemRandomness()) }
}

/// Base64 with `-` and `_`, without padding.
enum URLSafeText {
    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    /// The text of `bytes`: four characters for three bytes, and two or three for the rest.
    static func encode(_ bytes: [UInt8]) -> String {
        var characters: [UInt8] = []
        characters.reserveCapacity((bytes.count * 4 + 2) / 3)
        var pending: UInt32 = 0
        var bits: UInt32 = 0
        for byte in bytes {
            pending = pending << 8 | UInt32(byte)
            bits += 8
            while bits >= 6 {
                bits -= 6
                characters.append(alphabet[Int(pending >> bits & 63)])
            }
        }
        if bits > 0 { characters.append(alphabet[Int(pending << (6 - bits) & 63)]) }
        return String(decoding: characters, as: UTF8.self)
    }
}
