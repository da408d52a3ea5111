/// Bytes as they are: whatever decodes must encode to the same bytes again, and nothing may stop
/// the machine. What comes from outside is listed once, in `all`; the first byte of an input
/// chooses.

import Accounts
import Canonical
import Catalogue
import Cryptography
import FixedPoint
import Ledger
import Markets
import Oracle
import PullOracle
import Replication

enum Decoders {
    /// The first so many of `all` run no ledger.
    static let quickCount = 17

    static let all: [@Sendable ([UInt8]) -> Void] = [
        { roundTrip(Transaction.self, $0) },
        { roundTrip(Block.self, $0) },
        { roundTrip(ObservationBundle.self, $0) },
        { roundTrip(Command.self, $0) },
        { roundTrip(Receipt.self, $0) },
        { roundTrip(LeafKey.self, $0) },
        { roundTrip(Catalogue.self, $0) },
        { roundTrip(Account.self, $0) },
        { roundTrip(Order.self, $0) },
        { roundTrip(Genesis.self, $0) },
        { roundTrip(Event.self, $0) },
        { roundTrip(BlockHeader.self, $0) },
        { roundTrip(BlockRecord.self, $0) },
        { roundTrip(ReplicationMessage.self, $0) },
        { roundTrip(GuardianSets.self, $0) }, { roundTrip(PullParameters.self, $0) }, attested,
        genesis, leaves, leaves, transactions, transactions, block,
    ]

    private static func roundTrip<Value: CanonicalValue>(_ type: Value.Type, _ bytes: [UInt8]) {
        do throws(DecodingFault) {
            let value = try Value(canonicalBytes: bytes)
            Plant.trap(on: value)
            guard value.canonicalBytes == bytes else { fail("\(type) has another encoding") }
        } catch {
            guard error.offset <= bytes.count else { fail("\(type): \(error)") }
        }
    }

    /// What others attest: taken apart whole, and behind a header that makes it one of each form.
    @Sendable private static func attested(_ bytes: [UInt8]) {
        let pyth = Array("PNAU".utf8) + [1, 0, 0, 0]
        for payload in [bytes, pyth + bytes, [1] + bytes, [0] + bytes] {
            do throws(PullFault) {
                let attestation = try Attestation(payload)
                guard !attestation.signatures.isEmpty else { fail("somebody has signed") }
            } catch {
                continue
            }
        }
    }

    /// A genesis, and behind it what happens on its venue: what is valid must also work.
    @Sendable private static func genesis(_ bytes: [UInt8]) {
        var decoder = CanonicalDecoder(bytes)
        do throws(DecodingFault) {
            let genesis = try Genesis(from: &decoder)
            // A great venue works like a small one, only slower.
            guard genesis.catalogue.instruments.count <= 16 else { return }
            var reader = ByteReader(bytes)
            reader.skip(decoder.offset)
            FuzzVenue(genesis: genesis).run(&reader)
        } catch {
            return
        }
    }

    /// The transactions as they are, each once more with the chain that makes it count.
    @Sendable private static func transactions(_ bytes: [UInt8]) {
        var reader = ByteReader(bytes)
        let venue = FuzzVenue()
        var sent: [[UInt8]] = []
        while !reader.isEmpty, sent.count < 64 {
            let text = reader.bytes(reader.word())
            sent.append(text)
            let chain = venue.ledger.chain.storage.bytes
            if text.count > chain.count { sent.append(chain + text.dropFirst(chain.count)) }
        }
        var nothing = ByteReader([])
        venue.run(&nothing)
        venue.apply(sent, after: 1_000, silent: 0)
    }

    /// A whole block as the next one, and once more with the height and time that make it count.
    @Sendable private static func block(_ bytes: [UInt8]) {
        let venue = FuzzVenue()
        var nothing = ByteReader([])
        venue.run(&nothing)
        do {
            var block = try Block(canonicalBytes: bytes)
            block.height = venue.ledger.height + 1
            if block.time <= venue.ledger.time {
                block.time = venue.ledger.time.advanced(by: .seconds(1))
            }
            try venue.apply(block)
        } catch {
            return
        }
    }

    /// The leaves of a venue with trades, positions and open orders, and their root.
    private static let lived: (leaves: [Leaf], root: Digest) = {
        let venue = FuzzVenue()
        var bytes = ByteReader(Seeds.script(7, count: 1_500))
        venue.run(&bytes)
        return (venue.ledger.leaves(), venue.ledger.root)
    }()

    /// Changed leaves under the root of the true ones.
    @Sendable private static func leaves(_ bytes: [UInt8]) {
        var reader = ByteReader(bytes)
        var leaves = lived.leaves
        while !reader.isEmpty, !leaves.isEmpty { change(&leaves, &reader) }
        restore(leaves, root: lived.root)
    }

    private static func restore(_ leaves: [Leaf], root: Digest) {
        do throws(RestoreFault) {
            let copy = try Ledger(genesis: FuzzGenesis.standard, leaves: leaves, root: root)
            guard copy.root == root else { fail("the root is the one that was asked for") }
            if let failure = copy.auditFailure() { fail("restored: \(failure)") }
        } catch {
            return
        }
    }

    private static func change(_ leaves: inout [Leaf], _ reader: inout ByteReader) {
        let place = reader.place(in: leaves.count)
        var value = leaves[place].value
        switch reader.place(in: 6) {
        case 0: leaves.remove(at: place)
        case 1: leaves.append(leaves[place])
        case 2: leaves[place] = Leaf(key: leaves[place].key, value: reader.bytes(reader.word()))
        case 3:
            let source = reader.place(in: leaves.count)
            leaves[place] = Leaf(key: leaves[source].key, value: value)
        case 4:
            let start = min(reader.place(in: 256), max(0, value.count - 8))
            var number = CanonicalEncoder()
            number.append(reader.choice(Menu.extremes))
            value.replaceSubrange(start..<min(value.count, start + 8), with: number.bytes)
            leaves[place] = Leaf(key: leaves[place].key, value: value)
        default:
            guard !value.isEmpty else { return }
            value[reader.word() % value.count] ^= reader.byte()
            leaves[place] = Leaf(key: leaves[place].key, value: value)
        }
    }
}
