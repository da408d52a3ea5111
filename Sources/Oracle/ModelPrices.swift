/// The mark of what has a model price: a future's forward, an option's value, the index of a spot
/// asset. It is the model price pulled toward the middle of the book by a smoothed premium, which
/// stays within a share of the model price (DESIGN 7: "the model price pulled toward the book
/// within a band").

public import Canonical
public import FixedPoint

/// How far and how fast the book pulls a mark.
public struct ModelParameters: Equatable, Sendable {
    /// The premium stays within ± this share of the model price, in `0 ... 0.5`.
    public var premiumClamp: Ratio
    /// Time constant of the premium's moving average; at most a day.
    public var premiumAveraging: Duration
    /// The notional whose average price on each side is the impact price; of an option, the premium
    /// paid.
    public var impactNotional: Amount

    public init(premiumClamp: Ratio, premiumAveraging: Duration, impactNotional: Amount) {
        self.premiumClamp = premiumClamp
        self.premiumAveraging = premiumAveraging
        self.impactNotional = impactNotional
    }

    /// Of futures: 0.5 % as of the large perpetuals (`facts/risk.md`), $20,000 on each side.
    public static let future = ModelParameters(
        premiumClamp: Ratio(basisPoints: 50), premiumAveraging: .seconds(30),
        impactNotional: Amount(microunits: 20_000_000_000))
    /// Of options: a tenth of the value, $500 of premium on each side. Ours.
    public static let option = ModelParameters(
        premiumClamp: Ratio(basisPoints: 1_000), premiumAveraging: .seconds(30),
        impactNotional: Amount(microunits: 500_000_000))
    /// Of spot: the index alone, since collateral must not be worth what its own book says.
    public static let spot = ModelParameters(
        premiumClamp: .zero, premiumAveraging: .seconds(30),
        impactNotional: Amount(microunits: 20_000_000_000))

    /// Largest clamp. Ours.
    static let largestClamp = Ratio(basisPoints: 5_000)

    /// Whether every field is in range.
    var isValid: Bool {
        !premiumClamp.isNegative && premiumClamp <= ModelParameters.largestClamp
            && premiumAveraging > .zero && premiumAveraging <= .day
            && impactNotional.isPositive && impactNotional.units <= 1 << 49
    }
}

/// The price state of one instrument with a model price.
public struct ModelPrices: Equatable, Sendable {
    public let parameters: ModelParameters
    /// The smoothed distance of the book from the model, in 10⁻⁶ quote.
    public private(set) var premium = IndexPrice.zero
    /// What the model says; not negative.
    public private(set) var model = IndexPrice.zero
    /// What positions are worth; not negative, and zero before the first model price.
    public private(set) var mark = IndexPrice.zero
    /// Whether there has been a model price.
    public private(set) var isPriced = false

    public init(parameters: ModelParameters) { self.parameters = parameters }

    /// Sets the mark from a model price and the smoothed premium.
    ///
    /// - Parameters:
    ///   - price: clamped to `0 ... highest`.
    ///   - highest: the instrument's highest order price, which no mark exceeds (`Bounds`).
    /// - Returns: whether the mark changed, or is the first.
    public mutating func setModel(_ price: IndexPrice, highest: IndexPrice) -> Bool {
        model = price.clamped(.zero, highest)
        let bound = bound
        // Both are at most 1.5 times a price that fits far below 2⁶².
        let new = (model + premium.clamped(.zero - bound, bound)).clamped(.zero, highest)
        defer {
            mark = new
            isPriced = true
        }
        return new != mark || !isPriced
    }

    /// Takes one step of pricing time: smooths the premium.
    ///
    /// - Parameter mid: of the book; nil where a side is too thin, which counts as no premium.
    public mutating func step(mid: IndexPrice?, elapsed: Duration) {
        let bound = bound
        let sample = mid.map { ($0 - model).clamped(.zero - bound, bound) } ?? .zero
        let step = Int128(elapsed.nanoseconds)
        let constant = Int128(parameters.premiumAveraging.nanoseconds)
        let change = (Int128(sample.units) - Int128(premium.units)) * step / (step + constant)
        // Between what it was and the sample, so it fits.
        premium += IndexPrice(units: Int64(change))
    }

    /// How far the premium may go; rounded down.
    private var bound: IndexPrice {
        // The clamp is at most one half, so it fits.
        IndexPrice(
            units: Int64(
                Int128(model.units) * Int128(parameters.premiumClamp.units)
                    / Int128(Ratio.one.units)))
    }
}

extension ModelPrices {
    /// Appends everything but the parameters, which genesis holds.
    public func encodeState(into encoder: inout CanonicalEncoder) {
        encoder.append(premium)
        encoder.append(model)
        encoder.append(mark)
        encoder.append(isPriced)
    }

    /// Reads what `encodeState` wrote.
    ///
    /// - Throws: `DecodingFault`.
    public mutating func decodeState(
        from decoder: inout CanonicalDecoder
    ) throws(DecodingFault) {
        let start = decoder.offset
        premium = try decoder.quantity()
        model = try decoder.quantity()
        mark = try decoder.quantity()
        isPriced = try decoder.boolean()
        guard !model.isNegative, !mark.isNegative, premium.magnitudeIsBelow(ModelPrices.limit),
            model < ModelPrices.limit
        else { throw DecodingFault(.outOfRange, at: start) }
    }

    /// No price comes near: 2⁶¹ millionths.
    private static let limit = IndexPrice(micros: 1 << 61)
}

extension IndexPrice {
    fileprivate func magnitudeIsBelow(_ limit: IndexPrice) -> Bool {
        self < limit && self > .zero - limit
    }
}

extension ModelParameters: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(premiumClamp)
        encoder.append(premiumAveraging.nanoseconds)
        encoder.append(impactNotional)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        premiumClamp = try decoder.quantity()
        premiumAveraging = Duration(nanoseconds: try decoder.uint64())
        impactNotional = try decoder.quantity()
    }
}
