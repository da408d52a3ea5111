/// Words for listings and expiries.

import Accounts
import Canonical
import Catalogue
import FixedPoint
import Ledger
import Markets
import Oracle
import Testing

extension Command {
    /// Lists a pair of options on BTC, struck at whole dollars, so many days after tomorrow.
    static func listPair(
        at dollars: Int64, days: UInt64 = 0, _ terms: ContractTerms = TestGenesis.terms()
    ) -> Command {
        .listContract(
            .pair(
                expiry: TestGenesis.expiry.advanced(by: .seconds(days * 86_400)),
                strike: IndexPrice(micros: dollars * TestGenesis.million)),
            on: UnderlyingIdentifier(0), terms)
    }
}

extension BlockOutcome {
    var listed: [Instrument] {
        events.compactMap {
            if case .instrumentListed(_, let instrument) = $0 { instrument } else { nil }
        }
    }

    var settlements: [PositionSettlement] {
        events.compactMap { if case .positionSettled(let event) = $0 { event } else { nil } }
    }

    var settledPrices: [Int64] {
        events.compactMap {
            if case .instrumentSettled(_, let price, _) = $0 { price.units } else { nil }
        }
    }

    var isPostponed: Bool {
        contains { if case .settlementPostponed = $0 { true } else { false } }
    }
}

extension Symbol {
    var text: String { String(decoding: characters, as: UTF8.self) }
}

extension Venue {
    /// The answer to one command of the operator in a block of its own.
    func operatorAnswer(_ command: Command) throws -> Refusal? {
        try apply(.operator(command)).refusals[0]
    }

    /// A block so many seconds before the expiry of tomorrow; after it where negative.
    @discardableResult
    func apply(_ sends: Send..., secondsBefore seconds: Int64) throws -> BlockOutcome {
        let target = Int64(TestGenesis.expiry.nanoseconds / 1_000_000) - seconds * 1_000
        let now = Int64(ledger.time.nanoseconds / 1_000_000)
        return try apply(block(sends, milliseconds: UInt64(target - now)))
    }

    /// Lets the window before the expiry pass in blocks of ten seconds, up to ten seconds before
    /// it.
    func passWindow() throws {
        try apply(secondsBefore: 1_800)
        for left in stride(from: Int64(1_790), to: 0, by: -10) { try apply(secondsBefore: left) }
    }
}
