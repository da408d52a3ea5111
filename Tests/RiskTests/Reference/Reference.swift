/// The margin reference: an independent, slow implementation of docs/margin.md, written from that
/// document and not from the engine, which it checks.

import Foundation

/// Margin rules of venues, each a plain function from a portfolio to a result.
enum Reference {
    /// How a scenario moves volatility.
    enum Volatility: Equatable {
        case up, none, down
    }

    /// A scenario that moves all prices of the underlying by one share.
    struct Scenario: Equatable {
        /// The price move: −0.16 is a fall of 16 %.
        var move: Precise
        var volatility: Volatility
        /// The share of the result that counts.
        var weight: Precise = 1
    }

    /// How volatility moves when a scenario says so: docs/margin.md section 2.
    struct VolatilityShock {
        var up: Precise
        var down: Precise
        /// Powers of the term structure below and from thirty days.
        var shortPower: Precise = 0.30
        var longPower: Precise = 0.13
        /// The least days that count.
        var leastDays: Precise = 1
        /// Whether an expiry in exactly thirty days takes the short power.
        var isThirtyShort = false
        /// A volatility that a shock up never stays below.
        var leastUp: Precise = 0

        /// The factor of the term structure, 1 at thirty days.
        func scale(seconds: Precise) -> Precise {
            let days = seconds / ReferencePricing.day
            let isShort = isThirtyShort ? days <= 30 : days < 30
            return pow(30 / max(days, leastDays), isShort ? shortPower : longPower)
        }

        /// The volatility after the shock.
        func shocked(_ volatility: Precise, by shock: Volatility, seconds: Precise) -> Precise {
            switch shock {
            case .none: return volatility
            case .up: return max(leastUp, volatility * (1 + up * scale(seconds: seconds)))
            case .down: return max(0, volatility * (1 - down * scale(seconds: seconds)))
            }
        }
    }
}

extension ReferencePortfolio {
    /// The change in value of all options of one expiry when its forward and volatilities change.
    func optionProfit(
        expiry: Int, forward: Precise, volatility: (ReferenceOption) -> Precise
    ) -> Precise {
        var sum: Precise = 0
        for option in options where option.expiry == expiry {
            let after = ReferencePricing.value(
                of: option, expiry: expiries[expiry], forward: forward,
                volatility: volatility(option))
            sum += option.quantity * (after - value(of: option))
        }
        return sum
    }

    /// The change in value of everything when every price of the underlying moves by `move` and
    /// volatilities as given.
    func profit(move: Precise, volatility: (ReferenceOption) -> Precise) -> Precise {
        var sum: Precise = 0
        for expiry in expiries.indices {
            sum += optionProfit(
                expiry: expiry, forward: expiries[expiry].forward * (1 + move),
                volatility: volatility)
        }
        for linear in linears {
            sum += linear.quantity * liveShare(of: linear) * linear.mark * move
        }
        for collateral in collaterals where collateral.isUnderlying {
            sum += value(of: collateral) * move
        }
        return sum
    }

    /// The change in value of everything in a scenario, before its weight.
    func profit(in scenario: Reference.Scenario, shock: Reference.VolatilityShock) -> Precise {
        profit(move: scenario.move) { option in
            shock.shocked(
                option.volatility, by: scenario.volatility,
                seconds: expiries[option.expiry].seconds)
        }
    }
}
