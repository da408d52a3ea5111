/// M as it stands, for those who show it.

public import Canonical
public import Estimation
import FixedPoint
import Risk

extension Ledger {
    /// The sizes of the move that the margin of an underlying covers; nil for none such.
    public func marginMoves(of underlying: UnderlyingIdentifier) -> MarginMoves? {
        let place = Int(underlying.number)
        guard place < state.genesis.margins.count else { return nil }
        return state.marginModel(of: underlying)?.moves
            ?? MarginMoves(state.genesis.margins[place].move)
    }

    /// Why it is so; nil where genesis fixes it.
    public func marginReport(of underlying: UnderlyingIdentifier) -> MarginReport? {
        state.marginModel(of: underlying)?.report
    }
}
