/// Chance against the whole machine. Each seed is a life of its own: some accounts get rich, others
/// are liquidated, deleveraged and bankrupt, prices halve and double, publishers vanish. After
/// every block the ledger is audited from scratch and the books are compared with the event stream
/// (`Venue.apply`).
///
/// `make fuzz` lives longer: RAMPART_FUZZ_SEEDS, RAMPART_FUZZ_BLOCKS and RAMPART_FUZZ_FIRST_SEED.

import Accounts
import Canonical
import Catalogue
import FixedPoint
import Foundation
import Ledger
import Testing

@Suite struct FuzzTests {
    private static func setting(_ name: String, _ standard: UInt64) -> UInt64 {
        ProcessInfo.processInfo.environment[name].flatMap { UInt64($0) } ?? standard
    }

    /// The audit after every block costs most, twenty times as much without optimisation.
    #if DEBUG
        static let blocks = setting("RAMPART_FUZZ_BLOCKS", 15)
    #else
        static let blocks = setting("RAMPART_FUZZ_BLOCKS", 150)
    #endif
    static let seeds: [UInt64] = {
        let first = setting("RAMPART_FUZZ_FIRST_SEED", 1)
        return Array(first..<(first + setting("RAMPART_FUZZ_SEEDS", 4)))
    }()

    /// The command that lives one seed again.
    static func command(_ seed: UInt64) -> String {
        "RAMPART_FUZZ_FIRST_SEED=\(seed) RAMPART_FUZZ_SEEDS=1 RAMPART_FUZZ_BLOCKS=\(blocks) "
            + "swift test --filter LedgerTests.FuzzTests"
    }

    @Test(arguments: seeds)
    func `chance breaks no invariant`(seed: UInt64) throws {
        // Said before, since a trap says nothing after.
        FileHandle.standardError.write(Data("fuzz seed \(seed): \(Self.command(seed))\n".utf8))
        let chance = try RandomVenue(seed: seed)
        var tally: [String: Int] = [:]
        for _ in 0..<Self.blocks {
            let outcome = try chance.step()
            for receipt in outcome.receipts {
                tally[receipt.refusal.map { "\($0)" } ?? "accepted", default: 0] += 1
            }
            for event in outcome.events { tally[Self.name(of: event), default: 0] += 1 }
            try #require(
                isInOrder(chance.venue), "block \(outcome.height)\n\(Self.command(seed))")
        }
        // Chance that meets no trade, liquidation or refusal tests nothing.
        for kind in ["accepted", "traded", "orderRested", "withdrawn"] {
            #expect(tally[kind, default: 0] > 0, "no \(kind)\n\(Self.command(seed))")
        }
        if ProcessInfo.processInfo.environment["RAMPART_FUZZ_TALLY"] != nil {
            print(tally.sorted { $0.key < $1.key })
        }
    }

    private static func name(of event: Event) -> String {
        let text = "\(event)"
        return String(text.prefix { $0 != "(" })
    }

    /// What must hold after any block, beyond the audit: no fund is overdrawn, limits hold.
    private func isInOrder(_ venue: Venue) -> Bool {
        let ledger = venue.ledger
        for fund in ledger.accounts.funds
        where fund.insurance.isNegative || fund.vault.isNegative || fund.fees.isNegative {
            return false
        }
        for (place, instrument) in ledger.catalogue.instruments.enumerated() {
            guard ledger.accounts.totals[place].openInterest <= instrument.openInterestLimit
            else { return false }
            for account in ledger.accounts.accounts {
                let held = account.quantity(of: InstrumentIdentifier(UInt16(place))).magnitude
                guard held <= instrument.positionLimit else { return false }
            }
        }
        return ledger.accounts.accounts.indices.allSatisfy { place in
            ledger.openOrders(of: AccountIdentifier(UInt32(place))).count
                <= Int(ledger.genesis.orderLimit)
        }
    }
}
