/// Why a catalogue is refused: which list, which entry, which field, and what is wrong with it.

/// A rule of the catalogue that an entry breaks.
public struct CatalogueFault: Error, Equatable, Sendable {
    /// The list that holds the entry.
    public enum List: String, Sendable {
        case compartments, underlyings, instruments, feeTiers, listingRules
    }

    /// The field at fault.
    public enum Field: String, Sendable {
        case count, symbol, asset, quoteCurrency, vaultLimit, insuranceShare, insuranceTarget
        case insuranceDailyShare, insuranceAccountShare, fractionBits, maximumIndexPrice
        case listingPrice
        case underlying, compartment, tickSize, lotSize, maximumPrice, maximumOrderQuantity
        case positionLimit, openInterestLimit, priceBand, maker, taker
        case kind, expiry, strike, calendar, strikeStep, strikesEachSide
        case debtLimit, debtShare, debtInterest
    }

    /// What is wrong with it.
    public enum Reason: String, Sendable {
        case outOfRange = "is out of range"
        case duplicate = "stands twice"
        case unknown = "names nothing in the catalogue"
        case tickValueNotWhole = "tick size × lot size is not a whole number of micro-units"
        case notionalTooLarge =
            "position limits × highest prices exceed 2^53 µ, or 2^57 with fraction bits"
        case venueTooLarge =
            "the position limits × highest prices of the venue exceed 2^56 micro-units"
        case lotTooSmall = "one lot is worth less than $1 at listing, fraction bits counted"
        case lotTooLarge = "one lot at the highest price is worth more than 2^30 micro-units"
        case gridTooShort = "the highest index price lies above the highest order price"
        case exhausted = "would be one more than there are identifiers"
        case unpaired = "is not the put of the call before it, or the call of the put behind it"
        case offTime = "is not a whole second"
        case tradeWithoutFee = "a trade could leave the venue less than 0.5 basis points"
    }

    public let list: List
    /// The place in the list, from 0.
    public let index: Int
    public let field: Field
    public let reason: Reason

    public init(_ list: List, _ index: Int, _ field: Field, _ reason: Reason) {
        self.list = list
        self.index = index
        self.field = field
        self.reason = reason
    }
}
