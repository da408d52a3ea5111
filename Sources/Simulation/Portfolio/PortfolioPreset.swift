/// The margin rules that a portfolio is judged by: presets by name, with what the file states of an
/// underlying.

import FixedPoint
import Risk

extension MarginPreset {
    /// The rules for one underlying. M and concentration are Rampart's alone; the other presets
    /// publish their own numbers.
    func parameters(for underlying: PortfolioUnderlying) -> MarginParameters {
        let asset = MarginPreset.asset(underlying.symbol)
        guard self == .rampart else { return parameters(asset) }
        guard underlying.listsOptions else {
            var parameters = MarginParameters.rampart(
                move: underlying.move ?? MarginPreset.linearMove(asset),
                initialFactor: Ratio(basisPoints: asset == .other ? 20_000 : 15_000),
                grossFloor: Ratio(basisPoints: asset == .other ? 200 : 50))
            parameters.concentration = underlying.concentration
            return parameters
        }
        return .rampartOptions(
            move: underlying.move ?? MarginPreset.optionMove(asset),
            concentration: underlying.concentration)
    }

    private static func asset(_ symbol: String) -> PresetAsset {
        switch symbol {
        case "BTC": .bitcoin
        case "ETH": .ether
        default: .other
        }
    }

    /// M without options: `facts/risk.md`, "Default parameters", the floors.
    private static func linearMove(_ asset: PresetAsset) -> Ratio {
        switch asset {
        case .bitcoin: Ratio(basisPoints: 600)
        case .ether: Ratio(basisPoints: 800)
        case .other: Ratio(basisPoints: 2_000)
        }
    }

    /// M with options: the same page, the floor of the range for options; for ether a quarter
    /// more.
    private static func optionMove(_ asset: PresetAsset) -> Ratio {
        switch asset {
        case .bitcoin: Ratio(basisPoints: 1_200)
        case .ether: Ratio(basisPoints: 1_500)
        case .other: Ratio(basisPoints: 2_000)
        }
    }
}
