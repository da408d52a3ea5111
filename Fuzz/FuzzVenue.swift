/// A venue that the bytes steer: who signs what, under which nonce, when the next block comes and
/// what the publishers see. Every signature is taken for good, so what the bytes ask for reaches
/// the rules behind it. After every block `Bookkeeper` counts everything.

import Accounts
import Canonical
import Catalogue
import Cryptography
import FixedPoint
import Ledger
import Markets
import Oracle

final class FuzzVenue {
    /// An input of more bytes than these make would be slow, and find no more than a shorter one.
    private static let mostBlocks = 40

    let ledger: Ledger
    /// What it has applied.
    private(set) var blocks: [Block] = []
    private var bookkeeper: Bookkeeper
    /// The same blocks again, read from their bytes; nil where the bytes did not ask for it.
    private var twin: Ledger?
    /// By underlying, what the publishers see, micro-units.
    private var prices: [Int64] = []
    /// The greatest nonce that has been sent; all signers share the count.
    private var nonce: UInt64 = 0

    init(genesis: Genesis = FuzzGenesis.standard) {
        ledger = Ledger(genesis: genesis)
        bookkeeper = Bookkeeper(ledger)
        for (place, entry) in genesis.catalogue.underlyings.enumerated() {
            let opening = FuzzGenesis.openingPrices[place % FuzzGenesis.openingPrices.count]
            prices.append(min(opening, entry.maximumIndexPrice.units))
        }
        if let failure = ledger.auditFailure() { fail("before the first block: \(failure)") }
    }

    /// Opens accounts, funds them, and then does what the bytes say.
    func run(_ bytes: inout ByteReader) {
        let manner = bytes.byte()
        if manner & 1 != 0 { twin = Ledger(genesis: ledger.genesis) }
        apply([opening()], after: 1_000, silent: 0)
        for _ in 0..<FuzzVenue.mostBlocks where !bytes.isEmpty { step(&bytes) }
        if manner & 2 != 0 { restore() }
    }

    // What the menu looks at.

    /// An instrument that the account may trade, most of the time.
    func instrument(of account: AccountIdentifier, _ place: Int) -> InstrumentIdentifier {
        let home = ledger.accounts.account(account)?.compartment
        let listed = ledger.catalogue.instruments.indices.filter {
            ledger.catalogue.instruments[$0].compartment == home
        }
        guard place < 7, !listed.isEmpty else {
            return InstrumentIdentifier(UInt16(ledger.catalogue.instruments.count - place % 2))
        }
        return InstrumentIdentifier(UInt16(listed[place % listed.count]))
    }

    /// The mark in whole ticks, at least one.
    func markTicks(_ instrument: InstrumentIdentifier) -> Int64 {
        guard let terms = ledger.catalogue.instrument(instrument) else { return 1 }
        let mark = ledger.prices[Int(instrument.number)].mark.units
        return max(1, mark / terms.tickSize.units)
    }

    // Blocks.

    /// Six accounts of four owners in the first two compartments, some money, a fee tier.
    private func opening() -> [UInt8] {
        let homes = UInt16(ledger.catalogue.compartments.count)
        var commands: [Command] = []
        for (owner, home) in [(0, 0), (0, 0), (1, 0), (2, 0), (1, 1), (3, 1)] as [(Int, UInt16)] {
            let compartment = CompartmentIdentifier(home % homes)
            commands.append(
                .openAccount(
                    owner: .ed25519(FuzzGenesis.key(owner)), compartment: compartment))
        }
        for (place, dollars) in ([50_000, 20_000, 100_000, 2_000, 30_000, 30_000] as [Int64])
            .enumerated()
        {
            let account = AccountIdentifier(UInt32(place))
            commands.append(
                .deposit(
                    Amount(microunits: dollars * 1_000_000), to: account, reference: Bytes32()))
        }
        commands.append(
            .depositInsurance(Amount(microunits: 500_000_000), to: CompartmentIdentifier(0)))
        return transaction(.custodian, commands).canonicalBytes
    }

    private func step(_ bytes: inout ByteReader) {
        let milliseconds = bytes.choice(Menu.intervals)
        let publishing = bytes.byte()
        if publishing & 0x80 != 0 {
            for place in prices.indices {
                let highest = ledger.catalogue.underlyings[place].maximumIndexPrice.units
                let moved = Int128(prices[place]) * Int128(10_000 + bytes.choice(Menu.moves))
                prices[place] = Int64(min(max(1, moved / 10_000), Int128(highest)))
            }
        }
        if publishing & 0x7f == 0x7f { refuseBlocks() }
        let strange = publishing & 0x70 == 0x70 ? strangeBundle(&bytes) : nil
        let transactions = (0..<bytes.place(in: 8)).map { _ in encodedTransaction(&bytes) }
        // Each publisher is silent when two of its bits are set.
        let silent = publishing & (publishing >> 3) & 7
        apply(transactions, after: milliseconds, silent: silent, strange)
    }

