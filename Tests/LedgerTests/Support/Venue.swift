/// A venue under test: it keeps nonces, prices and time, signs what it is given, applies one block
/// after another, and after every block audits the ledger and compares the books with those that
/// follow from the events alone. So every test in this room is also a test of conservation, of the
/// incremental state and of the event stream.

import Accounts
import Canonical
import Cryptography
import FixedPoint
import Ledger
import Markets
import Oracle
import Testing

/// What one signer asks for in one transaction.
struct Send {
    let signer: Signer
    let commands: [Command]
    /// Replaces the next nonce.
    var nonce: UInt64?

    static func by(
        _ account: AccountIdentifier, _ commands: Command..., nonce: UInt64? = nil
    ) -> Send {
        Send(signer: .account(account), commands: commands, nonce: nonce)
    }

    static func agent(
        _ account: AccountIdentifier, _ slot: UInt8, _ commands: Command...
    ) -> Send {
        Send(signer: .agent(account, slot: slot), commands: commands)
    }

    static func custodian(_ commands: Command...) -> Send {
        Send(signer: .custodian, commands: commands)
    }

    static func `operator`(_ commands: Command...) -> Send {
        Send(signer: .operator, commands: commands)
    }

    static func guardian(_ commands: Command...) -> Send {
        Send(signer: .guardian, commands: commands)
    }
}

final class Venue {
    private(set) var ledger: Ledger
    /// Dollars at which the publishers see each underlying, in micro-dollars.
    var prices: [Int64] = TestGenesis.openingPrices.map { $0 * TestGenesis.million }
    /// By publisher: the dollars of depth that it reports of every underlying; none reports none.
    var depths: [Int64] = []
    /// Whether `apply` publishes prices of all publishers by itself.
    var isPublishing = true
    /// Ends the message of everything that fails, such as the command that runs it again.
    var hint: Comment?
    private(set) var replay = BookReplay()
    private(set) var blocks: [Block] = []
    private(set) var last: BlockOutcome?
    /// Lots that came in less lots that went out, by instrument.
    private var holdings: [UInt16: Int64] = [:]
    private var nonces: [UInt64] = []
    private var custodianNonce: UInt64 = 0
    private var operatorNonce: UInt64 = 0
    private var owners = 0

    init(_ options: TestGenesis.Options = TestGenesis.Options()) throws {
        ledger = Ledger(genesis: try TestGenesis.genesis(options))
    }

    /// A venue of another genesis, whose publishers see `prices`.
    init(genesis: Genesis, prices: [Int64]) {
        ledger = Ledger(genesis: genesis)
        self.prices = prices
    }

    var time: Timestamp { ledger.time }

    // Blocks.

    /// A block with these transactions, `milliseconds` after the last one.
    func block(
        _ sends: [Send], milliseconds: UInt64 = 1_000, observations: [ObservationBundle]? = nil
    ) -> Block {
        let time = ledger.time.advanced(by: Duration(nanoseconds: milliseconds * 1_000_000))
        return Block(
            height: ledger.height + 1, time: time,
            observations: observations ?? (isPublishing ? bundles(at: time) : []),
            transactions: sends.map { encoded($0, at: time) })
    }

    /// Applies a block with these transactions and checks everything that must always hold.
    @discardableResult
    func apply(
        _ sends: Send..., milliseconds: UInt64 = 1_000, observations: [ObservationBundle]? = nil,
        _ location: SourceLocation = #_sourceLocation
    ) throws -> BlockOutcome {
        try apply(
            block(sends, milliseconds: milliseconds, observations: observations), location)
    }

