/// What a compartment holds and owes beside its accounts: the vault, the insurance fund, the fee
/// account and the fractions of micro-units that funding leaves behind.

public import Canonical
public import FixedPoint

/// The money of one compartment that is not in an account.
public struct CompartmentFunds: Equatable, Sendable {
    /// What the vault holds: everything that came in and has not gone out.
    public internal(set) var vault = Amount.zero
    /// What stands between a bankrupt account and the others. Never negative.
    public internal(set) var insurance = Amount.zero
    /// What the venue has earned.
    public internal(set) var fees = Amount.zero
    /// Funding paid and not yet passed on, in 2⁻²⁴ µ; below one micro-unit after every block.
    public internal(set) var fundingRemainder: Int128 = 0
    /// The UTC day that the two figures below belong to, in days since 1970.
    public internal(set) var insuranceDay: UInt64 = 0
    /// What the fund held when that day began.
    public internal(set) var insuranceAtDayStart = Amount.zero
    /// What the fund has paid since.
    public internal(set) var insurancePaidToday = Amount.zero

    init() {}
}

extension CompartmentFunds: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(vault)
        encoder.append(insurance)
        encoder.append(fees)
        encoder.append(fundingRemainder)
        encoder.append(insuranceDay)
        encoder.append(insuranceAtDayStart)
        encoder.append(insurancePaidToday)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        vault = try decoder.quantity()
        insurance = try decoder.quantity()
        fees = try decoder.quantity()
        fundingRemainder = try decoder.int128()
        insuranceDay = try decoder.uint64()
        insuranceAtDayStart = try decoder.quantity()
        insurancePaidToday = try decoder.quantity()
    }
}

/// What all positions of one instrument share.
public struct InstrumentTotals: Equatable, Sendable {
    /// Funding paid by one long lot since listing, in 2⁻²⁴ µ.
    public internal(set) var fundingIndex: Int64 = 0
    /// The sum of all long positions.
    public internal(set) var openInterest = Quantity.zero
    /// Of spot, what the vault of the asset holds, which is what all holders have together (law 2);
    /// of everything else zero.
    public internal(set) var holdings = Quantity.zero

    init() {}
}

extension InstrumentTotals: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(fundingIndex)
        encoder.append(openInterest)
        encoder.append(holdings)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        fundingIndex = try decoder.int64()
        openInterest = try decoder.quantity()
        holdings = try decoder.quantity()
    }
}
