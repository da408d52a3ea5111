/// What is listed in one step because it belongs together: a future, or the call and the put of one
/// expiry and strike; and how it is named.

public import Canonical
public import FixedPoint

/// A dated contract, or a pair of them.
@frozen
public enum DatedContract: Equatable, Sendable {
    case future(expiry: Timestamp)
    /// A call and a put.
    case pair(expiry: Timestamp, strike: IndexPrice)

    /// When it settles.
    public var expiry: Timestamp {
        switch self {
        case .future(let expiry), .pair(let expiry, _): expiry
        }
    }

    /// The strike of a pair; nil for a future.
    public var strike: IndexPrice? {
        if case .pair(_, let strike) = self { strike } else { nil }
    }

    /// The kinds of instrument that it consists of, in the order of listing: call, then put.
    var kinds: [InstrumentKind] {
        switch self {
        case .future(let expiry): [.future(expiry: expiry)]
        case .pair(let expiry, let strike):
            [OptionRight.call, .put].map {
                .option(OptionSeries(expiry: expiry, strike: strike, right: $0))
            }
        }
    }

    /// By expiry, the future before the options, these by strike.
    static func precedes(_ left: DatedContract, _ right: DatedContract) -> Bool {
        if left.expiry != right.expiry { return left.expiry < right.expiry }
        return (left.strike ?? .zero) < (right.strike ?? .zero)
    }
}

/// The grid and the limits of a contract, and its compartment.
public struct ContractTerms: Equatable, Sendable {
    public let compartment: CompartmentIdentifier
    /// As of `Instrument`, like all that follow.
    public let tickSize: IndexPrice
    public let lotSize: Int64
    public let maximumPrice: Price
    public let maximumOrderQuantity: Quantity
    public let positionLimit: Quantity
    public let openInterestLimit: Quantity
    public let priceBand: Ratio

    public init(
        compartment: CompartmentIdentifier, tickSize: IndexPrice, lotSize: Int64,
        maximumPrice: Price, maximumOrderQuantity: Quantity, positionLimit: Quantity,
        openInterestLimit: Quantity, priceBand: Ratio
    ) {
        self.compartment = compartment
        self.tickSize = tickSize
        self.lotSize = lotSize
        self.maximumPrice = maximumPrice
        self.maximumOrderQuantity = maximumOrderQuantity
        self.positionLimit = positionLimit
        self.openInterestLimit = openInterestLimit
        self.priceBand = priceBand
    }

    /// The instruments of a contract under these terms; nil where a name would be longer than a
    /// symbol.
    public func instruments(
        of contract: DatedContract, on underlying: UnderlyingIdentifier, named name: Symbol
    ) -> [Instrument]? {
        var instruments: [Instrument] = []
        for kind in contract.kinds {
            guard let symbol = Symbol(name.characters + ContractName.suffix(of: kind)) else {
                return nil
            }
            instruments.append(
                Instrument(
                    symbol: symbol, underlying: underlying, compartment: compartment,
                    tickSize: tickSize, lotSize: lotSize, maximumPrice: maximumPrice,
                    maximumOrderQuantity: maximumOrderQuantity, positionLimit: positionLimit,
                    openInterestLimit: openInterestLimit, priceBand: priceBand, kind: kind))
        }
        return instruments
    }
}

extension Instrument {
    /// Its grid, its limits and its compartment.
    public var terms: ContractTerms {
        ContractTerms(
            compartment: compartment, tickSize: tickSize, lotSize: lotSize,
            maximumPrice: maximumPrice, maximumOrderQuantity: maximumOrderQuantity,
            positionLimit: positionLimit, openInterestLimit: openInterestLimit,
            priceBand: priceBand)
    }
}

/// Names as Deribit gives them: BTC-27MAR26 for a future, BTC-27MAR26-100000-C for a call. The day
/// has no leading zero, and `d` stands for the decimal point of a strike (0d25).
enum ContractName {
    private static let months = Array("JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC".utf8)
    private static let hyphen = UInt8(ascii: "-")

    /// What follows the name of the underlying.
    static func suffix(of kind: InstrumentKind) -> [UInt8] {
        guard let expiry = kind.expiry else { return [] }
        let date = CivilDate(of: expiry)
        let month = 3 * Int(date.month - 1)
        var text = [hyphen] + digits(date.day) + months[month..<(month + 3)]
        let year = digits(date.year % 100)
        text += (year.count == 1 ? [UInt8(ascii: "0")] : []) + year
        if let series = kind.series {
            text += [hyphen] + decimal(series.strike) + [hyphen]
            text.append(series.right == .call ? UInt8(ascii: "C") : UInt8(ascii: "P"))
        }
        return text
    }

    private static func decimal(_ strike: IndexPrice) -> [UInt8] {
        let million: Int64 = 1_000_000
        // A strike that is not positive is refused before it matters what it is called.
        let units = max(strike, .zero).units
        var text = digits(units / million)
        var rest = units % million
        guard rest > 0 else { return text }
        text.append(UInt8(ascii: "d"))
        var place = million / 10
        while rest > 0 {
            text += digits(rest / place)
            rest %= place
            place /= 10
        }
        return text
    }

    /// - Parameter number: not negative.
    private static func digits(_ number: Int64) -> [UInt8] {
        var rest = number
        var text: [UInt8] = []
        repeat {
            text.insert(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10), at: 0)
            rest /= 10
        } while rest > 0
        return text
    }
}

extension DatedContract: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        switch self {
        case .future(let expiry):
            encoder.append(UInt8(0))
            encoder.append(expiry)
        case .pair(let expiry, let strike):
            encoder.append(UInt8(1))
            encoder.append(expiry)
            encoder.append(strike)
        }
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        let start = decoder.offset
        switch try decoder.byte() {
        case 0: self = .future(expiry: try decoder.timestamp())
        case 1: self = .pair(expiry: try decoder.timestamp(), strike: try decoder.quantity())
        default: throw DecodingFault(.unknownTag, at: start)
        }
    }
}

extension ContractTerms: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(compartment)
        encoder.append(tickSize)
        encoder.append(lotSize)
        encoder.append(maximumPrice)
        encoder.append(maximumOrderQuantity)
        encoder.append(positionLimit)
        encoder.append(openInterestLimit)
        encoder.append(priceBand)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        compartment = try decoder.value()
        tickSize = try decoder.quantity()
        lotSize = try decoder.int64()
        maximumPrice = try decoder.quantity()
        maximumOrderQuantity = try decoder.quantity()
        positionLimit = try decoder.quantity()
        openInterestLimit = try decoder.quantity()
        priceBand = try decoder.quantity()
    }
}
