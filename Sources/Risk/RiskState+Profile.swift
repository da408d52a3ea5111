/// Margin scenario by scenario and charge by charge, for those who show it: read from the very
/// lanes and terms that health is made of, so that the parts sum to `MarginBreakdown` exactly. Not
/// for hot paths: it allocates.

public import Canonical
import Catalogue
public import FixedPoint

/// What an account gains or loses on one underlying in one scenario of a rule.
public struct ScenarioProfit: Equatable, Sendable {
    /// Where the scenario comes from.
    public enum Cause: Equatable, Sendable {
        /// A row of the rule's scenario set.
        case scenario(Scenario)
        /// A strike near its expiry.
        case strike
        /// The forwards of all expiries moved apart (`ExpiryTerms`): there is no single move.
        case forwards
    }

    public let cause: Cause
    /// `S' / S − 1`, basis left out.
    public let move: Ratio
    /// The share that counts, the rule's factor left out.
    public let weight: Ratio
    /// What counts: weight and factor inside, under the initial rule with open orders. Rounded
    /// down.
    public let counted: Amount
    /// What the positions alone would gain, without weight, factor, dampener and discounts; nil
    /// where that is no one number. Rounded down.
    public let profit: Amount?

    /// The row of the rule's scenario set, if it is one.
    public var scenario: Scenario? {
        if case .scenario(let scenario) = cause { scenario } else { nil }
    }
}

/// The scenarios of one underlying under one rule.
public struct ScenarioProfile: Equatable, Sendable {
    public let underlying: UnderlyingIdentifier
    /// The rule's factor.
    public let factor: Ratio
    /// In the order of the rule, the strikes and the forwards behind.
    public let scenarios: [ScenarioProfit]
    /// What the rule asks of deltas beyond the worst scenario (`DeltaTerms`); not negative.
    public let deltaLoss: Amount

    /// The place of the worst scenario, the first of equal ones; nil where none loses.
    public var worst: Int? {
        var found: Int?
        for place in scenarios.indices where scenarios[place].counted.isNegative {
            guard let best = found else {
                found = place
                continue
            }
            if scenarios[place].counted < scenarios[best].counted { found = place }
        }
        return found
    }

    /// What the worst scenario loses; not negative.
    public var worstLoss: Amount { worst.map { -scenarios[$0].counted } ?? .zero }

    /// What counts of the underlying in `MarginBreakdown.scenarioLoss`; not negative.
    public var loss: Amount { worstLoss + deltaLoss }
}

/// Why something is charged outside the scenarios.
public enum ChargeKind: CaseIterable, Sendable {
    /// A share of every perpetual and future.
    case gross
    /// On options sold and not covered at their strike.
    case shortOption
    /// On spot holdings.
    case haircut
    /// For positions that take days to close.
    case concentration
    /// Funding that will be paid.
    case funding
    /// What closing everything costs, as far as the rule asks for it.
    case exitFee
    /// The collateral's currency is worth less than the currency of the indexes.
    case peg
    /// For prices that are not sure.
    case confidence
}

/// What one instrument is charged for one reason.
public struct ChargePart: Equatable, Sendable {
    public let kind: ChargeKind
    /// A call and put that are netted are charged at the put.
    public let instrument: InstrumentIdentifier
    /// Positive.
    public let amount: Amount
}

extension RiskState {
    /// The scenarios of everything that an account holds or quotes, ascending by underlying. The
    /// losses sum to `MarginBreakdown.scenarioLoss`.
    public func scenarioProfiles(
        of account: AccountIdentifier, under kind: RuleKind
    ) -> [ScenarioProfile] {
        var profiles: [ScenarioProfile] = []
        let place = Int(account.number)
        for underlying in accounts[place].underlyings {
            guard let market = markets[Int(underlying.number)] else { continue }
            let lanes = kind == .initial ? market.lanes.initial : market.lanes.maintenance
            let scenarios =
                parameters[Int(underlying.number)].expiryTerms == nil
                ? addedProfits(place, underlying, kind, lanes)
                : expiryProfits(place, underlying, kind, market, lanes)
            var profile = ScenarioProfile(
                underlying: underlying, factor: lanes.factor, scenarios: scenarios,
                deltaLoss: .zero)
            if specials.contains(underlying) {
                let loss = specialLoss(place, of: underlying, under: kind)
                let whole = Amount(
                    microunits: -(loss &>> fractionBits[Int(underlying.number)]))
                profile = ScenarioProfile(
                    underlying: underlying, factor: lanes.factor, scenarios: scenarios,
                    deltaLoss: whole - profile.worstLoss)
            }
            profiles.append(profile)
        }
        return profiles
    }

    /// Scenarios whose lanes add up over instruments.
    private func addedProfits(
        _ place: Int, _ underlying: UnderlyingIdentifier, _ kind: RuleKind,
        _ lanes: ScenarioLanes.Rule
    ) -> [ScenarioProfit] {
        let rows = parameters[Int(underlying.number)].rule(kind).scenarios
        let bits = fractionBits[Int(underlying.number)]
        let row = row(accounts[place], underlying)
        var result: [ScenarioProfit] = []
        for lane in lanes.lanes.indices {
            let factor = lanes.lanes[lane].factor
            // Where there are fewer strikes than room for them, the rest stand still.
            if lane >= rows.count, factor == .one { continue }
            let held = positionLane(lane, kind, row)
            var counted = held
            if kind == .initial { counted &+= table[row, 2 * table.count + lane / 4][lane % 4] }
            if lane < rows.count, counted < 0 {
                let dampener = rows[lane].dampener.units &<< bits
                counted = min(0, counted + dampener.scaled(by: Real(lanes.factor)))
            }
            let unscaled = RiskState.unscaled(held, by: lanes.scales[lane])
            result.append(
                ScenarioProfit(
                    cause: lane < rows.count ? .scenario(rows[lane]) : .strike,
                    move: RiskState.nearest(factor - .one),
                    weight: RiskState.nearest(lanes.weights[lane]),
                    counted: Amount(microunits: counted &>> bits),
                    profit: unscaled.map { Amount(microunits: $0 &>> bits) }))
        }
        return result
    }

