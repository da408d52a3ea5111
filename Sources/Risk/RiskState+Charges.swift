/// What an account is charged outside the scenarios (DESIGN 5; docs/margin.md), from its exposures,
/// each at the worse of all open buys and all open sells filled: one walk over the exposures, a few
/// multiplications each.

import Accounts
import Canonical
import Catalogue
import FixedPoint

extension RiskState {
    /// The charges of an account under one rule, in µ; each exposure's rounded up.
    ///
    /// - Parameter adjustment: a fill to be counted as if it had happened.
    func charges(
        _ place: Int, under rule: RuleKind, adjustment: Adjustment? = nil
    ) -> Int64 {
        let isInitial = rule == .initial
        let both = charges(
            place, wants: isInitial ? .initial : .maintenance, adjustment: adjustment)
        return isInitial ? both.initial : both.maintenance
    }

    /// The same under the wanted rules, in one walk.
    func charges(
        _ place: Int, wants: WantedRules, adjustment: Adjustment? = nil
    ) -> (initial: Int64, maintenance: Int64) {
        var (initial, maintenance) = (ChargeSum(), ChargeSum())
        let list = accounts[place].exposures
        for slot in 0..<list.count {
            let exposure = exposurePool[list, slot]
            let instrument = Int(exposure.instrument.number)
            let isNettedCall = isNettedCall(list, slot)
            let from = lots[instrument].concentrationFrom
            if wants.hasInitial {
                let reach = Reach(exposure, .initial, adjustment)
                initial.add(
                    lots[instrument].initial, reach, instrument, isNettedCall,
                    lots[instrument].fractionBits)
                if reach.gross >= from {
                    initial.total += concentration(
                        of: instrument, lots: reach.gross, under: .initial)
                }
            }
            if wants.hasMaintenance {
                let reach = Reach(exposure, .maintenance, adjustment)
                maintenance.add(
                    lots[instrument].maintenance, reach, instrument, isNettedCall,
                    lots[instrument].fractionBits)
                if reach.gross >= from {
                    maintenance.total += concentration(
                        of: instrument, lots: reach.gross, under: .maintenance)
                }
            }
        }
        return (initial.total, maintenance.total)
    }

    /// Whether the put of the same strike follows, so that the charge on both stands there.
    @inline(__always)
    func isNettedCall(_ list: PooledList, _ slot: Int) -> Bool {
        let number = exposurePool[list, slot].instrument.number
        return lots[Int(number)].pair == .call && slot + 1 < list.count
            && exposurePool[list, slot + 1].instrument.number == number &+ 1
    }

    /// What a position is charged for the days that it takes to close, in µ, rounded up: `worth·σ·
    /// (√(worth / volume) − √from)`.
    func concentration(of instrument: Int, lots count: Int64, under kind: RuleKind) -> Int64 {
        let risk = instruments[instrument]
        let underlying = Int(risk.instrument.underlying.number)
        let rule = parameters[underlying].concentration
        let worth = (Int128(risk.exposureWorth) * Int128(count)) >> Int128(risk.fractionBits)
        guard rule.dailyVolume.isPositive, let whole = Int64(exactly: worth), whole > 0 else {
            return 0
        }
        let size = Real(whole, over: rule.dailyVolume.units).squareRoot()
        let excess = size - Real(rule.from).squareRoot()
        guard excess > .zero else { return 0 }
        var volatility = rule.dailyVolatility
        if let market = markets[underlying] {
            volatility = parameters[underlying].grown(volatility, kind, in: market.view)
        }
        return -(-whole).scaled(by: excess * Real(volatility))
    }

    /// The position from which on concentration is charged, in lots.
    func concentrationStart(of risk: InstrumentRisk) -> Int64 {
        let rule = parameters[Int(risk.instrument.underlying.number)].concentration
        guard rule.dailyVolume.isPositive, risk.exposureWorth > 0 else { return .max }
        let free =
            Int128(rule.dailyVolume.units) * Int128(rule.from.units)
            / Int128(Ratio.one.units)
        let lots = (free << Int128(risk.fractionBits)) / Int128(risk.exposureWorth)
        return Int64(clamping: lots)
    }
}

/// The positions that fills could lead to, as far as a rule counts them.
struct Reach {
    let high: Int64
    let low: Int64

    @inline(__always)
    init(_ exposure: Exposure, _ rule: RuleKind, _ adjustment: Adjustment?) {
        var held = exposure.position.units
        if let adjustment, adjustment.instrument == exposure.instrument {
            held += adjustment.lots.units
        }
        high = rule == .initial ? held + exposure.buys.units : held
        low = rule == .initial ? held - exposure.sells.units : held
    }

    var gross: Int64 { max(abs(high), abs(low)) }
}

/// A call that waits for the put of its strike, to be netted with it.
struct NettedCall {
    var put = -1
    var low: Int64 = 0

    /// What the call adds to the lots of an exposure.
    @inline(__always)
    func low(for instrument: Int) -> Int64 { instrument == put ? low : 0 }
}

/// The charges of some exposures under one rule.
private struct ChargeSum {
    /// In µ.
    var total: Int64 = 0
    private var call = NettedCall()

    /// Adds what an exposure is charged per lot, rounded up.
    @inline(__always)
    mutating func add(
        _ charge: LotCharge, _ reach: Reach, _ instrument: Int, _ isNettedCall: Bool, _ bits: Int64
    ) {
        var sum = charge.floor * reach.gross
        if charge.fundingDue != 0 {
            sum += max(0, reach.high * charge.fundingDue, reach.low * charge.fundingDue)
        }
        if charge.shortFloor != 0 {
            if isNettedCall {
                call = NettedCall(put: instrument + 1, low: reach.low)
            } else {
                sum += charge.shortFloor * max(0, -reach.low - call.low(for: instrument))
            }
        }
        // Rounded down as a loss: a charge is rounded up.
        total -= -sum &>> bits
    }
}
