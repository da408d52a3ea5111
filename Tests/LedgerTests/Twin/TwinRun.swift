/// One life of the twins: the ledger and the reference live the same random blocks, and whatever
/// the ledger answers that the reference does not is a difference.

import Accounts
import Canonical
import FixedPoint
import Ledger
import Markets
import TestKit

final class TwinRun {
    let character: TwinCharacter
    let venue: Venue
    var reference: ReferenceVenue
    var random: SeededGenerator
    private(set) var tally = TwinTally()
    /// Commands so far.
    private(set) var commands = 0
    /// The last nonce of each signer: custodian, operator, accounts.
    private var nonces: [UInt64] = [0, 0]
    /// Blocks for which each underlying stays without a price.
    private var silence = [0, 0]

    /// Blocks between two looks at all orders, and between two audits.
    private static let lookEvery: UInt64 = 8
    private static let auditEvery: UInt64 = 64
    static let accounts = 8

    init(seed: UInt64, mistake: ReferenceMistake? = nil) throws {
        character = TwinCharacter(seed: seed)
        let genesis = try TwinGenesis.genesis(character)
        venue = Venue(genesis: genesis, prices: character.prices)
        reference = ReferenceVenue(genesis)
        reference.mistake = mistake
        random = SeededGenerator(seed: seed)
    }

    /// Opens the accounts, some of one owner, each too rich for margin to matter.
    ///
    /// - Returns: the first difference, in words.
    func open() throws -> String? {
        let opened = (0..<Self.accounts).map { place in
            Command.openAccount(
                owner: TestKeys.owner(place % character.owners), compartment: TestGenesis.main)
        }
        if let difference = try live([send(.custodian, opened)], milliseconds: 1_000) {
            return difference
        }
        let deposits = (0..<Self.accounts).map { place in
            Command.deposit(
                .dollars(1_000_000_000), to: AccountIdentifier(UInt32(place)),
                reference: Bytes32())
        }
        return try live([send(.custodian, deposits)], milliseconds: 1_000)
    }

    /// A block of chance.
    ///
    /// - Returns: the first difference, in words.
    func step() throws -> String? {
        movePrices()
        return try live(randomSends(), milliseconds: randomInterval())
    }

    /// Gives a transaction its nonce: the next, now and then a later one, seldom a used one.
    func send(_ signer: Signer, _ commands: [Command]) -> Send {
        let place: Int
        switch signer {
        case .custodian: place = 0
        case .operator, .guardian: place = 1
        case .account(let account), .agent(let account, _): place = 2 + Int(account.number)
        }
        while nonces.count <= place { nonces.append(0) }
        if self.commands >= 2 * Self.accounts, chance(1, in: 200) {
            return Send(signer: signer, commands: commands, nonce: nonces[place])
        }
        nonces[place] += chance(1, in: 10) ? 7 : 1
        return Send(signer: signer, commands: commands, nonce: nonces[place])
    }

    private func live(_ sends: [Send], milliseconds: UInt64) throws -> String? {
        let time = venue.time.advanced(by: Duration(nanoseconds: milliseconds * 1_000_000))
        let isPublished = silence.map { $0 == 0 }
        let seen = venue.prices.enumerated().filter { isPublished[$0.offset] }
            .map { (UInt16($0.offset), $0.element) }
        let bundles =
            seen.isEmpty ? [] : (0..<3).map { venue.bundle(by: $0, at: time, prices: seen) }
        let block = venue.block(sends, milliseconds: milliseconds, observations: bundles)
        let outcome = try venue.ledger.apply(block, verifier: TestSignatures())
        venue.noteAccounts()
        let receipts = reference.apply(
            ReferenceBlock(
                time: time.nanoseconds, sends: sends, isPublished: isPublished,
                prices: outcome.events))
        commands += sends.reduce(0) { $0 + $1.commands.count }
        tally.count(outcome)
        return difference(outcome, receipts, sends)
    }

