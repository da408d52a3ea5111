/// The block and the envelope: what is refused before any command is looked at, in order of
/// precedence, and that a refused transaction leaves no trace but its receipt.

import Accounts
import Canonical
import Cryptography
import FixedPoint
import Ledger
import Markets
import Oracle
import Testing

@Suite struct EnvelopeTests {
    @Test func `a block out of form is refused and changes nothing`() throws {
        let venue = try Venue()
        try venue.apply()
        let root = venue.ledger.root
        let good = venue.block([])
        var wrongHeight = good
        wrongHeight.height += 1
        var late = good
        late.time = venue.time
        var unordered = good
        unordered.observations.swapAt(0, 1)
        var twice = good
        twice.observations[1] = twice.observations[0]
        var crowded = good
        crowded.transactions = [[UInt8]](repeating: [], count: Block.transactionLimit + 1)
        let table: [(Block, BlockFault)] = [
            (wrongHeight, .wrongHeight(expected: good.height, found: good.height + 1)),
            (late, .timeNotLater(last: venue.time, found: venue.time)),
            (unordered, .observationsOutOfOrder(place: 1)),
            (twice, .observationsOutOfOrder(place: 1)),
            (crowded, .tooManyTransactions(Block.transactionLimit + 1)),
        ]
        for (block, fault) in table {
            #expect(throws: fault) {
                try venue.ledger.apply(block, verifier: TestSignatures())
            }
            #expect(venue.ledger.root == root)
        }
        try venue.apply(good)
    }

    /// Rows with several reasons: the first of the enumeration is given.
    @Test func `the envelope is refused for the first reason that holds`() throws {
        let venue = try Venue()
        let account = try venue.openAccounts(1, dollars: 1_000)[0]
        try venue.apply(.by(account, .cancelAll(nil), nonce: 7))
        let base = Transaction(
            chain: venue.ledger.chain, signer: .account(account), nonce: 8,
            expiry: Timestamp(nanoseconds: .max),
            commands: [.cancelAll(nil)],
            signature: TestSignatures.signature(of: [], by: TestKeys.owner(0)))
        func changed(_ change: (inout Transaction) -> Void, signed: Bool = true) -> [UInt8] {
            var transaction = base
            change(&transaction)
            return (signed ? venue.signed(transaction) : transaction).canonicalBytes
        }
        let early = venue.time
        let stranger = Signer.account(AccountIdentifier(99))
        let table: [(bytes: [UInt8], refusal: Refusal?)] = [
            ([], .malformed),
            (changed { _ in } + [0], .malformed),
            (Array(changed { _ in }.dropLast()), .malformed),
            ([UInt8](repeating: 0, count: Transaction.byteLimit + 1), .malformed),
            (changed { $0.commands = Array(repeating: .cancelAll(nil), count: 65) }, .malformed),
            (
                changed(
                    {
                        $0.chain = .zero; $0.signer = stranger
                    }, signed: false), .wrongChain
            ),
            (
                changed(
                    {
                        $0.signer = stranger; $0.expiry = early
                    }, signed: false), .unknownSigner
            ),
            (
                changed(
                    {
                        $0.expiry = early; $0.nonce = 7
                    }, signed: false), .badSignature
            ),
            (
                changed {
                    $0.expiry = early; $0.nonce = 7
                }, .expired
            ),
            (
                changed {
                    $0.nonce = 7; $0.commands = []
                }, .nonceUsed
            ),
            (changed { $0.nonce = 0 }, .nonceUsed), (changed { $0.commands = [] }, .emptyBatch),
            (changed { $0.commands = [.setFeeTier(1, of: account)] }, .notAuthorised),
        ]
        for (place, row) in table.enumerated() {
            var block = venue.block([])
            block.transactions = [row.bytes]
            let outcome = try venue.apply(block)
            #expect(outcome.refusals == [row.refusal], "row \(place)")
        }
    }

    @Test func `a transaction runs up to its expiry and no longer`() throws {
        let venue = try Venue()
        let account = try venue.openAccounts(1, dollars: 1_000)[0]
        for (nanoseconds, refusal) in [(UInt64(0), Refusal?.none), (1, .expired)] {
            var block = venue.block([])
            let expiry = Timestamp(nanoseconds: block.time.nanoseconds - nanoseconds)
            block.transactions = [
                venue.transaction(.by(account, .cancelAll(nil)), expiry: expiry).canonicalBytes
            ]
            #expect(try venue.apply(block).refusals == [refusal])
        }
    }

    @Test func `a nonce may skip, and is used up even if every command is refused`() throws {
        let venue = try Venue()
        let account = try venue.openAccounts(1, dollars: 1_000)[0]
        let block = venue.block([.by(account, .cancel(OrderIdentifier(9)), nonce: 1_000)])
        #expect(try venue.apply(block).refusals == [.unknownOrder])
        var again = venue.block([])
        again.transactions =
            block.transactions + [
                venue.transaction(
                    .by(account, .cancelAll(nil), nonce: 1_000),
                    expiry: Timestamp(nanoseconds: .max)
                ).canonicalBytes,
                venue.transaction(
                    .by(account, .cancelAll(nil), nonce: 1_001),
                    expiry: Timestamp(nanoseconds: .max)
                ).canonicalBytes,
            ]
        #expect(try venue.apply(again).refusals == [.expired, .nonceUsed, nil])
        #expect(venue.ledger.nonces(of: .account(account))?.highest == 1_001)
    }

    /// The commands of a block stand in one list, and what is refused must leave it.
    @Test func `a refused transaction leaves the commands of its neighbours alone`() throws {
        let venue = try Venue()
        let accounts = try venue.openAccounts(2, dollars: 100_000)
        let forever = Timestamp(nanoseconds: .max)
        func send(_ account: Int, at dollars: Int64) -> Transaction {
            venue.transaction(
                .by(accounts[account], .buy(1, at: dollars), .buy(1, at: dollars + 1)),
                expiry: forever)
        }
        // Two commands are read before the bytes end.
        let cut = Array(send(0, at: 40_000).canonicalBytes.dropLast())
        var foreign = send(0, at: 40_000)
        foreign.chain = .zero
        var unknown = send(0, at: 40_000)
        unknown.signer = .account(AccountIdentifier(99))
        var forged = send(0, at: 40_000)
        forged.signature = TestSignatures.signature(of: [], by: TestKeys.owner(0))
        var block = venue.block([])
        for refused in [
            cut, foreign.canonicalBytes, unknown.canonicalBytes, forged.canonicalBytes,
        ] {
            block.transactions.append(refused)
            let dollars = 49_000 + Int64(block.transactions.count)
            block.transactions.append(send(1, at: dollars).canonicalBytes)
        }
        let held = try venue.apply(block)
        let expected: [Refusal?] = [
            .malformed, nil, nil, .wrongChain, nil, nil, .unknownSigner, nil, nil, .badSignature,
            nil, nil,
        ]
        #expect(held.refusals == expected)
        #expect(held.receipts.map(\.transaction) == [0, 1, 1, 2, 3, 3, 4, 5, 5, 6, 7, 7])
        #expect(
            held.receipts.map(\.command) == [nil, 0, 1, nil, 0, 1, nil, 0, 1, nil, 0, 1])
        #expect(venue.openOrders(accounts[0]).isEmpty)
        let prices: [Int64] = [
            49_001, 49_002, 49_003, 49_004, 49_005, 49_006, 49_007, 49_008,
        ]
        #expect(venue.openOrders(accounts[1]).map(\.price) == prices.map { .dollars($0) })
        // Whoever holds an outcome keeps it, although the ledger goes on with its room.
        try venue.apply(.by(accounts[0], .buy(1, at: 40_000)))
        #expect(held.refusals == expected && held.receipts[1].order != nil)
    }

    @Test func `a batch of 64 runs, each command for itself`() throws {
        let venue = try Venue()
        let account = try venue.openAccounts(1, dollars: 100_000)[0]
        var commands = [Command](repeating: .cancel(OrderIdentifier(77)), count: 64)
        commands[5] = .buy(1, at: 49_000)
        commands[63] = .buy(1, at: 49_001)
        let outcome = try venue.apply(
            venue.block([Send(signer: .account(account), commands: commands)]))
        #expect(outcome.receipts.count == 64)
        #expect(outcome.refusals.filter { $0 == nil }.count == 2)
        #expect(venue.openOrders(account).count == 2)
    }

    @Test func `no byte of a signed transaction can be changed`() throws {
        let venue = try Venue()
        let account = try venue.openAccounts(1, dollars: 100_000)[0]
        let signed = venue.encoded(
            .by(account, .buy(1, at: 49_000), .withdraw(dollars: 5)),
            at: Timestamp(nanoseconds: .max))
        var changed = venue.block([], observations: [])
        for place in signed.indices {
            var bytes = signed
            bytes[place] ^= UInt8(1 << (place % 8))
            changed.transactions.append(bytes)
        }
        let twin = try Ledger(
            genesis: venue.ledger.genesis, leaves: venue.ledger.leaves(), root: venue.ledger.root)
        var empty = changed
        empty.transactions = []
        _ = try twin.apply(empty, verifier: TestSignatures())
        let outcome = try venue.apply(changed)
        #expect(outcome.receipts.count == signed.count)
        let expected: [Refusal] = [.malformed, .wrongChain, .unknownSigner, .badSignature]
        for receipt in outcome.receipts {
            #expect(receipt.refusal.map { expected.contains($0) } ?? false)
        }
        let left = venue.ledger.leaves().filter { $0.key != .chain }
        #expect(left == twin.leaves().filter { $0.key != .chain })
    }

    @Test func `an account opened in a block cannot sign in it`() throws {
        let venue = try Venue()
        let owner = TestKeys.owner(0)
        let new = AccountIdentifier(0)
        let outcome = try venue.apply(
            .custodian(.openAccount(owner: owner, compartment: TestGenesis.main)),
            .by(new, .cancelAll(nil)))
        #expect(outcome.refusals == [nil, .unknownSigner])
    }
}
