/// The ladders of a scenario's makers: the nearest level on each side is a quote, those behind it
/// are orders that are placed anew each time; and how prices and sizes come onto a grid.

import Accounts
import Canonical
import Catalogue
import FixedPoint
import Ledger
import Markets
import Oracle

extension AttackTraders {
    /// The nearest level is a quote, which stands until its successor takes its place; those behind
    /// it are cancelled and placed anew, so that takers of the same block miss them.
    mutating func quotes(of place: Int, at time: Int64, ledger: Ledger) -> [Command] {
        let maker = scenario.makers[place]
        let instrument = InstrumentIdentifier(UInt16(maker.market))
        guard time >= maker.from, quoted[place].map({ time - $0 >= maker.every }) ?? true else {
            return []
        }
        guard time < maker.to else {
            defer { quoted[place] = nil }
            return quoted[place] == nil
                ? [] : [.cancelQuotes(instrument)] + cancels(ofMaker: place, ledger)
        }
        guard let reference = reference(of: maker, at: time, ledger: ledger) else { return [] }
        quoted[place] = time
        let sides = [true, false].filter { $0 ? maker.buys : maker.sells }
        let nearest = [true, false].map { isBuy in
            sides.contains(isBuy)
                ? rung(0, isBuy: isBuy, of: maker, reference, ledger) : nil
        }
        var commands: [Command] = []
        if maker.pulls, hasMoved(reference, of: place) {
            commands.append(.cancelQuotes(instrument))
        }
        centres[place] = reference
        if let price = nearest[0]?.price ?? nearest[1]?.price {
            commands.append(
                .quote(
                    QuoteRequest(
                        instrument: instrument, bid: nearest[0]?.price ?? price,
                        bidQuantity: nearest[0]?.lots ?? .zero,
                        ask: nearest[1]?.price ?? price,
                        askQuantity: nearest[1]?.lots ?? .zero)))
        }
        commands += cancels(ofMaker: place, ledger)
        for level in 1..<max(1, maker.levels) {
            for isBuy in sides {
                guard let rung = rung(level, isBuy: isBuy, of: maker, reference, ledger) else {
                    continue
                }
                commands.append(
                    .place(
                        OrderRequest(
                            instrument: instrument, side: isBuy ? .buy : .sell,
                            limit: rung.price, quantity: rung.lots, postOnly: true, slides: true,
                            clientIdentifier: name(ofMaker: place, level, isBuy: isBuy))))
            }
        }
        return commands
    }

    /// Whether the reference is farther than the half spread from where it was at the last quote.
    private func hasMoved(_ reference: Int64, of place: Int) -> Bool {
        let distance = Int128((reference - centres[place]).magnitude) * AttackTraders.one
        let spread = Int128(scenario.makers[place].halfSpread.units)
        return distance > Int128(centres[place]) * spread
    }

    private func cancels(ofMaker place: Int, _ ledger: Ledger) -> [Command] {
        let account = AttackTraders.identifier(scenario.makers[place].account)
        let own = (1..<AttackTraders.mostLevels).flatMap { level in
            [true, false].map { name(ofMaker: place, level, isBuy: $0) }
        }
        return ledger.openOrders(of: account).map(\.clientIdentifier).filter(own.contains)
            .map { .cancelClient($0) }
    }

    /// What a level's order is called.
    private func name(ofMaker place: Int, _ level: Int, isBuy: Bool) -> ClientOrderIdentifier {
        ClientOrderIdentifier(
            UInt64((place * AttackTraders.mostLevels + level) * 2 + (isBuy ? 1 : 2)))
    }

    /// Price and size of a level; nil where the grid holds no such price, or the size is nothing.
    private func rung(
        _ level: Int, isBuy: Bool, of maker: AttackMaker, _ reference: Int64, _ ledger: Ledger
    ) -> (price: Price, lots: Quantity)? {
        let distance =
            Int128(maker.halfSpread.units) + Int128(level) * Int128(maker.spacing.units)
        let factor = AttackTraders.one + (isBuy ? -distance : distance)
        let price = Int64(clamping: Int128(reference) * max(0, factor) / AttackTraders.one)
        let terms = ledger.catalogue.instruments[maker.market]
        guard let limit = AttackTraders.ticks(price, in: terms, roundsUp: !isBuy),
            let lots = lots(maker.size, at: price, in: terms, of: maker.account, ledger)
        else { return nil }
        return (limit, lots)
    }

    private func reference(of maker: AttackMaker, at time: Int64, ledger: Ledger) -> Int64? {
        let underlying = scenario.markets[maker.market].underlying
        let price: Int64? =
            switch maker.reference {
            case .mark: ledger.prices[maker.market].mark.units
            case .index: ledger.feeds[underlying].index.units
            case .source(let source):
                publishers.path(of: underlying, at: source)?.price(at: time)
            }
        return price.flatMap { $0 > 0 ? $0 : nil }
    }

    /// A price on the grid; nil where the grid does not hold it.
    static func ticks(
        _ price: Int64, in instrument: Instrument, roundsUp: Bool
    ) -> Price? {
        let tick = instrument.tickSize.units
        let ticks = roundsUp ? (price + tick - 1) / tick : price / tick
        guard ticks > 0, ticks <= instrument.maximumPrice.units else { return nil }
        return Price(ticks: ticks)
    }

    /// A size in lots; nil where there is none.
    func lots(
        _ size: AttackSize, at price: Int64, in instrument: Instrument, of account: Int,
        _ ledger: Ledger
    ) -> Quantity? {
        let lots: Int64
        switch size {
        case .units(let units): lots = units / instrument.lotSize
        case .worth(let worth):
            let lot = Int128(price) * Int128(instrument.lotSize) / Int128(Instrument.lotScale)
            lots = Int64(clamping: Int128(worth) / max(1, lot))
        case .position:
            let place = ledger.catalogue.instruments.firstIndex { $0.symbol == instrument.symbol }
            lots =
                ledger.accounts[AttackTraders.identifier(account)].quantity(
                    of: InstrumentIdentifier(UInt16(place ?? 0))
                ).magnitude.units
        }
        let most = instrument.maximumOrderQuantity.units
        return lots > 0 ? Quantity(lots: min(lots, most)) : nil
    }
}
