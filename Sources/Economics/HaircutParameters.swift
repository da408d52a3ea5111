/// How the haircut of collateral that is not the quote asset follows what it could be sold for: the
/// depth of its sources against all that the compartment holds of it, and its distance from par.
/// Defaults are ours; docs/protection.md says what they come to.

public import Canonical
public import FixedPoint

/// The rules by which haircuts respond, one set for the chain.
public struct HaircutParameters: Equatable, Sendable {
    /// What is added for each time that the holdings are as large as the depth within 2 % of the
    /// price, in `0 ... 1`: selling so much into an even book costs half of those 2 %.
    public var depthCharge: Ratio
    /// The price below which a pegged asset is charged, in units of its par; in `0 ... 1`.
    public var pegThreshold: Ratio
    /// How much is added for each unit that the price is below the threshold, in `0 ... 8`.
    public var pegFactor: Ratio
    /// What the initial haircut adds for each unit that the maintenance haircut would, in `1 ...
    /// 8`: so that a small change of depth closes nobody who has just borrowed.
    public var initialFactor: Ratio
    /// Most that is added, in `0 ... 1`.
    public var most: Ratio
    /// Most by which the maintenance haircut rises within an hour, in `(0, 1]`.
    public var hourlyRise: Ratio
    /// Most by which either haircut falls within an hour, in `(0, 1]`.
    public var hourlyFall: Ratio
    /// Underlyings whose par is one unit of the currency of indices, ascending.
    public var pegged: [UnderlyingIdentifier]
    /// The underlying whose index is the price of the quote asset; nil takes it to be at par.
    public var quotePeg: UnderlyingIdentifier?

    public init(
        depthCharge: Ratio, pegThreshold: Ratio, pegFactor: Ratio, initialFactor: Ratio,
        most: Ratio, hourlyRise: Ratio, hourlyFall: Ratio, pegged: [UnderlyingIdentifier] = [],
        quotePeg: UnderlyingIdentifier? = nil
    ) {
        self.depthCharge = depthCharge
        self.pegThreshold = pegThreshold
        self.pegFactor = pegFactor
        self.initialFactor = initialFactor
        self.most = most
        self.hourlyRise = hourlyRise
        self.hourlyFall = hourlyFall
        self.pegged = pegged
        self.quotePeg = quotePeg
    }

    /// For a venue: 1 % for each depth that is held, four times what is missing to 0.995, half as
    /// much again for initial margin, at most 50 %; the maintenance haircut rises by 10 % an hour,
    /// and both fall by 2 %.
    public static var standard: HaircutParameters {
        HaircutParameters(
            depthCharge: Ratio(basisPoints: 100), pegThreshold: Ratio(basisPoints: 9_950),
            pegFactor: Ratio(basisPoints: 40_000), initialFactor: Ratio(basisPoints: 15_000),
            most: Ratio(basisPoints: 5_000),
            hourlyRise: Ratio(basisPoints: 1_000), hourlyFall: Ratio(basisPoints: 200))
    }

    /// The largest factor of either kind.
    private static let factorLimit: Int64 = 8

    /// The first field that is out of range, by name.
    ///
    /// - Parameter underlyings: how many there are.
    public func faultyField(underlyings: Int) -> StaticString? {
        func isShare(_ ratio: Ratio) -> Bool { !ratio.isNegative && ratio <= .one }
        if !isShare(depthCharge) { return "depthCharge" }
        if !isShare(pegThreshold) { return "pegThreshold" }
        if pegFactor.isNegative
            || pegFactor.units > HaircutParameters.factorLimit * Ratio.one.units
        {
            return "pegFactor"
        }
        if initialFactor < .one
            || initialFactor.units > HaircutParameters.factorLimit * Ratio.one.units
        {
            return "initialFactor"
        }
        if !isShare(most) { return "most" }
        if !isShare(hourlyRise) || hourlyRise == .zero { return "hourlyRise" }
        if !isShare(hourlyFall) || hourlyFall == .zero { return "hourlyFall" }
        for place in pegged.indices {
            guard Int(pegged[place].number) < underlyings,
                place == 0 || pegged[place - 1] < pegged[place]
            else { return "pegged" }
        }
        if let quotePeg, Int(quotePeg.number) >= underlyings { return "quotePeg" }
        return nil
    }
}

extension HaircutParameters: CanonicalValue {
    /// Most underlyings at par; as many as there may be (`Bounds.underlyings`).
    private static let peggedLimit = 64

    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(depthCharge)
        encoder.append(pegThreshold)
        encoder.append(pegFactor)
        encoder.append(initialFactor)
        encoder.append(most)
        encoder.append(hourlyRise)
        encoder.append(hourlyFall)
        encoder.append(pegged)
        encoder.append(quotePeg)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        depthCharge = try decoder.quantity()
        pegThreshold = try decoder.quantity()
        pegFactor = try decoder.quantity()
        initialFactor = try decoder.quantity()
        most = try decoder.quantity()
        hourlyRise = try decoder.quantity()
        hourlyFall = try decoder.quantity()
        pegged = try decoder.list(limit: HaircutParameters.peggedLimit)
        quotePeg = try decoder.optional()
    }
}
