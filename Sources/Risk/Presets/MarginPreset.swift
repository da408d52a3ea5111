/// The margin rules that have a name. Genesis files and the portfolio tool choose by it.

public import FixedPoint

/// A named set of margin rules.
public enum MarginPreset: String, CaseIterable, Sendable {
    case rampart
    case deribit
    case paradex
    case derive = "derive-pmrm-2"
    case span

    /// Its parameters for an asset, as published.
    ///
    /// - Parameter feeRate: the account's highest rate, which Paradex keeps a provision for.
    public func parameters(
        _ asset: PresetAsset = .bitcoin, feeRate: Ratio = .zero
    ) -> MarginParameters {
        switch self {
        case .rampart: .rampartOptions()
        case .deribit: .deribit(asset)
        case .paradex: .paradex(asset, fee: feeRate)
        case .derive: .derive()
        case .span: .span()
        }
    }
}
