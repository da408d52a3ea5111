/// What the margin reference takes: one account's holdings in one underlying, and the prices at
/// which they are judged. Plain numbers in units of the underlying and of the quote asset.

/// An expiry: its forward, and how its options settle.
struct ReferenceExpiry: Equatable {
    /// Seconds from now; zero or less is expired.
    var seconds: Precise
    /// The forward price for this expiry, above zero.
    var forward: Precise
    /// The yearly rate that discounts to today; negative counts as zero.
    var rate: Precise = 0
    /// Seconds of the window in which the settlement average is taken; zero for one instant.
    var window: Precise = 0
    /// The share of the average that is fixed already, in 0...1.
    var fixedShare: Precise = 0
    /// The average of what is fixed; of no effect while nothing is.
    var fixedAverage: Precise = 0
    /// The least confidence among forward, rate and volatility, in 0...1.
    var confidence: Precise = 1
}

/// A position in an option. Its expiry is an index into the portfolio's list.
struct ReferenceOption: Equatable {
    var expiry: Int
    var strike: Precise
    var isCall: Bool
    /// The yearly volatility at its strike.
    var volatility: Precise
    /// Signed, in units of the underlying.
    var quantity: Precise
    /// What all open orders to buy and to sell add up to, both at least zero.
    var buys: Precise = 0
    var sells: Precise = 0
}

/// A position in the perpetual or in a dated future.
struct ReferenceLinear: Equatable {
    /// The index of its expiry; nil for the perpetual.
    var expiry: Int?
    /// The mark price, above zero.
    var mark: Precise
    var quantity: Precise
    var buys: Precise = 0
    var sells: Precise = 0
    /// Profit and funding since the last settlement to cash, which equity includes.
    var profit: Precise = 0
}

/// A holding of an asset as collateral.
struct ReferenceCollateral: Equatable {
    /// The price in the quote asset.
    var price: Precise
    /// At least zero.
    var quantity: Precise
    var buys: Precise = 0
    /// Whether it is the underlying itself, so that price scenarios move it.
    var isUnderlying: Bool
    /// Shares of its value. `initialHaircut` is what initial margin takes in all.
    var initialHaircut: Precise
    var maintenanceHaircut: Precise
    var confidence: Precise = 1
}

/// A strike at which an option is listed, whether the account holds it or not.
struct ReferenceStrike: Equatable {
    var seconds: Precise
    var strike: Precise
}

/// One account's holdings in one underlying.
struct ReferencePortfolio {
    /// The index price of the underlying.
    var index: Precise
    var indexConfidence: Precise = 1
    /// The confidence of the perpetual's price; counts only where it is held.
    var perpetualConfidence: Precise = 1
    /// What the quote asset is worth in the currency that it is meant to equal.
    var quotePrice: Precise = 1
    var cash: Precise = 0
    var expiries: [ReferenceExpiry] = []
    var options: [ReferenceOption] = []
    var linears: [ReferenceLinear] = []
    var collaterals: [ReferenceCollateral] = []
    var listedStrikes: [ReferenceStrike] = []
    /// The current funding for eight hours; longs pay where it is positive.
    var fundingRate: Precise = 0
    /// The rate of the highest fee.
    var feeRate: Precise = 0
    /// Seconds since the volatility surface was renewed.
    var surfaceAge: Precise = 0
    /// Whether the underlying lists options.
    var listsOptions: Bool { !listedStrikes.isEmpty || !options.isEmpty }
}

extension ReferencePortfolio {
    /// The value of one unit of an option today.
    func value(of option: ReferenceOption) -> Precise {
        ReferencePricing.value(
            of: option, expiry: expiries[option.expiry],
            forward: expiries[option.expiry].forward, volatility: option.volatility)
    }

    /// The value of a holding of collateral, in the quote asset.
    func value(of collateral: ReferenceCollateral) -> Precise {
        collateral.quantity * collateral.price
    }

    /// Cash and the value of everything held.
    var equity: Precise {
        var sum = cash
        for option in options { sum += option.quantity * value(of: option) }
        for linear in linears { sum += linear.profit }
        for collateral in collaterals { sum += value(of: collateral) }
        return sum
    }

    /// What everything held would cost at the index, whatever its sign: the yardstick of errors.
    var grossNotional: Precise {
        var sum = abs(cash)
        for option in options { sum += abs(option.quantity) * index }
        for linear in linears { sum += abs(linear.quantity) * linear.mark }
        for collateral in collaterals { sum += value(of: collateral) }
        return sum
    }

    /// What the holdings of collateral lose to haircuts.
    func haircut(isInitial: Bool) -> ReferenceCharge {
        var sum: Precise = 0
        for collateral in collaterals {
            let share = isInitial ? collateral.initialHaircut : collateral.maintenanceHaircut
            sum += value(of: collateral) * share
        }
        return ReferenceCharge(name: "haircut", amount: sum)
    }

    /// The derivative by the underlying's price of all of an option position.
    func delta(of option: ReferenceOption) -> Precise {
        option.quantity * ReferencePricing.delta(of: option, expiry: expiries[option.expiry])
    }

    /// The same of a linear position.
    func delta(of linear: ReferenceLinear) -> Precise {
        linear.quantity * liveShare(of: linear)
    }

    /// The delta of everything in one expiry, or of the perpetual where that is nil.
    func delta(inExpiry expiry: Int?) -> Precise {
        var sum: Precise = 0
        for option in options where option.expiry == expiry { sum += delta(of: option) }
        for linear in linears where linear.expiry == expiry { sum += delta(of: linear) }
        return sum
    }

    /// Options sold and not covered by one bought at the same strike and expiry, in units of the
    /// underlying, when `quantity` is what is held of each.
    func netShort(_ quantity: (ReferenceOption) -> Precise) -> Precise {
        var sum: Precise = 0
        for (index, option) in options.enumerated() {
            let isSame: (ReferenceOption) -> Bool = {
                $0.expiry == option.expiry && $0.strike == option.strike
            }
            // Each strike once, at its first option.
            if options[..<index].contains(where: isSame) { continue }
            let net = options.filter(isSame).reduce(0) { $0 + quantity($1) }
            sum += max(0, -net)
        }
        return sum
    }

    /// The share of a dated future's settlement that is not fixed yet; 1 for the perpetual.
    func liveShare(of linear: ReferenceLinear) -> Precise {
        guard let expiry = linear.expiry else { return 1 }
        return 1 - expiries[expiry].fixedShare
    }
}
