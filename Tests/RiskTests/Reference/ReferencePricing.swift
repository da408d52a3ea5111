/// Values and deltas of European options for the margin reference, step by step as docs/margin.md
/// section 1 says: Black (1976), with settlement to an average of the index.

import Foundation

/// What an option is worth under given prices, per unit of the underlying.
enum ReferencePricing {
    /// Seconds in the year that volatility and rates are stated for.
    static let year: Precise = 365 * 86_400
    /// Seconds in a day.
    static let day: Precise = 86_400

    /// Black's value before discounting. `variance` is that of the logarithm of the price.
    static func black(
        forward: Precise, strike: Precise, variance: Precise, isCall: Bool
    ) -> Precise {
        if strike <= 0 { return isCall ? forward - strike : 0 }
        if forward <= 0 { return isCall ? 0 : strike - forward }
        if variance <= 0 { return max(isCall ? forward - strike : strike - forward, 0) }
        let deviation = variance.squareRoot()
        let upper = log(forward / strike) / deviation + deviation / 2
        let lower = upper - deviation
        if isCall {
            return forward * PreciseNormal.cumulative(upper)
                - strike * PreciseNormal.cumulative(lower)
        }
        return strike * PreciseNormal.cumulative(-lower)
            - forward * PreciseNormal.cumulative(-upper)
    }

    /// The derivative of Black's value by the forward: in 0...1 for a call, −1...0 for a put.
    static func blackDelta(
        forward: Precise, strike: Precise, variance: Precise, isCall: Bool
    ) -> Precise {
        let call: Precise
        if strike <= 0 {
            call = 1
        } else if variance <= 0 {
            call = forward > strike ? 1 : 0
        } else {
            let deviation = variance.squareRoot()
            call = PreciseNormal.cumulative(log(forward / strike) / deviation + deviation / 2)
        }
        return isCall ? call : call - 1
    }

    /// The variance that is left in the settlement price: all of it for settlement at an instant,
    /// T − ⅔W before a window of averaging of length W, a third of what remains inside it.
    static func variance(volatility: Precise, expiry: ReferenceExpiry) -> Precise {
        let left = max(expiry.seconds, 0)
        let window = expiry.window
        let seconds = left >= window ? left - 2 * window / 3 : left / 3
        return volatility * volatility * seconds / year
    }

    /// What discounts a payment at the expiry: exp(−r·T).
    static func discount(_ expiry: ReferenceExpiry) -> Precise {
        exp(-max(expiry.rate, 0) * max(expiry.seconds, 0) / year)
    }

    /// An option's value per unit when the forward is `forward` and its volatility `volatility`.
    static func value(
        of option: ReferenceOption, expiry: ReferenceExpiry, forward: Precise, volatility: Precise
    ) -> Precise {
        let variance = variance(volatility: volatility, expiry: expiry)
        let fixed = expiry.fixedShare * expiry.fixedAverage
        let live = 1 - expiry.fixedShare
        let discount = discount(expiry)
        if expiry.window <= 0 || live <= 0 {
            // Settlement to one number, a part of which is known already.
            return discount
                * black(
                    forward: fixed + live * forward, strike: option.strike, variance: variance,
                    isCall: option.isCall)
        }
        let strike = (option.strike - fixed) / live
        return discount * live
            * black(forward: forward, strike: strike, variance: variance, isCall: option.isCall)
    }

    /// The derivative of an option's value by the forward, at today's prices.
    static func delta(of option: ReferenceOption, expiry: ReferenceExpiry) -> Precise {
        let variance = variance(volatility: option.volatility, expiry: expiry)
        let live = 1 - expiry.fixedShare
        let fixed = expiry.fixedShare * expiry.fixedAverage
        let isMixed = expiry.window <= 0 || live <= 0
        let strike = isMixed ? option.strike : (option.strike - fixed) / live
        let forward = isMixed ? fixed + live * expiry.forward : expiry.forward
        return discount(expiry) * live
            * blackDelta(
                forward: forward, strike: strike, variance: variance, isCall: option.isCall)
    }
}