    /// Applies the transactions in the next block, with the prices of all who are not silent.
    func apply(
        _ transactions: [[UInt8]], after milliseconds: UInt64, silent: UInt8,
        _ strange: ObservationBundle? = nil
    ) {
        let time = ledger.time.advanced(by: Duration(nanoseconds: milliseconds * 1_000_000))
        guard time > ledger.time else { return }
        var bundles: [ObservationBundle] = []
        for place in ledger.genesis.publishers.indices
        where place > 7 || silent & (1 << UInt8(place)) == 0 {
            bundles.append(bundle(by: UInt16(place), at: time))
        }
        if let strange {
            bundles.removeAll { $0.publisher >= strange.publisher }
            bundles.append(strange)
        }
        do throws(BlockFault) {
            try apply(
                Block(
                    height: ledger.height + 1, time: time, observations: bundles,
                    transactions: transactions))
        } catch {
            fail("a block as it should be is refused: \(error)")
        }
    }

    /// Applies a block and counts everything.
    func apply(_ block: Block) throws(BlockFault) {
        let outcome = try ledger.apply(block, verifier: Gullible())
        blocks.append(block)
        if let complaint = bookkeeper.complaint(about: block, outcome, ledger) {
            fail("block \(block.height): \(complaint)")
        }
        repeatOnTwin(block, outcome)
    }

    private func repeatOnTwin(_ block: Block, _ outcome: BlockOutcome) {
        guard let twin else { return }
        do {
            let copy = try Block(canonicalBytes: block.canonicalBytes)
            guard copy == block else { fail("block \(block.height) is read as it was written") }
            let again = try twin.apply(copy, verifier: Gullible())
            guard again.root == outcome.root, again.receipts == outcome.receipts,
                again.events == outcome.events
            else { fail("block \(block.height) does the same twice") }
        } catch {
            fail("block \(block.height) is not read back: \(error)")
        }
    }

    /// Blocks that are no next block change nothing.
    private func refuseBlocks() {
        let root = ledger.root
        for (height, time) in [
            (ledger.height, ledger.time.advanced(by: .hour)), (ledger.height + 1, ledger.time),
        ] {
            let block = Block(height: height, time: time, observations: [], transactions: [])
            do throws(BlockFault) {
                _ = try ledger.apply(block, verifier: Gullible())
                fail("a block of height \(height) is refused after \(ledger.height)")
            } catch {
                guard ledger.root == root else { fail("a refused block changes nothing") }
            }
        }
    }

    /// The machine from its leaves is the machine.
    private func restore() {
        do throws(RestoreFault) {
            let leaves = Array(ledger.leaves().reversed())
            let copy = try Ledger(genesis: ledger.genesis, leaves: leaves, root: ledger.root)
            if let failure = copy.auditFailure() { fail("restored: \(failure)") }
        } catch {
            fail("its own leaves are refused: \(error)")
        }
    }

    // Transactions and prices.

    private func encodedTransaction(_ bytes: inout ByteReader) -> [UInt8] {
        let who = bytes.byte()
        let accounts = ledger.accounts.accounts.count
        let account = AccountIdentifier(UInt32(Int(who & 15) % max(1, accounts)))
        let signer: Signer =
            switch who >> 4 {
            case 0...11: .account(account)
            case 12: .custodian
            case 13: .agent(account, slot: 1 + UInt8(who & 3))
            case 14: .operator
            default: .account(AccountIdentifier(UInt32(accounts) + UInt32(who & 15)))
            }
        let terms = bytes.byte()
        let count = [1, 1, 2, 3, 5, 8, Transaction.commandLimit, 0][Int(terms & 7)]
        var commands: [Command] = []
        for _ in 0..<count where !(bytes.isEmpty && commands.count > 8) {
            let cook = bytes.choice(Menu.commands)
            commands.append(cook(&bytes, self, account))
        }
        var transaction = transaction(signer, commands)
        switch terms >> 3 {
        case 27: transaction.nonce = 0
        case 28: transaction.nonce -= 1
        case 29: transaction.nonce = .max
        case 30: transaction.expiry = ledger.time
        case 31: transaction.signature = .ed25519(Gullible.refused)
        case 26: transaction.chain = .zero
        default: break
        }
        return transaction.canonicalBytes
    }

    private func transaction(_ signer: Signer, _ commands: [Command]) -> Transaction {
        nonce += 1
        return Transaction(
            chain: ledger.chain, signer: signer, nonce: nonce,
            expiry: Timestamp(nanoseconds: .max), commands: commands,
            signature: .ed25519(Gullible.accepted))
    }

    private func bundle(by publisher: UInt16, at time: Timestamp) -> ObservationBundle {
        ObservationBundle(
            publisher: PublisherIdentifier(publisher), time: time,
            observations: prices.enumerated().map { place, price in
                Observation(
                    underlying: UnderlyingIdentifier(UInt16(place)),
                    price: IndexPrice(micros: price))
            }, signature: Gullible.accepted)
    }

    /// A bundle from the bytes as they are, if they are one.
    private func strangeBundle(_ bytes: inout ByteReader) -> ObservationBundle? {
        let text = bytes.bytes(bytes.place(in: 64)) + [UInt8](repeating: 0, count: 96)
        var decoder = CanonicalDecoder(text)
        do {
            return try ObservationBundle(from: &decoder)
        } catch {
            return nil
        }
    }
}
