/// The certificate of a margin call among 100,000 leaves: how long two headers and the genesis take
/// to check it, and how large it is. Against libsodium hashing what its proofs hash.

import CSodium
import Canonical
import Certificates
import Cryptography
import FixedPoint
import Ledger
import Markets

enum CertificateRows {
    /// Each has two leaves.
    private static let accounts = 50_000
    private static let rounds = 9
    private static let checks = 100

    /// A certificate and what it is checked with.
    private struct Sample {
        let certificate: MarginCallCertificate
        let before: HeaderCommitment
        let header: HeaderCommitment
        let verifier: CertificateVerifier
    }

    static func all() -> [Result] {
        let sample = sample()
        return [verification(sample), size(sample)].map { .measured($0) }
    }

    /// A long with twenty times its equity in a venue of many accounts, called by a crash.
    private static func sample() -> Sample {
        var venue = BenchVenue(accounts: accounts, instruments: 1)
        venue.ledger.collectsEvidence = true
        let lots: Int64 = 20_000
        venue.send([(1, [BenchVenue.order(in: 0, .sell, at: BenchVenue.price, lots: lots)])])
        venue.send([(0, [BenchVenue.order(in: 0, .buy, at: BenchVenue.price, lots: lots)])])
        let last = (root: venue.ledger.root, time: venue.ledger.time, height: venue.ledger.height)
        let outcome = venue.apply([], publishing: 26_500)
        let chain = venue.ledger.chain
        let before = HeaderCommitment(
            chain: chain, height: last.height, time: last.time, hash: last.root, previous: .zero,
            root: last.root, firstEvent: 1)
        let header = HeaderCommitment(
            chain: chain, height: outcome.height, time: venue.ledger.time, hash: outcome.root,
            previous: last.root, root: outcome.root, firstEvent: outcome.firstEvent)
        do throws(CertificateFault) {
            let made = try CertificateMaker.certificates(
                of: outcome, from: venue.ledger, lastTime: last.time)
            let certificate = made.first { $0.account == AccountIdentifier(0) }
            precondition(certificate != nil, "Invariant: the crash calls the account")
            return Sample(
                certificate: certificate ?? made[0], before: before, header: header,
                verifier: CertificateVerifier(genesis: venue.ledger.genesis))
        } catch {
            preconditionFailure("Invariant: the venue makes certificates, not \(error)")
        }
    }

    private static func verification(_ sample: Sample) -> Row {
        let nodes =
            sample.certificate.state.siblings.count + sample.certificate.before.siblings.count
            + sample.certificate.events.siblings.count
        let node = [UInt8](repeating: 1, count: 65)
        var digest = [UInt8](repeating: 0, count: 32)
        let times = Measurement.pair(rounds: rounds) {
            for _ in 0..<checks {
                do throws(CertificateFault) {
                    try sample.verifier.verify(
                        sample.certificate, before: sample.before, header: sample.header)
                } catch {
                    preconditionFailure("Invariant: a genuine certificate convinces, not \(error)")
                }
            }
        } yardstick: {
            for _ in 0..<(checks * nodes) {
                unsafe crypto_hash_sha256(&digest, node, UInt64(node.count))
            }
        }
        return .time(
            "certificate.verify", unit: "µs", scale: 1e3, pieces: Double(checks), times,
            against: "libsodium, the hashes of its proofs", target: .atMost(1_000),
            note: "check a margin call among 100,000 leaves: proofs, margin and every step")
    }

    private static func size(_ sample: Sample) -> Row {
        Row(
            name: "certificate.size", value: Double(sample.certificate.canonicalBytes.count),
            unit: "B", target: .atMost(4_096),
            note: "the same certificate, encoded")
    }
}
