/// The cap on a market's open interest: the least of what the formula lets all owners have, of what
/// the insurance fund could pay for, of a share of the daily volume and of the float, and of the
/// venue's own limit. It moves toward that least at a bounded rate, so that neither lying depth nor
/// a sudden deposit into the fund moves it far (`facts/risk.md`, attack 12).
///
/// A market is an underlying in a compartment: its instruments share an index and a fund.

public import Canonical
public import FixedPoint

/// What a cap is the least of.
public enum CapCause: UInt8, CaseIterable, Sendable {
    /// Cost must exceed profit by the safety factor, for each owner.
    case manipulation = 0
    /// The fund must pay for a gap.
    case fund = 1
    /// A tenth of the median daily volume.
    case volume = 2
    /// A fiftieth of the float.
    case float = 3
    /// The limit of genesis.
    case hardLimit = 4
    /// Everything else is less than the least cap of genesis.
    case leastCap = 5
}

/// Where a cap would stand if it could move at once.
public struct CapTarget: Equatable, Sendable {
    /// In µ.
    public let amount: Amount
    public let cause: CapCause

    /// The least of all limits, and no less than the least cap. Limits are rounded down.
    ///
    /// - Parameters:
    ///   - cost: of moving the index.
    ///   - fund: what the compartment's insurance fund holds.
    public init(_ cost: ManipulationCost, fund: Amount, _ parameters: EconomicParameters) {
        let limits: [(Amount, CapCause)] = [
            (CapTarget.whole(of: cost.ownerLimit, parameters.ownerShare), .manipulation),
            (CapTarget.whole(of: max(.zero, fund), parameters.gapLoss), .fund),
            (
                CapTarget.share(EconomicParameters.volumeShare, of: parameters.dailyVolume),
                .volume
            ),
            (CapTarget.share(EconomicParameters.floatShare, of: parameters.float), .float),
        ]
        var least = parameters.hardLimit
        var cause = CapCause.hardLimit
        for (amount, own) in limits where amount < least { (least, cause) = (amount, own) }
        if least < parameters.leastCap { (least, cause) = (parameters.leastCap, .leastCap) }
        amount = least
        self.cause = cause
    }

    /// The amount of which a part is this share, rounded down.
    private static func whole(of part: Amount, _ share: Ratio) -> Amount {
        Amount(
            microunits: Int64(
                clamping: Int128(part.units) * Int128(Ratio.one.units) / Int128(share.units)))
    }

    /// A share, rounded down; of zero, which does not limit, the end of the range.
    private static func share(_ share: Ratio, of amount: Amount) -> Amount {
        guard amount.isPositive else { return .max }
        return Amount(
            microunits: Int64(
                Int128(amount.units) * Int128(share.units) / Int128(Ratio.one.units)))
    }
}

/// The cap of one market.
public struct InterestCap: Equatable, Sendable {
    public let compartment: CompartmentIdentifier
    /// In µ of notional at the index; never below the least cap.
    public private(set) var amount: Amount

    /// A cap that starts where it would stand.
    public init(compartment: CompartmentIdentifier, at target: CapTarget) {
        self.compartment = compartment
        amount = target.amount
    }

    /// Moves toward the target, by no more than the hourly shares for the time that passed.
    ///
    /// - Parameter elapsed: more than an hour counts as one.
    /// - Returns: whether it moved.
    public mutating func follow(
        _ target: CapTarget, elapsed: Duration, _ parameters: EconomicParameters
    ) -> Bool {
        guard amount != target.amount else { return false }
        let isFalling = target.amount < amount
        let share = isFalling ? parameters.hourlyFall : parameters.hourlyRise
        let time = Int128(min(elapsed, .hour).nanoseconds)
        // The share is at most 1 and the time at most an hour: no more than the cap itself.
        let hourly = Int128(amount.units) * Int128(share.units) / Int128(Ratio.one.units)
        let reach = Int64(hourly * time / Int128(Duration.hour.nanoseconds))
        guard reach > 0 else { return false }
        let room = isFalling ? amount - target.amount : target.amount - amount
        let step = min(room, Amount(microunits: reach))
        amount = isFalling ? amount - step : amount + step
        return true
    }

    /// What one owner may have of it, in µ, rounded down.
    public func ownerLimit(_ parameters: EconomicParameters) -> Amount {
        Amount(
            microunits: Int64(
                Int128(amount.units) * Int128(parameters.ownerShare.units)
                    / Int128(Ratio.one.units)))
    }
}

extension InterestCap: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(compartment)
        encoder.append(amount)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        compartment = try decoder.value()
        amount = try decoder.quantity()
    }
}