    private func difference(
        _ outcome: BlockOutcome, _ receipts: [Receipt], _ sends: [Send]
    ) -> String? {
        let words = "block \(outcome.height) after \(commands) commands: "
        if let broken = reference.broken { return words + broken }
        let found = outcome.events.filter { TwinTally.isOfOrders($0) }
        for (place, event) in found.enumerated() {
            guard place < reference.events.count, reference.events[place] == event else {
                let expected = place < reference.events.count ? "\(reference.events[place])" : "-"
                return words + "event \(place)\n  ledger    \(event)\n  reference \(expected)"
            }
        }
        if found.count < reference.events.count {
            return words + "the ledger lacks \(reference.events[found.count])"
        }
        for (receipt, expected) in zip(outcome.receipts, receipts) where receipt != expected {
            let send = sends[Int(receipt.transaction)]
            let command = receipt.command.map { "\(send.commands[Int($0)])" } ?? "-"
            return words + "\(send.signer) \(command)\n  ledger    \(receipt)\n"
                + "  reference \(expected)"
        }
        if outcome.receipts.count != receipts.count { return words + "receipts are missing" }
        if outcome.height % Self.lookEvery == 0, let difference = differentState() {
            return words + difference
        }
        if outcome.height % Self.auditEvery == 0, let failure = venue.ledger.auditFailure() {
            return words + failure
        }
        return nil
    }

    /// Every open order with all its terms, every queue, every position.
    private func differentState() -> String? {
        let ledger = venue.ledger
        for place in reference.members.indices {
            let account = AccountIdentifier(UInt32(place))
            let expected = reference.orders.filter { $0.account == place }.map(\.asOpenOrder)
            if ledger.openOrders(of: account) != expected {
                return "account \(place)\n  ledger    \(ledger.openOrders(of: account))\n"
                    + "  reference \(expected)"
            }
            for market in reference.markets.indices {
                let held = ledger.accounts[account].quantity(
                    of: InstrumentIdentifier(UInt16(market)))
                if held.lots != reference.members[place].positions[market] {
                    return "account \(place) holds \(held.lots) lots of market \(market)"
                }
            }
        }
        for market in reference.markets.indices {
            for side in [Side.buy, .sell] {
                let expected = reference.queue(side, in: market).map(\.number)
                if queue(side, market) != expected {
                    return "\(side) queue of market \(market): \(queue(side, market)), \(expected)"
                }
            }
        }
        return nil
    }

    private func queue(_ side: Side, _ market: Int) -> [UInt64] {
        var result: [UInt64] = []
        var cursor = venue.ledger.books.best(side, in: InstrumentIdentifier(UInt16(market)))
        while let slot = cursor {
            result.append(venue.ledger.books[slot].identifier.number)
            cursor = venue.ledger.books.next(after: slot)
        }
        return result
    }

    // Chance.

    func integer(_ range: ClosedRange<Int64>) -> Int64 { Int64.random(in: range, using: &random) }

    func chance(_ part: Int64, in whole: Int64) -> Bool { integer(1...whole) <= part }

    func pick<Element>(_ list: [Element]) -> Element {
        list[Int(integer(0...Int64(list.count - 1)))]
    }

    /// Prices walk by a few ticks, jump now and then, and are missing for a while.
    private func movePrices() {
        for place in venue.prices.indices {
            if silence[place] > 0 {
                silence[place] -= 1
            } else if chance(1, in: 60) {
                silence[place] = Int(integer(1...6))
            }
            let ceiling = character.ceilings[place]
            let start = character.prices[place]
            let wide = chance(1, in: 25)
            // Pulled back to where it began, so that a long life does not stick to a border.
            let pull = (start - venue.prices[place]) / 50
            let reach = start / (wide ? 40 : 2_000) + (start < 1_000_000 ? 12_000 : 0)
            let next = venue.prices[place] + pull + integer(-reach...reach)
            venue.prices[place] = min(max(next, start / 3), ceiling)
        }
    }

    private func randomInterval() -> UInt64 {
        switch integer(0...39) {
        case 0...19: 1_000
        case 20...29: 300
        case 30...37: 2_500
        case 38: 12_000
        default: chance(1, in: 4) ? 45_000 : 6_000
        }
    }
}
