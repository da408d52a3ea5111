/// Chance against the whole machine. Each seed is a life of its own: some accounts get rich, others
/// are liquidated, deleveraged and bankrupt, prices halve and double, publishers vanish. After
/// every block the ledger is audited from scratch and the books are compared with the event stream
/// (`Venue.apply`).
///
/// `make fuzz` lives longer: RAMPART_FUZZ_COMMANDS in all, RAMPART_FUZZ_FIRST_SEED, and
/// RAMPART_FUZZ_ADVERSARY for one of them alone.

import Accounts
import Canonical
import Catalogue
import FixedPoint
import Foundation
import Ledger
import Testing

@Suite struct FuzzTests {
    private static func setting(_ name: String) -> String? {
        ProcessInfo.processInfo.environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    private static func number(_ name: String, _ standard: Int) -> Int {
        setting(name).flatMap { Int($0) } ?? standard
    }

    /// Commands of one life. The audit after every block costs most, twenty times as much without
    /// optimisation.
    #if DEBUG
        static let lifeLength = 800
        static let commands = number("RAMPART_FUZZ_COMMANDS", 1)
    #else
        static let lifeLength = 4_000
        static let commands = number("RAMPART_FUZZ_COMMANDS", 240_000)
    #endif

    static let adversaries = Adversary.allCases.filter { adversary in
        setting("RAMPART_FUZZ_ADVERSARY").map { $0 == adversary.rawValue } ?? true
    }

    /// The seeds of each adversary's lives: as many as it takes to send the commands.
    static let seeds: Range<Int> = {
        let first = number("RAMPART_FUZZ_FIRST_SEED", 1)
        let shared = lifeLength * max(1, adversaries.count)
        return first..<(first + max(1, (commands + shared - 1) / shared))
    }()

    /// The command that lives one life again.
    static func command(_ adversary: Adversary, _ seed: Int) -> String {
        "make fuzz ADVERSARY=\(adversary) FIRST=\(seed) COMMANDS=1"
    }

    @Test func `there is an adversary of the name that was asked for`() {
        #expect(!Self.adversaries.isEmpty)
    }

    @Test(arguments: adversaries)
    func `neither chance nor harm breaks an invariant`(adversary: Adversary) throws {
        var tally: [String: Int] = [:]
        var count = 0
        for seed in Self.seeds {
            // Said before, since a trap says nothing after.
            say("\(adversary) has sent \(count) commands. Now \(Self.command(adversary, seed))")
            // To name things takes long, and the first lives show what there is.
            let isCounted = seed < Self.seeds.lowerBound + 5
            count += try live(adversary, seed, isCounted ? { tally[$0, default: 0] += 1 } : nil)
        }
        say("\(adversary) has sent all its \(count) commands")
        // An adversary that meets no trade, or nothing of its own kind, tests nothing.
        #if !DEBUG
            for kind in ["accepted", "traded", "orderRested"] + adversary.effects {
                let isMet = tally[kind, default: 0] > 0 || Self.seeds.count < 5
                #expect(isMet, "no \(kind) by \(adversary) from seed \(Self.seeds.lowerBound)")
            }
        #endif
        if Self.setting("RAMPART_FUZZ_TALLY") != nil {
            print(adversary, tally.sorted { $0.key < $1.key })
        }
    }

    /// One life.
    ///
    /// - Parameter note: told the name of every answer and every event.
    /// - Returns: the commands that were sent.
    private func live(
        _ adversary: Adversary, _ seed: Int, _ note: ((String) -> Void)?
    ) throws -> Int {
        var weather = Weather()
        weather.commands = 50
        let life = try RandomVenue(
            seed: UInt64(seed), weather, adversary, options: adversary.options)
        life.venue.hint = "\(Self.command(adversary, seed))"
        while life.commandCount < Self.lifeLength {
            let outcome = try life.step()
            try #require(
                isInOrder(life.venue), "block \(outcome.height)\n\(Self.command(adversary, seed))")
            guard let note else { continue }
            for receipt in outcome.receipts {
                note(receipt.refusal.map { "\($0)" } ?? "accepted")
            }
            for event in outcome.events {
                note(Self.name(of: event))
                if case .orderClosed(_, _, let reason) = event { note("\(reason)") }
            }
        }
        return life.commandCount
    }

    private func say(_ words: String) {
        FileHandle.standardError.write(Data("fuzz: \(words)\n".utf8))
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
                if instrument.kind == .spot,
                    account.quantity(of: InstrumentIdentifier(UInt16(place))).isNegative
                {
                    return false
                }
            }
        }
        return ledger.accounts.accounts.indices.allSatisfy { place in
            ledger.openOrders(of: AccountIdentifier(UInt32(place))).count
                <= Int(ledger.genesis.orderLimit)
        }
    }
}
