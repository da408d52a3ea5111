/// The margin rules that have a name: Rampart's own, and those that venues publish (docs/margin.md).
/// One place to add another.

public import FixedPoint

/// A named set of margin rules.
public enum MarginPreset: UInt8, CaseIterable, Sendable {
    /// Rampart's own.
    case rampart = 0

    /// The rules for one underlying.
    public func parameters(for terms: PresetTerms) -> MarginParameters {
        switch self {
        case .rampart: MarginPreset.rampart(terms)
        }
    }

    private static func rampart(_ terms: PresetTerms) -> MarginParameters {
        guard terms.listsOptions else {
            var parameters = MarginParameters.rampart(
                move: terms.move ?? terms.asset.linearMove,
                initialFactor: Ratio(basisPoints: terms.asset == .other ? 20_000 : 15_000),
                grossFloor: Ratio(basisPoints: terms.asset == .other ? 200 : 50))
            parameters.concentration = terms.concentration
            return parameters
        }
        return .rampartOptions(
            move: terms.move ?? terms.asset.optionMove, concentration: terms.concentration)
    }
}

/// What a preset is told of an underlying.
public struct PresetTerms: Equatable, Sendable {
    /// The underlyings for which parameters are published one by one.
    public enum Asset: Sendable {
        case bitcoin, ether, other
    }

    public var asset: Asset
    public var listsOptions: Bool
    /// The margin move of Rampart's rule; nil takes the asset's.
    public var move: Ratio?
    public var concentration: Concentration

    public init(
        asset: Asset, listsOptions: Bool, move: Ratio? = nil, concentration: Concentration = .none
    ) {
        self.asset = asset
        self.listsOptions = listsOptions
        self.move = move
        self.concentration = concentration
    }
}

extension PresetTerms.Asset {
    /// M without options: `facts/risk.md`, "Default parameters", the floors.
    var linearMove: Ratio {
        switch self {
        case .bitcoin: Ratio(basisPoints: 600)
        case .ether: Ratio(basisPoints: 800)
        case .other: Ratio(basisPoints: 2_000)
        }
    }

    /// M with options: the same page, the floor of the range for options, and for ether as much
    /// more as without.
    var optionMove: Ratio {
        switch self {
        case .bitcoin: Ratio(basisPoints: 1_200)
        case .ether: Ratio(basisPoints: 1_500)
        case .other: Ratio(basisPoints: 2_000)
        }
    }
}
