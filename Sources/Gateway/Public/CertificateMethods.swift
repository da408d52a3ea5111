/// The certificates of margin calls, as the node keeps them (docs/certificates.md): bytes that the
/// gateway hands on and does not read.

package import Canonical
import JSON
import Ledger

/// A certificate and the two headers that it is checked with, encoded.
package struct KeptCertificate: Equatable, Sendable {
    package let certificate: [UInt8]
    package let headers: [UInt8]

    package init(certificate: [UInt8], headers: [UInt8]) {
        self.certificate = certificate
        self.headers = headers
    }
}

/// Finds the certificate of an account and a height; nil where none is kept.
package typealias CertificateSource =
    @Sendable (_ account: AccountIdentifier, _ height: UInt64) -> KeptCertificate?

enum CertificateMethods {
    static let all: [Method] = [certificate]

    static let certificate = Method(
        "public/get_margin_call_certificate",
        """
        The certificate of what a block's liquidations did to an account: its leaf before, the \
        prices, the events and the proofs, which rampart verify margin-call checks. The height \
        is that of a block with such events.
        """,
        [
            .required("account", .integer(0...Int64(UInt32.max))),
            .required("block_height", .integer(1...Int64.max)),
        ],
        result: .object([
            .required("account", .integer()), .required("block_height", .integer()),
            .required(
                "certificate", .text(1...(1 << 24)), "The file, in hexadecimal digits."),
            .required(
                "headers", .text(1...(1 << 10)),
                "The header of the block before and its own, likewise."),
        ])
    ) { gateway, call, writer throws(APIError) in
        let account = AccountIdentifier(
            UInt32(truncatingIfNeeded: try call.requiredInteger("account")))
        let height = UInt64(truncatingIfNeeded: try call.requiredInteger("block_height"))
        guard let kept = gateway.certificates(account, height) else {
            throw APIError(.notFound, reason: "no certificate of this account and block is kept")
        }
        writer.beginObject()
        writer.put("account", account.number)
        writer.put("block_height", height)
        writer.put("certificate", Hexadecimal.text(kept.certificate))
        writer.put("headers", Hexadecimal.text(kept.headers))
        writer.endObject()
        return .done
    }
}
