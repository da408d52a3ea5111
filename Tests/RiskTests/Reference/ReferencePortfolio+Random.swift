/// Portfolios by chance, for comparing the engine with the reference: structures that traders hold,
/// over expiries from an hour to a year and strikes over the whole range, all in whole lots and in
/// numbers that the engine's types hold exactly.

import Foundation
import TestKit

/// The presets, by the names that users give.
enum ReferencePreset: String, CaseIterable {
    case derive = "derive-pmrm-2"
    case deribit
    case paradex
    case span
    case rampart
}

extension Reference {
    /// A portfolio's margins by a preset with its published parameters.
    static func margin(
        _ preset: ReferencePreset, of portfolio: ReferencePortfolio
    ) -> ReferenceResult {
        switch preset {
        case .derive: return derive(portfolio)
        case .deribit: return deribit(portfolio)
        case .paradex: return paradex(portfolio)
        case .span: return span(portfolio)
        case .rampart: return rampart(portfolio)
        }
    }
}

extension ReferencePortfolio {
    /// One lot, in units of the underlying.
    static let lot: Precise = 0.01
    /// Steps in which prices, volatilities and rates are drawn.
    static let priceStep: Precise = 0.01
    static let fineStep: Precise = 0.000001

    /// A portfolio that depends on `seed` alone. Rates are zero but for Derive's rule, which uses
    /// them; collateral is what the preset's venue takes. `window` is the seconds over which
    /// settlement is averaged.
    static func random(
        preset: ReferencePreset, seed: UInt64, window: Precise = 1_800
    ) -> ReferencePortfolio {
        var chance = PortfolioChance(seed: seed)
        var portfolio = ReferencePortfolio(index: chance.price(500, 120_000))
        portfolio.cash = chance.stepped(-100_000, 1_000_000, by: priceStep)
        portfolio.surfaceAge = chance.stepped(0, 400, by: 1)
        portfolio.fundingRate = chance.stepped(-0.0075, 0.0075, by: fineStep)
        portfolio.feeRate = 0.0005
        portfolio.quotePrice = chance.isLikely(0.8) ? 1 : chance.stepped(0.95, 1, by: fineStep)
        for _ in 0..<chance.count(1...6) {
            portfolio.addExpiry(&chance, hasRate: preset == .derive, window: window)
        }
        for _ in 0..<chance.count(1...8) { portfolio.addStructure(&chance) }
        if chance.isLikely(0.7) { portfolio.addPerpetual(&chance) }
        if chance.isLikely(0.4) { portfolio.addFuture(&chance) }
        if preset != .paradex, chance.isLikely(0.4) {
            portfolio.collaterals.append(
                ReferenceCollateral(
                    price: portfolio.index, quantity: chance.lots(1...2_000), isUnderlying: true,
                    initialHaircut: 0.10, maintenanceHaircut: 0.05))
        }
        portfolio.listStrikes(&chance)
        return portfolio
    }

    private mutating func addExpiry(
        _ chance: inout PortfolioChance, hasRate: Bool, window: Precise
    ) {
        // Evenly over the logarithm, from an hour to a year, in whole seconds.
        let seconds = (3_600 * exp(chance.number(0, log(8_760)))).rounded()
        let years = seconds / ReferencePricing.year
        let basis = chance.number(-0.002, 0.002) + chance.number(-0.1, 0.3) * years
        let forward = PortfolioChance.rounded(
            index * (1 + basis), to: ReferencePortfolio.priceStep)
        let rate = hasRate ? chance.stepped(0, 0.25, by: 0.01) : 0
        expiries.append(
            ReferenceExpiry(
                seconds: seconds, forward: forward, rate: rate, window: window,
                fixedAverage: forward))
    }

    /// A strike of some expiry, over the whole range that is listed.
    private func strike(_ chance: inout PortfolioChance) -> Precise {
        let far = chance.isLikely(0.3) ? Precise(1.2) : 0.25
        let step = max(PortfolioChance.rounded(index / 100, to: 1), 1)
        let strike = PortfolioChance.rounded(index * exp(chance.number(-far, far)), to: step)
        return max(strike, step)
    }

    /// The volatility of a strike: one smile for all, so that call and put agree.
    private func volatility(expiry: Int, strike: Precise) -> Precise {
        let years = expiries[expiry].seconds / ReferencePricing.year
        let position = log(strike / expiries[expiry].forward)
        let level: Precise = 0.45 + 0.15 * exp(-4 * years)
        let smile = level - 0.1 * position + 0.4 * position * position
        return PortfolioChance.rounded(
            min(max(smile, 0.2), 2), to: ReferencePortfolio.fineStep)
    }

    /// Adds to what is held of an option.
    mutating func add(_ quantity: Precise, expiry: Int, strike: Precise, isCall: Bool) {
        let held = options.firstIndex {
            $0.expiry == expiry && $0.strike == strike && $0.isCall == isCall
        }
        if let held {
            options[held].quantity += quantity
            return
        }
        options.append(
            ReferenceOption(
                expiry: expiry, strike: strike, isCall: isCall,
                volatility: volatility(expiry: expiry, strike: strike), quantity: quantity))
    }

