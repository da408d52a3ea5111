/// What each kind of trader does when a block is about to be made.

import Accounts
import Canonical
import Catalogue
import FixedPoint
import Ledger
import Markets
import Risk

extension Trader {
    /// Part of a price, in 10⁻⁶.
    static let million: Int64 = 1_000_000
    private static let makerLevels: Int64 = 5
    /// Distance of the first quote from the index, and between quotes, in 10⁻⁶ of the price.
    private static let firstSpread: Int64 = 150
    private static let levelSpacing: Int64 = 250
    /// A maker stops buying, or selling, at this share of its funds as inventory.
    private static let inventoryMultiple: Int64 = 3

    /// The commands that this trader sends now; mostly none.
    mutating func act(in ledger: Ledger) -> [Command] {
        guard ledger.accounts[account].liquidationStart == nil,
            let view = TraderView(ledger: ledger, instrument: instrument)
        else { return [] }
        switch kind {
        case .maker: return quote(view)
        case .taker: return take(view)
        case .long: return holdPosition(view, side: .buy)
        case .short: return holdPosition(view, side: .sell)
        case .futureMaker: return quoteFutures(view)
        case .optionMaker: return quoteOptions(view)
        case .buyer: return buyOptions(view)
        case .writer: return writeOptions(view)
        case .spreader: return spread(view)
        case .hedger: return hedgeOptions(view)
        }
    }

    mutating func chance(_ one: Int64, in many: Int64) -> Bool {
        random.integer(in: 1...many) <= one
    }

    // MARK: Makers

    /// Quotes anew round the index when that has moved by a fifth of the first spread, or now and
    /// then.
    private mutating func quote(_ view: TraderView) -> [Command] {
        let moved = abs(view.index.units - reference.units) * Trader.million / view.index.units
        guard moved > Trader.firstSpread / 5 || chance(1, in: 12), chance(1, in: 2) else {
            return []
        }
        // In a fast market the quotes stand wider and smaller.
        let widening = min(moved * 2, 8_000)
        reference = view.index
        let held = view.ledger.accounts[account].quantity(of: instrument).units
        let inventory = Int64(
            clamping: Int128(held) * Int128(view.lotWorth) * Int128(Trader.million)
                / Int128(funds.units * Trader.inventoryMultiple))
        // Long inventory lowers both quotes, by at most 0.2 %.
        let lean = -min(max(inventory, -Trader.million), Trader.million) / 500
        var commands: [Command] = [.cancelAll(instrument)]
        for level in 0..<Trader.makerLevels {
            let distance = Trader.firstSpread + level * Trader.levelSpacing + widening
            let size = funds.units / 100 * (level + 2) / (1 + widening / 1_000)
            let lots = view.lots(worth: size * random.integer(in: 80...120) / 100)
            if inventory < Trader.million {
                commands.append(passive(view, .buy, lean - distance, lots))
            }
            if inventory > -Trader.million {
                commands.append(passive(view, .sell, lean + distance, lots))
            }
        }
        return commands
    }

    private func passive(
        _ view: TraderView, _ side: Side, _ offset: Int64, _ lots: Quantity
    ) -> Command {
        let price =
            view.index.units
            + Int64(clamping: Int128(view.index.units) * Int128(offset) / Int128(Trader.million))
        return .place(
            OrderRequest(
                instrument: instrument, side: side, limit: view.price(price), quantity: lots,
                postOnly: true))
    }

    // MARK: Takers

    private mutating func take(_ view: TraderView) -> [Command] {
        guard chance(1, in: 14) else { return [] }
        let held = view.ledger.accounts[account].quantity(of: instrument).units
        let exposure = Int64(clamping: Int128(held) * Int128(view.lotWorth))
        // The larger the position, the likelier the way back.
        let bias = exposure / max(1, funds.units / 50)
        let side: Side = random.integer(in: -100...100) > bias ? .buy : .sell
        let worth = funds.units / 100 * random.integer(in: 2...30) / 10
        let lots = view.lots(worth: worth)
        switch random.integer(in: 0...9) {
        case 0...5: return [market(side, lots)]
        case 6...7: return [limited(view, side, lots, .immediateOrCancel)]
        case 8: return [limited(view, side, lots, .fillOrKill)]
        default: return [.cancelAll(instrument), limited(view, side, lots, .goodTillCancelled)]
        }
    }

    func market(
        _ side: Side, _ lots: Quantity, reduceOnly: Bool = false
    ) -> Command {
        .place(
            OrderRequest(
                instrument: instrument, side: side, limit: nil, quantity: lots,
                timeInForce: .immediateOrCancel, reduceOnly: reduceOnly))
    }

    private func limited(
        _ view: TraderView, _ side: Side, _ lots: Quantity, _ timeInForce: TimeInForce
    ) -> Command {
        let offset = Int128(view.mark.units) * Int128(side.sign) / 1_000
        return .place(
            OrderRequest(
                instrument: instrument, side: side,
                limit: view.price(view.mark.units + Int64(clamping: offset)), quantity: lots,
                timeInForce: timeInForce))
    }

    // MARK: Leveraged traders

    /// Opens now and then, takes a profit of half the equity, and otherwise waits.
    private mutating func holdPosition(_ view: TraderView, side: Side) -> [Command] {
        let held = view.ledger.accounts[account].quantity(of: instrument)
        let equity = view.ledger.maintenanceMargin(of: account).equity
        guard held == .zero else {
            let profit = equity - funds
            guard profit.units > funds.units / 2 || chance(1, in: patience * 12) else { return [] }
            let lots = min(held.magnitude, view.instrument.maximumOrderQuantity)
            return [market(held.isPositive ? .sell : .buy, lots, reduceOnly: true)]
        }
        guard equity.units > funds.units / 10, chance(1, in: patience) else { return [] }
        let wanted = min(leverage * Trader.million, view.highestLeverage)
        let worth = Int128(equity.units) * Int128(wanted) / Int128(Trader.million)
        return [market(side, view.lots(worth: Int64(clamping: worth)))]
    }
}
