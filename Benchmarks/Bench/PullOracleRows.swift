/// One update of Pyth as the ledger takes it: from its bytes to a price, with the signatures of
/// thirteen of nineteen guardians and a proof of twelve steps. The yardstick is libsecp256k1
/// recovering the same thirteen keys, and nothing else.

import Canonical
import Cryptography
import Custody
import FixedPoint
import PullOracle

enum PullOracleRows {
    static func all() -> [Result] { [.measured(pyth())] }

    private static let guardians = 19
    private static let quorum = 13
    private static let proofSteps = 12
    /// Milliseconds, of the issue.
    private static let target = 1.5
    /// When the price was seen, in seconds since 1970.
    private static let second: UInt64 = 1_800_000_000

    private static func number<Value: FixedWidthInteger>(_ value: Value) -> [UInt8] {
        (0..<(Value.bitWidth / 8)).reversed().map {
            UInt8(truncatingIfNeeded: value >> (Value(truncatingIfNeeded: $0) * 8))
        }
    }

    private static func node(_ input: [UInt8]) -> [UInt8] {
        Array(Keccak256.hash(input).bytes[..<20])
    }

    private static let feed = [UInt8](repeating: 9, count: 32)
    private static let emitter = WormholeEmitter(chain: 26, address: Bytes32())

    /// A message with a price, its proof, and the root that it leads to.
    private static func proven() -> (update: [UInt8], root: [UInt8]) {
        var message: [UInt8] = [0] + feed + number(Int64(5_000_000_000_000))
        message += number(UInt64(1_000_000_000)) + number(Int32(-8))
        message += number(Int64(second)) + number(Int64(second))
        message += number(Int64(5_000_000_000_000)) + number(UInt64(1_000_000_000))
        var update = number(UInt16(message.count)) + message + [UInt8(proofSteps)]
        var root = node([0] + message)
        for step in 0..<proofSteps {
            let sibling = node([UInt8(step)])
            update += sibling
            let pair = [root, sibling].sorted { $0.lexicographicallyPrecedes($1) }
            root = node([1] + pair[0] + pair[1])
        }
        return (update, root)
    }

    /// An update, and a state in which it counts.
    private static func made() -> (update: [UInt8], state: PullState) {
        let (price, root) = proven()
        var body = number(UInt32(second)) + number(UInt32(0)) + number(emitter.chain)
        body += emitter.address.bytes + number(UInt64(1)) + [1]
        body += Array("AUWV".utf8) + [0] + number(UInt64(1)) + number(UInt32(10_000)) + root
        let digest = Keccak256.hash(Keccak256.hash(body).bytes)
        var addresses: [EthereumAddress] = []
        var message: [UInt8] = [1] + number(UInt32(0)) + [UInt8(quorum)]
        for place in 0..<guardians {
            let key = EthereumKey.generate()
            addresses.append(key.address)
            guard place < quorum, case .ethereum(let r, let s, let parity) = key.sign(digest)
            else { continue }
            message += [UInt8(place)] + r.bytes + s.bytes + [parity]
        }
        message += body
        let update =
            Array("PNAU".utf8) + [1, 0, 0, 0] + number(UInt16(message.count)) + message + [1]
            + price
        let parameters = PullParameters(
            wormhole: WormholeParameters(set: GuardianSet(index: 0, guardians: addresses)),
            pyth: PythParameters(
                emitter: emitter,
                feeds: [
                    PullFeed(
                        feed: Bytes32(feed), underlying: UnderlyingIdentifier(0),
                        source: SourceIdentifier(0), publisher: PublisherIdentifier(0))
                ]))
        return (update, PullState(parameters: parameters))
    }

    private static func prices(
        _ update: [UInt8], _ state: PullState, _ verifier: NativeVerifier
    ) -> Int {
        let now = Timestamp(nanoseconds: second * 1_000_000_000)
        do throws(PullFault) {
            let attestation = try Attestation(update)
            let signers = try state.signers(of: attestation, at: now)
            let recovered = verifier.recover(attestation.signatures)
            if let fault = signers.fault(recovered[...]) { throw fault }
            return try state.prices(of: attestation, at: now).count
        } catch {
            preconditionFailure("Invariant: a good update counts, not \(error)")
        }
    }

    private static func pyth() -> Row {
        let (update, state) = made()
        let signatures = (try? Attestation(update).signatures) ?? []
        let verifier = NativeVerifier(workers: 1)
        let rounds = 100
        var found = 0
        let times = Measurement.pair(rounds: 5) {
            for _ in 0..<rounds { found += prices(update, state, verifier) }
        } yardstick: {
            for _ in 0..<rounds {
                for entry in signatures {
                    let signer = NativeSecp256k1.recoveredAddress(
                        digest: entry.digest, r: entry.r, s: entry.s, parity: entry.parity)
                    precondition(signer != nil, "Invariant: a good signature has a signer")
                }
            }
        }
        precondition(found > 0, "Invariant: the update gave a price")
        return .time(
            "oracle.pyth", unit: "ms", scale: 1e6, pieces: Double(rounds), times,
            against: "libsecp256k1, 13 recoveries", target: .atMost(target),
            note: "one Pyth update with 13 signatures, from bytes to price, one core")
    }
}