    /// Adds one of the structures that traders hold, bought or sold.
    private mutating func addStructure(_ chance: inout PortfolioChance) {
        let expiry = chance.count(0...(expiries.count - 1))
        let size = chance.lots(1...3_000) * (chance.isLikely(0.5) ? 1 : -1)
        let strike = strike(&chance)
        let width = max(PortfolioChance.rounded(index / 100, to: 1), 1)
        let isCall = chance.isLikely(0.5)
        switch chance.count(0...5) {
        case 0:
            add(size, expiry: expiry, strike: strike, isCall: isCall)
        case 1:
            add(size, expiry: expiry, strike: strike, isCall: isCall)
            add(-size, expiry: expiry, strike: strike + 2 * width, isCall: isCall)
        case 2:
            add(size, expiry: expiry, strike: strike, isCall: isCall)
            add(-2 * size, expiry: expiry, strike: strike + width, isCall: isCall)
            add(size, expiry: expiry, strike: strike + 2 * width, isCall: isCall)
        case 3:
            add(size, expiry: expiry, strike: strike, isCall: true)
            add(size, expiry: expiry, strike: strike, isCall: false)
        case 4:
            let other = chance.count(0...(expiries.count - 1))
            add(size, expiry: expiry, strike: strike, isCall: isCall)
            add(-size, expiry: other, strike: strike, isCall: isCall)
        default:
            add(size, expiry: expiry, strike: strike, isCall: true)
            add(-size, expiry: expiry, strike: strike, isCall: false)
            linears.append(
                ReferenceLinear(expiry: expiry, mark: expiries[expiry].forward, quantity: -size))
            mergeLinears()
        }
    }

    private mutating func addPerpetual(_ chance: inout PortfolioChance) {
        let mark = PortfolioChance.rounded(
            index * (1 + chance.number(-0.004, 0.004)), to: ReferencePortfolio.priceStep)
        linears.append(
            ReferenceLinear(
                expiry: nil, mark: mark,
                quantity: chance.lots(1...5_000) * (chance.isLikely(0.5) ? 1 : -1),
                profit: chance.stepped(-50_000, 50_000, by: ReferencePortfolio.priceStep)))
    }

    private mutating func addFuture(_ chance: inout PortfolioChance) {
        let expiry = chance.count(0...(expiries.count - 1))
        linears.append(
            ReferenceLinear(
                expiry: expiry, mark: expiries[expiry].forward,
                quantity: chance.lots(1...5_000) * (chance.isLikely(0.5) ? 1 : -1),
                profit: chance.stepped(-50_000, 50_000, by: ReferencePortfolio.priceStep)))
        mergeLinears()
    }

    /// Makes one position of all in the same instrument.
    private mutating func mergeLinears() {
        var merged: [ReferenceLinear] = []
        for linear in linears {
            if let held = merged.firstIndex(where: { $0.expiry == linear.expiry }) {
                merged[held].quantity += linear.quantity
                merged[held].profit += linear.profit
            } else {
                merged.append(linear)
            }
        }
        linears = merged
    }

    /// Lists what is held, and for what expires soon a ladder of strikes round the index.
    private mutating func listStrikes(_ chance: inout PortfolioChance) {
        for option in options {
            listedStrikes.append(
                ReferenceStrike(
                    seconds: expiries[option.expiry].seconds, strike: option.strike))
        }
        let step = max(PortfolioChance.rounded(index / 50, to: 1), 1)
        let middle = PortfolioChance.rounded(index, to: step)
        for expiry in expiries where expiry.seconds <= 48 * 3_600 {
            let reach = chance.count(0...10)
            for place in -reach...reach {
                listedStrikes.append(
                    ReferenceStrike(
                        seconds: expiry.seconds, strike: middle + Precise(place) * step))
            }
        }
    }

    /// Gives every position open orders by chance, which only the charges of Rampart's rule see.
    mutating func addOrders(seed: UInt64) {
        var chance = PortfolioChance(seed: seed)
        for index in options.indices {
            options[index].buys = chance.lots(0...500)
            options[index].sells = chance.lots(0...500)
        }
        for index in linears.indices {
            linears[index].buys = chance.lots(0...500)
            linears[index].sells = chance.lots(0...500)
        }
        for index in collaterals.indices { collaterals[index].buys = chance.lots(0...500) }
    }
}

/// Draws for portfolios.
struct PortfolioChance {
    private var generator: SeededGenerator

    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    /// A number evenly in `low..<high`.
    mutating func number(_ low: Precise, _ high: Precise) -> Precise {
        let unit = Precise(generator.next() >> 11) / Precise(1 << 53)
        return low + (high - low) * unit
    }

    /// A number in a range, rounded to whole steps.
    mutating func stepped(_ low: Precise, _ high: Precise, by step: Precise) -> Precise {
        PortfolioChance.rounded(number(low, high), to: step)
    }

    /// A price evenly over the logarithm.
    mutating func price(_ low: Precise, _ high: Precise) -> Precise {
        PortfolioChance.rounded(
            low * exp(number(0, log(high / low))), to: ReferencePortfolio.priceStep)
    }

    mutating func count(_ range: ClosedRange<Int>) -> Int {
        Int.random(in: range, using: &generator)
    }

    /// A quantity in whole lots.
    mutating func lots(_ range: ClosedRange<Int>) -> Precise {
        Precise(count(range)) * ReferencePortfolio.lot
    }

    mutating func isLikely(_ share: Precise) -> Bool { number(0, 1) < share }

    /// The nearest whole number of steps. Steps below one divide one, so dividing by their number
    /// gives the nearest representable value.
    static func rounded(_ value: Precise, to step: Precise) -> Precise {
        if step >= 1 { return (value / step).rounded() * step }
        let perUnit = (1 / step).rounded()
        return (value * perUnit).rounded() / perUnit
    }
}
