/// What a certificate and its key say, read from their PEM files: when the certificate is valid,
/// and whether the two belong together. Only what the doctor tells is read; OpenSSL judges the rest
/// when the node starts. Sources: RFC 5280 (certificates), RFC 7468 (PEM), RFC 5958, RFC 8017 and
/// RFC 5915 (keys).

import Canonical
import Custody
import Documents
import Foundation

/// The first certificate of a file.
struct CertificateFile: Equatable {
    /// Seconds since 1970.
    let notBefore: UInt64
    let notAfter: UInt64
    /// The encoded object identifier of the key's algorithm.
    let algorithm: [UInt8]
    /// The bits of the public key.
    let publicKey: [UInt8]

    /// The certificate of a PEM text; nil where there is none, or none that can be read.
    init?(pem text: String) {
        guard let block = PEMBlock.all(in: text).first(where: { $0.label == "CERTIFICATE" })
        else { return nil }
        self.init(der: block.bytes)
    }

    /// The certificate of its bytes; nil where they are none.
    init?(der bytes: [UInt8]) {
        guard var outer = DERReader.sequence(bytes),
            var body = outer.enter(.sequence)
        else { return nil }
        // [0] version, serial number, algorithm, issuer.
        if body.nextTag == DERReader.Tag.version.rawValue { _ = body.next() }
        guard body.next() != nil, body.next() != nil, body.next() != nil,
            var validity = body.enter(.sequence), let from = validity.next(),
            let until = validity.next(), let start = CertificateFile.seconds(from),
            let end = CertificateFile.seconds(until), body.next() != nil,
            var information = body.enter(.sequence),
            var algorithm = information.enter(.sequence), let identifier = algorithm.next(),
            let bits = information.next(), bits.tag == DERReader.Tag.bits.rawValue
        else { return nil }
        notBefore = start
        notAfter = end
        self.algorithm = identifier.content
        // The first byte counts unused bits, which keys have none of.
        publicKey = Array(bits.content.dropFirst())
    }

    /// `YYMMDDHHMMSSZ` up to 2049, `YYYYMMDDHHMMSSZ` after it.
    static func seconds(_ element: DERReader.Element) -> UInt64? {
        var text = String(decoding: element.content, as: UTF8.self)
        guard text.hasSuffix("Z"), text.dropLast().allSatisfy(\.isNumber) else { return nil }
        switch (element.tag, text.utf8.count) {
        case (DERReader.Tag.shortTime.rawValue, 13):
            text = (text < "50" ? "20" : "19") + text
        case (DERReader.Tag.longTime.rawValue, 15): break
        default: return nil
        }
        let digits = Array(text.utf8.dropLast())
        let part = { (range: Range<Int>) in String(decoding: digits[range], as: UTF8.self) }
        // Certificates without an end say 9999, which is beyond what times are read up to.
        guard part(0..<4) < "2200" else { return UInt64.max }
        let iso =
            "\(part(0..<4))-\(part(4..<6))-\(part(6..<8))T"
            + "\(part(8..<10)):\(part(10..<12)):\(part(12..<14))Z"
        let bytes = Array(iso.utf8)
        return TimeText.nanoseconds(bytes, 0..<bytes.count).map { $0 / TimeText.second }
    }

    /// What a key's file says about this certificate.
    enum KeyMatch: Equatable {
        case matches
        case differs
        /// The file holds no key that can be read.
        case unreadable
        /// It is encrypted, which the node cannot open.
        case encrypted
        /// The key does not say which public key is its own.
        case unknown
    }

    /// Whether the key of a PEM text is this certificate's.
    func match(keyText: String) -> KeyMatch {
        let keys = PEMBlock.all(in: keyText).filter { $0.label.hasSuffix("PRIVATE KEY") }
        guard let block = keys.first else { return .unreadable }
        if block.label.hasPrefix("ENCRYPTED") || keyText.contains("Proc-Type: 4,ENCRYPTED") {
            return .encrypted
        }
        return match(key: block)
    }

    /// Whether a plain key is this certificate's.
    func match(key block: PEMBlock) -> KeyMatch {
        var content = block.bytes
        var kind = block.label
        if kind == "PRIVATE KEY" {
            guard var outer = DERReader.sequence(content), outer.next() != nil,
                var algorithm = outer.enter(.sequence), let identifier = algorithm.next(),
                let inner = outer.next(), inner.tag == DERReader.Tag.octets.rawValue
            else { return .unreadable }
            guard identifier.content == self.algorithm else { return .differs }
            content = inner.content
            switch identifier.content {
            case Algorithm.rsa: kind = "RSA PRIVATE KEY"
            case Algorithm.curve: kind = "EC PRIVATE KEY"
            case Algorithm.ed25519: return edwardsMatch(content)
            default: return .unknown
            }
        }
        return kind == "RSA PRIVATE KEY" ? factorMatch(content) : curveMatch(content)
    }

    private enum Algorithm {
        /// 1.2.840.113549.1.1.1
        static let rsa: [UInt8] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01]
        /// 1.2.840.10045.2.1
        static let curve: [UInt8] = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01]
        /// 1.3.101.112
        static let ed25519: [UInt8] = [0x2b, 0x65, 0x70]
    }

    /// An RSA key holds its modulus behind its version; so does the public key.
    private func factorMatch(_ content: [UInt8]) -> KeyMatch {
        guard var key = DERReader.sequence(content), key.next() != nil,
            let modulus = key.next(), let own = DERReader.first(inSequence: publicKey)
        else { return .unreadable }
        return modulus.content == own.content ? .matches : .differs
    }

    /// An elliptic key may hold its point behind the tag [1].
    private func curveMatch(_ content: [UInt8]) -> KeyMatch {
        guard var key = DERReader.sequence(content) else { return .unreadable }
        while let element = key.next() {
            guard element.tag == DERReader.Tag.point.rawValue else { continue }
            guard let bits = DERReader.first(element.content) else { return .unreadable }
            return Array(bits.content.dropFirst()) == publicKey ? .matches : .differs
        }
        return .unknown
    }

    private func edwardsMatch(_ content: [UInt8]) -> KeyMatch {
        guard let seed = DERReader.first(content), seed.content.count == SigningKey.seedSize
        else { return .unreadable }
        let key = SigningKey(seed: seed.content)
        return key.publicKey.storage.bytes == publicKey ? .matches : .differs
    }
}
