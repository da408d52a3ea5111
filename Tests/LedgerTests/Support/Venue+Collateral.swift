/// Words for assets and debts.

import Accounts
import Canonical
import Catalogue
import FixedPoint
import Ledger
import Markets
import Testing

extension TestGenesis.Options {
    /// Spot of BTC beside everything else, and debts of up to so many dollars an account.
    static func borrowing(
        _ dollars: Int64, share basisPoints: Int64 = 10_000, interest: Ratio = .zero
    ) -> TestGenesis.Options {
        var options = TestGenesis.Options()
        options.isDated = true
        options.debt = DebtTerms(
            accountLimit: .dollars(dollars), vaultShare: Ratio(basisPoints: basisPoints),
            interest: interest)
        return options
    }
}

extension Command {
    static func depositAsset(
        _ lots: Int64, to account: AccountIdentifier,
        of instrument: InstrumentIdentifier = TestGenesis.spot
    ) -> Command {
        .depositAsset(instrument, Quantity(lots: lots), to: account, reference: Bytes32())
    }

    static func withdrawAsset(
        _ lots: Int64, of instrument: InstrumentIdentifier = TestGenesis.spot
    ) -> Command {
        .withdrawAsset(instrument, Quantity(lots: lots), destination: Bytes32())
    }

    static func transferAsset(
        _ lots: Int64, to account: AccountIdentifier,
        of instrument: InstrumentIdentifier = TestGenesis.spot
    ) -> Command {
        .transferAsset(instrument, Quantity(lots: lots), to: account)
    }
}

extension BlockOutcome {
    /// Who began to be converted.
    var conversions: [AccountIdentifier] {
        events.compactMap { event in
            if case .conversionStarted(let account, _) = event { account } else { nil }
        }
    }

    /// Who was converted to the end.
    var endedConversions: [AccountIdentifier] {
        events.compactMap { event in
            if case .conversionEnded(let account, _) = event { account } else { nil }
        }
    }

    /// What was charged, in µ.
    var interest: [Int64] {
        events.compactMap { event in
            if case .interestCharged(_, let amount) = event { amount.units } else { nil }
        }
    }

    /// Who sent the orders of this block.
    var origins: [OrderOrigin] {
        events.compactMap { event in
            if case .orderAccepted(let order) = event { order.origin } else { nil }
        }
    }
}

extension Venue {
    /// Credits lots of BTC, each a thousandth, to an account. One block.
    func depositAsset(_ lots: Int64, to account: AccountIdentifier) throws {
        let outcome = try apply(.custodian(.depositAsset(lots, to: account)))
        #expect(outcome.refusals == [nil])
    }

    /// Lots of BTC that an account holds.
    func holding(_ account: AccountIdentifier) -> Int64 { position(account, TestGenesis.spot) }

    func isConverting(_ account: AccountIdentifier) -> Bool {
        ledger.accounts[account].conversionStart != nil
    }
}
