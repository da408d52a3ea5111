/// Words for backstops: their terms, what providers take, and what auctions did.

import Canonical
import FixedPoint
import Ledger
import Liquidation

extension TestGenesis.Options {
    /// A backstop in both compartments: a day's notice, no delay of limits, no fees.
    static func backed(
        _ change: (inout BackstopParameters) -> Void = { _ in }
    ) -> TestGenesis.Options {
        var parameters = BackstopParameters.standard
        parameters.tradingShare = .zero
        parameters.liquidationShare = .zero
        parameters.notice = .day
        parameters.limitDelay = .zero
        parameters.minimum = .dollars(1_000)
        change(&parameters)
        var options = TestGenesis.Options()
        options.safeguards.backstops = [parameters, parameters]
        return options
    }
}

extension BackstopLimits {
    /// Of both underlyings, in whole dollars and hundredths.
    static func dollars(
        _ notional: Int64 = 10_000_000, loss: Int64 = 1_000_000, sliceShare: Int64 = 100,
        leastDiscount: Int64 = 10, marginLeft: Int64 = 0, underlyings: [UInt16] = [0, 1]
    ) -> BackstopLimits {
        BackstopLimits(
            markets: underlyings.map {
                BackstopMarket(
                    underlying: UnderlyingIdentifier($0), notional: .dollars(notional),
                    loss: .dollars(loss))
            },
            sliceShare: Ratio(basisPoints: 100 * sliceShare),
            leastDiscount: Ratio(basisPoints: 100 * leastDiscount),
            marginLeft: .dollars(marginLeft))
    }
}

extension BlockOutcome {
    /// What providers were paid for slices.
    var sales: [SliceSale] {
        events.compactMap { event in
            if case .sliceTaken(let sale) = event { sale } else { nil }
        }
    }

    var sliceMoves: [SliceMove] {
        events.compactMap { event in
            if case .sliceMoved(let move) = event { move } else { nil }
        }
    }

    var deleverages: [Deleverage] {
        events.compactMap { event in
            if case .deleveraged(let deleverage) = event { deleverage } else { nil }
        }
    }

    /// The accounts whose auctions began.
    var auctioned: [AccountIdentifier] {
        events.compactMap { event in
            if case .backstopAuctionStarted(let account, _, _) = event { account } else { nil }
        }
    }

    /// What the fund paid.
    var insurancePaid: Int64 {
        events.reduce(0) { sum, event in
            if case .insurancePaid(_, let amount) = event { sum + amount.units } else { sum }
        }
    }

    /// What providers were paid of fees.
    var backstopPayments: [UInt32: Int64] {
        var result: [UInt32: Int64] = [:]
        for case .backstopPaid(let account, let amount) in events {
            result[account.number, default: 0] += amount.units
        }
        return result
    }

    var makerEpochs: [MakerEpoch] {
        events.compactMap { event in
            if case .makerMeasured(let epoch) = event { epoch } else { nil }
        }
    }
}
