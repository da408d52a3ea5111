/// Those who make the markets in futures and options: two-sided quotes round the model price, sent
/// as mass quotes, narrower where the position wants to be undone.

import Accounts
import Canonical
import Catalogue
import FixedPoint
import Ledger
import Markets
import Risk

extension Trader {
    /// Of the price of a future: half the spread in 10⁻⁶, and the move that makes it quote anew.
    private static let futureSpread: Int64 = 120
    private static let futureMove: Int64 = 40
    /// Of the value of an option, in 10⁻⁶; and of the index beside it.
    private static let optionSpread: Int64 = 20_000
    private static let optionIndexSpread: Int64 = 25
    /// How far from the money it quotes, in 10⁻⁶ of the index.
    private static let quotedDistance: Int64 = 90_000
    /// A move of the index after which it pulls all quotes, in 10⁻⁶.
    private static let pullingMove: Int64 = 4_000
    /// Options in one mass quote.
    private static let massQuote = 8
    /// It quotes in one of so many blocks.
    private static let quotePause: Int64 = 4
    /// What it may be long or short of the underlying, as a part of its funds.
    private static let deltaShare: Int64 = 40

    // MARK: Futures

    mutating func quoteFutures(_ view: TraderView) -> [Command] {
        let moved = abs(view.index.units - reference.units) * Trader.million / view.index.units
        guard moved > Trader.futureMove, chance(1, in: 2) else { return [] }
        reference = view.index
        let contracts = LiveContracts(view)
        let widening = min(moved, Trader.pullingMove)
        var commands: [Command] = contracts.futures.map { future in
            let half = future.model.units / Trader.million * (Trader.futureSpread + widening)
            let lots = contracts.lots(
                future, worth: funds.units / 20 * random.integer(in: 80...120) / 100)
            return quote(view, future, half: half, lots: lots, most: funds.units / 2, contracts)
        }
        commands += hedge(view, most: funds.units / Trader.deltaShare)
        return commands
    }

    // MARK: Options

    mutating func quoteOptions(_ view: TraderView) -> [Command] {
        guard chance(1, in: Trader.quotePause) else { return [] }
        let contracts = LiveContracts(view)
        guard !contracts.options.isEmpty else { return [] }
        var commands: [Command] = []
        let moved = abs(view.index.units - reference.units) * Trader.million / view.index.units
        if moved > Trader.pullingMove {
            commands.append(.cancelQuotes(nil))
            reference = view.index
        }
        let widening = 1 + min(moved, Trader.pullingMove) / 1_000
        var left = Trader.massQuote
        for _ in contracts.options.indices where left > 0 {
            cursor = (cursor + 1) % contracts.options.count
            let option = contracts.options[cursor]
            guard abs(option.offset) <= Trader.quotedDistance else { continue }
            left -= 1
            let tick = option.instrument.tickSize.units
            let half = max(
                tick,
                (option.model.units / Trader.million * Trader.optionSpread
                    + view.index.units / Trader.million * Trader.optionIndexSpread) * widening)
            let lots = contracts.lots(
                option, worth: funds.units / 100 * random.integer(in: 60...140) / 100)
            commands.append(
                quote(view, option, half: half, lots: lots, most: funds.units / 10, contracts))
        }
        return commands + hedge(view, most: funds.units / Trader.deltaShare)
    }

    /// Both sides round the model price, leaning against what is held; a side that would make the
    /// position too large, or that is worth less than a tick, is pulled.
    private func quote(
        _ view: TraderView, _ contract: LiveContract, half: Int64, lots: Quantity, most: Int64,
        _ contracts: LiveContracts
    ) -> Command {
        let held = view.ledger.accounts[account].quantity(of: contract.identifier)
        let limit = max(1, contracts.lots(contract, worth: most).units)
        let part = min(max(held.units * Trader.million / limit, -Trader.million), Trader.million)
        let lean = half / 2 * part / Trader.million
        let middle = contract.model.units - lean
        let bid = contract.price(middle - half, rounding: .down)
        let ask = contract.price(middle + half, rounding: .up)
        let isBidding = held.units < limit && middle - half >= contract.instrument.tickSize.units
        return .quote(
            QuoteRequest(
                instrument: contract.identifier, bid: bid, bidQuantity: isBidding ? lots : .zero,
                ask: max(ask, Price(ticks: bid.ticks + 1)),
                askQuantity: held.units > -limit ? lots : .zero))
    }

    // MARK: Delta

    /// What the account is long of the underlying, in micro-dollars.
    func delta(_ view: TraderView) -> Int64 {
        var sum: Int128 = 0
        for position in view.ledger.accounts[account].positions {
            let risk = view.ledger.risk.instruments[Int(position.instrument.number)]
            sum +=
                Int128(risk.deltaWorth) * Int128(position.quantity.units)
                >> Int128(risk.fractionBits)
        }
        return Int64(clamping: sum)
    }

    /// Trades the delta away with perpetuals once it is larger than some micro-dollars.
    func hedge(_ view: TraderView, most: Int64) -> [Command] {
        let delta = delta(view)
        guard abs(delta) > most else { return [] }
        return [market(delta > 0 ? .sell : .buy, view.lots(worth: abs(delta)))]
    }
}