    /// Scenarios of a rule that asks expiry by expiry.
    private func expiryProfits(
        _ place: Int, _ underlying: UnderlyingIdentifier, _ kind: RuleKind, _ market: OpenMarket,
        _ lanes: ScenarioLanes.Rule
    ) -> [ScenarioProfit] {
        let rows = parameters[Int(underlying.number)].rule(kind).scenarios
        let bits = fractionBits[Int(underlying.number)]
        let row = row(accounts[place], underlying)
        let factor = Real(lanes.factor)
        let results = resultsByExpiry(place, of: underlying, market, under: kind, nil)
        var profits: [ScenarioProfit] = []
        for lane in rows.indices {
            profits.append(
                ScenarioProfit(
                    cause: .scenario(rows[lane]),
                    move: RiskState.nearest(lanes.lanes[lane].factor - .one),
                    weight: RiskState.nearest(lanes.weights[lane]),
                    counted: Amount(microunits: results.lanes[lane].scaled(by: factor) &>> bits),
                    profit: Amount(microunits: positionLane(lane, kind, row) &>> bits)))
        }
        profits.append(
            ScenarioProfit(
                cause: .forwards, move: .zero, weight: .one,
                counted: Amount(microunits: results.basis.scaled(by: factor) &>> bits),
                profit: nil))
        return profits
    }

    /// A real number as a ratio, rounded to the nearest: for the eye.
    private static func nearest(_ value: Real) -> Ratio {
        Ratio(value + Real(1, over: 2 * Ratio.one.units))
    }

    /// L of one scenario.
    private func positionLane(_ lane: Int, _ kind: RuleKind, _ row: LaneRow) -> Int64 {
        let first = kind == .initial ? 0 : table.count
        return table[row, first + lane / 4][lane % 4]
    }

    private static func unscaled(_ lane: Int64, by scale: Real) -> Int64? {
        guard scale > .zero else { return nil }
        return Int64(
            clamping: (Int128(lane) << Int128(Real.fractionBits)) / Int128(scale.bits))
    }

    /// What an account is charged, ascending by instrument. The amounts sum to
    /// `MarginBreakdown.charges`.
    public func chargeParts(
        of account: AccountIdentifier, under kind: RuleKind
    ) -> [ChargePart] {
        let list = accounts[Int(account.number)].exposures
        var call = NettedCall()
        var parts: [ChargePart] = []
        for slot in 0..<list.count {
            let exposure = exposurePool[list, slot]
            let terms = lots[Int(exposure.instrument.number)]
            let charge = kind == .initial ? terms.initial : terms.maintenance
            let reach = Reach(exposure, kind, nil)
            var sums = floorSums(exposure.instrument, kind, lots: reach.gross)
            sums.append(
                (.funding, max(0, reach.high * charge.fundingDue, reach.low * charge.fundingDue)))
            if isNettedCall(list, slot) {
                call = NettedCall(put: Int(exposure.instrument.number) + 1, low: reach.low)
            } else {
                let short = max(0, -reach.low - call.low(for: Int(exposure.instrument.number)))
                sums.append((.shortOption, charge.shortFloor * short))
            }
            parts += RiskState.rounded(sums, exposure.instrument, bits: terms.fractionBits)
            if reach.gross >= terms.concentrationFrom {
                let place = Int(exposure.instrument.number)
                let amount = Amount(
                    microunits: concentration(of: place, lots: reach.gross, under: kind))
                if amount.isPositive {
                    parts.append(
                        ChargePart(
                            kind: .concentration, instrument: exposure.instrument, amount: amount))
                }
            }
        }
        return parts
    }

    /// The parts of the floor on so many lots, in 2^-fractionBits µ.
    private func floorSums(
        _ instrument: InstrumentIdentifier, _ kind: RuleKind, lots count: Int64
    ) -> [(kind: ChargeKind, sum: Int64)] {
        let risk = instruments[Int(instrument.number)]
        let underlying = Int(risk.instrument.underlying.number)
        guard risk.isPriced, let market = markets[underlying] else { return [] }
        // It has been calculated before, so it fits.
        let parts = proven { () throws(ArithmeticFault) in
            let worth = try risk.instrument.lotValue(
                at: market.view.index, fractionBits: risk.fractionBits)
            return try risk.floorParts(kind, worth, market.view, parameters[underlying])
        }
        return [
            (.gross, parts.gross * count), (.haircut, parts.haircut * count),
            (.exitFee, parts.exitFee * count), (.peg, parts.peg * count),
            (.confidence, parts.confidence * count),
        ]
    }

    /// An instrument's charges in whole µ: their sum is rounded up as a whole, and what the others
    /// leave of it is the last one's.
    private static func rounded(
        _ sums: [(kind: ChargeKind, sum: Int64)], _ instrument: InstrumentIdentifier, bits: Int64
    ) -> [ChargePart] {
        let charged = sums.filter { $0.sum > 0 }
        var rest = -(-charged.reduce(0) { $0 + $1.sum } &>> bits)
        var parts: [ChargePart] = []
        for place in charged.indices {
            let isLast = place == charged.count - 1
            let amount = isLast ? rest : charged[place].sum &>> bits
            rest -= amount
            guard amount > 0 else { continue }
            parts.append(
                ChargePart(
                    kind: charged[place].kind, instrument: instrument,
                    amount: Amount(microunits: amount)))
        }
        return parts
    }
}