    @discardableResult
    func apply(
        _ block: Block, _ location: SourceLocation = #_sourceLocation
    ) throws -> BlockOutcome {
        let outcome = try ledger.apply(block, verifier: TestSignatures())
        blocks.append(block)
        last = outcome
        #expect(ledger.auditFailure() == nil, hint, sourceLocation: location)
        replay.apply(outcome)
        #expect(replay.failure == nil, hint, sourceLocation: location)
        #expect(replay.difference(from: ledger) == nil, hint, sourceLocation: location)
        follow(outcome)
        let isHeld = ledger.accounts.totals.indices.allSatisfy {
            ledger.accounts.totals[$0].holdings.lots == holdings[UInt16($0), default: 0]
        }
        #expect(isHeld, hint ?? "the vaults of assets", sourceLocation: location)
        let isComplete = hasEveryReceipt(outcome, of: block)
        #expect(
            isComplete, hint ?? "receipts of block \(block.height)", sourceLocation: location)
        return outcome
    }

    /// Counts what crossed the edge.
    private func follow(_ outcome: BlockOutcome) {
        for event in outcome.events {
            switch event {
            case .assetDeposited(_, let instrument, let lots, _):
                holdings[instrument.number, default: 0] += lots.lots
            case .assetWithdrawn(_, let instrument, let lots, _):
                holdings[instrument.number, default: 0] -= lots.lots
            default: break
            }
        }
    }

    /// Whether every command, or a transaction as a whole, has exactly one receipt, in order.
    private func hasEveryReceipt(_ outcome: BlockOutcome, of block: Block) -> Bool {
        var expected: [Receipt] = []
        for (place, bytes) in block.transactions.enumerated() {
            let number = UInt32(place)
            let isWhole = outcome.receipts.contains {
                $0.transaction == number && $0.command == nil
            }
            let commands = (try? Transaction(canonicalBytes: bytes))?.commands.count ?? 0
            for command in 0..<(isWhole ? 1 : commands) {
                expected.append(
                    Receipt(
                        transaction: number, command: isWhole ? nil : UInt16(command),
                        refusal: nil))
            }
        }
        return expected.count == outcome.receipts.count
            && zip(expected, outcome.receipts).allSatisfy {
                $0.transaction == $1.transaction && $0.command == $1.command
            }
    }

    /// Lets time pass in blocks of `seconds` with prices and nothing else.
    func wait(blocks: Int, seconds: UInt64 = 1) throws {
        for _ in 0..<blocks { try apply(milliseconds: seconds * 1_000) }
    }

    // Transactions.

    /// A signed transaction with the signer's next nonce.
    func transaction(_ send: Send, expiry: Timestamp) -> Transaction {
        let nonce = send.nonce ?? nextNonce(of: send.signer)
        remember(nonce, of: send.signer)
        return signed(
            Transaction(
                chain: ledger.chain, signer: send.signer, nonce: nonce, expiry: expiry,
                commands: send.commands,
                signature: .ed25519(Signature(r: Bytes32(), s: Bytes32()))))
    }

    /// The same transaction with the signature of its signer.
    func signed(_ transaction: Transaction) -> Transaction {
        signed(transaction, by: ledger.key(of: transaction.signer) ?? TestKeys.owner(0))
    }

    /// The same transaction with the signature of a key.
    func signed(_ transaction: Transaction, by key: SignerKey) -> Transaction {
        var transaction = transaction
        switch key {
        case .ed25519:
            transaction.signature = TestSignatures.signature(of: [], by: key)
            transaction.signature = TestSignatures.signature(
                of: transaction.signedBytes, by: key)
        case .ethereum:
            transaction.signature = TestSignatures.signature(
                of: transaction.typedDataDigest?.bytes ?? [], by: key)
        }
        return transaction
    }

    func encoded(_ send: Send, at time: Timestamp) -> [UInt8] {
        transaction(send, expiry: time).canonicalBytes
    }

    private func nextNonce(of signer: Signer) -> UInt64 {
        switch signer {
        case .account(let account):
            Int(account.number) < nonces.count ? nonces[Int(account.number)] &+ 1 : 1
        case .custodian: custodianNonce + 1
        case .operator: operatorNonce + 1
        case .agent, .guardian: (ledger.nonces(of: signer)?.highest ?? 0) + 1
        }
    }

    private func remember(_ nonce: UInt64, of signer: Signer) {
        switch signer {
        case .account(let account):
            guard Int(account.number) < nonces.count else { return }
            nonces[Int(account.number)] = max(nonces[Int(account.number)], nonce)
        case .custodian: custodianNonce = max(custodianNonce, nonce)
        case .operator: operatorNonce = max(operatorNonce, nonce)
        case .agent, .guardian: break
        }
    }

    // Prices.

    /// What every publisher that signs says at `time`.
    func bundles(at time: Timestamp) -> [ObservationBundle] {
        ledger.genesis.publishers.indices.filter { ledger.genesis.publishers[$0].kind == .signer }
            .map { bundle(by: $0, at: time) }
    }

    /// One publisher's signed prices: `prices`, unless others are given.
    func bundle(
        by publisher: Int, at time: Timestamp, prices other: [(UInt16, Int64)]? = nil
    ) -> ObservationBundle {
        let seen = other ?? prices.enumerated().map { (UInt16($0), $1) }
        // Each from the source at its place, if that states dollars.
        let sources = ledger.genesis.safeguards.sources
        let isOwn = publisher < sources.count && sources[publisher].quote == nil
        let source = SourceIdentifier(isOwn ? UInt16(publisher) : 0)
        return signed(
            ObservationBundle(
                publisher: PublisherIdentifier(UInt16(publisher)), time: time,
                observations: seen.map {
                    Observation(
                        underlying: UnderlyingIdentifier($0.0), price: IndexPrice(micros: $0.1),
                        source: source, depthBelow: depth(of: publisher),
                        depthAbove: depth(of: publisher))
                }, curves: curves(seen), signature: Signature(r: Bytes32(), s: Bytes32())))
    }

    private func depth(of publisher: Int) -> Amount {
        publisher < depths.count ? .dollars(depths[publisher]) : .zero
    }

    /// A flat curve on the index for every expiry of what a bundle prices.
    private func curves(_ seen: [(underlying: UInt16, price: Int64)]) -> [CurveObservation] {
        seen.flatMap { entry -> [CurveObservation] in
            guard Int(entry.underlying) < ledger.surfaces.count, entry.price > 0 else { return [] }
            return ledger.surfaces[Int(entry.underlying)].expiries.map { feed in
                CurveObservation(
                    underlying: UnderlyingIdentifier(entry.underlying), expiry: feed.expiry,
                    forward: IndexPrice(micros: entry.price),
                    volatilities: NodeVolatilities(flat: Venue.volatility))
            }
        }
    }

    /// 4 % a year: so little that options are worth about what their exercise would bring.
    private static let volatility: UInt32 = 40_000

    func signed(_ bundle: ObservationBundle) -> ObservationBundle {
        var bundle = bundle
        bundle.signature = TestSignatures.signature(
            of: HashLabel.observation.header + bundle.signedBytes(chain: ledger.chain),
            by: TestKeys.publisher(Int(bundle.publisher.number)))
        return bundle
    }

    /// Sets the price of an underlying, in dollars.
    func setPrice(_ dollars: Int64, of underlying: Int = 0) {
        prices[underlying] = dollars * TestGenesis.million
    }

    // Accounts.

    /// Opens accounts, each of an owner of its own, and funds each with `dollars`. Two blocks.
    func openAccounts(
        _ count: Int, dollars: Int64, in compartment: CompartmentIdentifier = TestGenesis.main
    ) throws -> [AccountIdentifier] {
        let first = ledger.accounts.accounts.count
        for batch in stride(from: 0, to: count, by: Transaction.commandLimit) {
            let opened = (batch..<min(count, batch + Transaction.commandLimit)).map { _ in
                Command.openAccount(owner: newOwner(), compartment: compartment)
            }
            try apply(block([Send(signer: .custodian, commands: opened)]))
        }
        noteAccounts()
        let accounts = (first..<(first + count)).map { AccountIdentifier(UInt32($0)) }
        guard dollars > 0 else { return accounts }
        for account in accounts { try deposit(dollars, to: account) }
        return accounts
    }

    /// A second account for the owner of `account`.
    func openSibling(of account: AccountIdentifier, dollars: Int64) throws -> AccountIdentifier {
        let owner = ledger.accounts[account].owner
        let new = AccountIdentifier(UInt32(ledger.accounts.accounts.count))
        let home = ledger.accounts[account].compartment
        try apply(.custodian(.openAccount(owner: owner, compartment: home)))
        noteAccounts()
        try deposit(dollars, to: new)
        return new
    }

    func deposit(_ dollars: Int64, to account: AccountIdentifier) throws {
        try apply(.custodian(.deposit(.dollars(dollars), to: account, reference: Bytes32())))
    }

    /// Takes note of accounts that a block opened.
    func noteAccounts() {
        while nonces.count < ledger.accounts.accounts.count { nonces.append(0) }
    }

    private func newOwner() -> SignerKey {
        owners += 1
        return TestKeys.owner(owners)
    }
}
