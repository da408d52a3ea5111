/// The throttle of forced closing: of what the book shows inside the widest band no more than a
/// share is taken in a window, whoever is liquidated or converted (`ClosingWindow`).

import Canonical
import Catalogue
import FixedPoint
import Liquidation
import Markets
import Risk

/// What a side of a book shows inside a limit.
struct ShownDepth {
    /// As many as were asked for, or all.
    var lots = Quantity.zero
    /// What the first of them cost against the mark, in µ; negative is a gain.
    var cost: Int128 = 0
    /// How many those first ones are.
    var counted = Quantity.zero
}

extension LedgerState {
    /// How many lots forced closing may take of a book now; begins a window where none is under
    /// way. To be asked only when something could be closed.
    mutating func closingRoom(in instrument: InstrumentIdentifier, sells: Bool) -> Quantity {
        let place = Int(instrument.number)
        let share = liquidationRule.depthShare(of: catalogue.instruments[place].kind)
        guard share.isPositive else { return .max }
        let last = closings.window(of: place, sells: sells)
        // Counted before the block's first closing, and not again: what that takes comes back.
        guard closings.takeCount(of: place, sells: sells) else { return last?.room ?? .zero }
        let depth = shownDepth(
            in: instrument, sells: sells, limit: widestLimit(of: place, sells: sells), most: .max)
        var window = ClosingWindow(start: facts.time, depth: depth.lots, share: share)
        if var current = last, !liquidationRule.isOver(current, at: facts.time) {
            guard current.count(depth.lots, share: share) else {
                closings.setWindow(current, of: place, sells: sells)
                return current.room
            }
            window = current
        }
        closings.setWindow(window, of: place, sells: sells)
        emit(
            .closingAllowed(
                instrument, sells: sells, depth: window.depth, allowance: window.allowance))
        return window.room
    }

    /// Counts lots that were closed by force.
    mutating func countClosing(_ lots: Quantity, in instrument: InstrumentIdentifier, sells: Bool) {
        let place = Int(instrument.number)
        guard lots.isPositive, var window = closings.window(of: place, sells: sells),
            liquidationRule.depthShare(of: catalogue.instruments[place].kind).isPositive
        else { return }
        window.take(lots)
        closings.setWindow(window, of: place, sells: sells)
    }

    /// The worst price that any closing of an instrument could trade at.
    private func widestLimit(of place: Int, sells: Bool) -> Price {
        let candidate = ClosingCandidate(
            risk: risk.instruments[place], instrument: InstrumentIdentifier(UInt16(place)),
            quantity: Quantity(lots: sells ? 1 : -1))
        return banded(
            liquidationRule.closingOrder(
                for: candidate, lots: Quantity(lots: 1), equity: LedgerState.anyEquity,
                elapsed: liquidationRule.bandTime)
        ).limit
    }

    /// More than any lot is worth. Ours.
    private static let anyEquity = Amount(microunits: 1 << 40)

    /// An order inside its band; at any price where that defence is off.
    func banded(_ order: ClosingOrder) -> ClosingOrder {
        guard !genesis.safeguards.isOn(.closingBand) else { return order }
        let place = Int(order.instrument.number)
        return order.unbanded(highest: catalogue.instruments[place].maximumPrice)
    }

    /// What the other side of a book shows inside a limit.
    ///
    /// - Parameters:
    ///   - sells: whether the bids are taken.
    ///   - most: lots to count.
    ///   - probe: lots whose cost is wanted.
    func shownDepth(
        in instrument: InstrumentIdentifier, sells: Bool, limit: Price, most: Quantity,
        probe: Quantity = .zero
    ) -> ShownDepth {
        let risk = risk.instruments[Int(instrument.number)]
        let tick = Int128(risk.instrument.tickValue) << Int128(risk.fractionBits)
        let side: Side = sells ? .sell : .buy
        var result = ShownDepth()
        books.forEachLevel(side.opposite, in: instrument) { price, quantity in
            guard side.accepts(price, limit: limit) else { return false }
            let counted = min(quantity, max(.zero, probe - result.counted))
            let perLot = Int128(risk.markValue) - Int128(price.units) * tick
            result.cost += perLot * Int128(counted.units) * (sells ? 1 : -1)
            result.counted += counted
            result.lots += min(quantity, most - result.lots)
            return result.lots < most
        }
        result.cost >>= Int128(risk.fractionBits)
        return result
    }

    /// Reads the leaf of a market's windows to its place.
    mutating func restoreClosing(
        _ identifier: InstrumentIdentifier, from decoder: inout CanonicalDecoder
    ) throws(DecodingFault) {
        guard Int(identifier.number) < closings.count else {
            throw DecodingFault(.outOfRange, at: 0)
        }
        closings.restore(try decoder.value(), to: Int(identifier.number))
    }
}
