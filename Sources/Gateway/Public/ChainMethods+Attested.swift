/// The way of attested prices into a block: an update of Pyth, a report of Chainlink, a new
/// guardian set. Anybody may send one, since nobody but the attesters can make one; what would do
/// nothing is refused before a signature is looked at.

import Canonical
import Cryptography
import Custody
import JSON
import Ledger
import PullOracle

extension ChainMethods {
    /// Takes no credits beyond a request's: it costs less than a millisecond, and what waits is
    /// bounded by its holder.
    static let attest = Method(
        "public/submit_attested",
        """
        Takes prices that others attest: an update of Pyth, a full report of Chainlink Data \
        Streams, or Wormhole's announcement of new guardians, as their services hand them out. \
        They go into the next block, unless newer ones of the same feeds come first.
        """,
        [
            .required(
                "attested", .text(2...(3 * Attestation.byteLimit)), "The bytes as they came."),
            .optional("encoding", .oneOf(["hex", "base64"]), "hex by default."),
        ],
        result: .text()
    ) { gateway, call, writer throws(APIError) in
        let text = try call.requiredText("attested")
        let isBase64 = call.text("encoding") == "base64"
        guard let bytes = isBase64 ? Base64.bytes(text) : Hexadecimal.bytes(text),
            bytes.count <= Attestation.byteLimit
        else { throw .parameter("attested", "wrong format") }
        let admission: AttestationAdmission
        do throws(Refusal) {
            admission = try call.ledger.admission(
                of: bytes, at: max(call.now, call.ledger.time))
        } catch {
            throw APIError(error)
        }
        let recovered = admission.signatures.map {
            NativeSecp256k1.recoveredAddress(
                digest: $0.digest, r: $0.r, s: $0.s, parity: $0.parity)
        }
        if let refusal = admission.refusal(recovered: recovered) { throw APIError(refusal) }
        gateway.act(.attest(bytes, admission.prices))
        writer.string("ok")
        return .done
    }
}
