/// Those who trade futures and options for what they pay: buyers, writers, spreaders, and those who
/// hold options against perpetuals. They take what makers quote, up to a limit near the model
/// price.

import Accounts
import Canonical
import Catalogue
import FixedPoint
import Ledger
import Markets
import Risk

extension Trader {
    /// How many times as often as leveraged traders these act.
    private static let eagerness: Int64 = 8
    /// What they give way on the model price of an option, in 10⁻⁶, and of the index beside it.
    private static let patienceShare: Int64 = 60_000
    private static let patienceIndex: Int64 = 150
    /// The same of a future.
    private static let futureGive: Int64 = 1_500
    /// Distance of bought, of sold options from the money, in 10⁻⁶ of the index.
    private static let boughtDistance: ClosedRange<Int64> = 10_000...120_000
    private static let soldDistance: ClosedRange<Int64> = 10_000...90_000
    private static let straddleDistance: ClosedRange<Int64> = -15_000...15_000
    /// A spreader holds so many contracts at most.
    private static let mostPositions = 8

    /// Whether it acts in this block at all.
    private mutating func isAwake() -> Bool {
        chance(1, in: max(1, patience / Trader.eagerness))
    }

    private mutating func pick(_ contracts: [LiveContract]) -> LiveContract? {
        guard !contracts.isEmpty else { return nil }
        return contracts[Int(random.integer(in: 0...Int64(contracts.count - 1)))]
    }

    /// An order that takes at once, up to what it gives way.
    private func take(
        _ view: TraderView, _ contract: LiveContract, _ side: Side, _ lots: Quantity,
        reduceOnly: Bool = false
    ) -> Command {
        let model = contract.model.units
        let give =
            contract.right == nil
            ? model / Trader.million * Trader.futureGive
            : model / Trader.million * Trader.patienceShare
                + view.index.units / Trader.million * Trader.patienceIndex
        let price = contract.price(
            model + side.sign * give, rounding: side == .buy ? .up : .down)
        return .place(
            OrderRequest(
                instrument: contract.identifier, side: side, limit: price, quantity: lots,
                timeInForce: .immediateOrCancel, reduceOnly: reduceOnly))
    }

    /// Closes one of the held contracts, or nothing.
    private mutating func close(
        _ view: TraderView, _ contracts: LiveContracts
    ) -> [Command] {
        let account = view.ledger.accounts[account]
        let held = (contracts.options + contracts.futures).filter {
            account.quantity(of: $0.identifier) != .zero
        }
        guard let contract = pick(held) else { return [] }
        let lots = account.quantity(of: contract.identifier)
        let most = contract.instrument.maximumOrderQuantity
        return [
            take(
                view, contract, lots.isPositive ? .sell : .buy, min(lots.magnitude, most),
                reduceOnly: true)
        ]
    }

    // MARK: Buyers

    /// Spends a few percent on one option out of the money, and now and then sells one.
    mutating func buyOptions(_ view: TraderView) -> [Command] {
        guard isAwake() else { return [] }
        let contracts = LiveContracts(view)
        if chance(1, in: 4) { return close(view, contracts) }
        let right: OptionRight = chance(1, in: 2) ? .call : .put
        let equity = view.ledger.maintenanceMargin(of: account).equity.units
        guard let option = pick(contracts.options(right, distance: Trader.boughtDistance)),
            option.model.units >= option.instrument.tickSize.units, equity > 0
        else { return [] }
        let premium = equity / 100 * random.integer(in: 1...4)
        let perUnit = Int128(premium) * Int128(view.index.units) / Int128(option.model.units)
        let worth = min(Int64(clamping: perUnit), equity * 3)
        return [take(view, option, .buy, contracts.lots(option, worth: worth))]
    }

    // MARK: Writers

    /// Sells a strangle, or a call and buys the perpetual under it, as far as its equity goes.
    mutating func writeOptions(_ view: TraderView) -> [Command] {
        guard isAwake() else { return [] }
        let contracts = LiveContracts(view)
        if chance(1, in: 6) { return close(view, contracts) }
        let equity = view.ledger.maintenanceMargin(of: account).equity.units
        let margin = view.ledger.initialMargin(of: account).requirement.units
        guard equity > 0, margin < equity / 3 * 2,
            let call = pick(contracts.options(.call, distance: Trader.soldDistance))
        else { return [] }
        let worth = equity / 10 * random.integer(in: 4...9)
        let lots = contracts.lots(call, worth: worth)
        if chance(1, in: 3) {
            return [take(view, call, .sell, lots), market(.buy, view.lots(worth: worth))]
        }
        let puts = contracts.options(.put, distance: Trader.soldDistance, expiry: call.expiry)
        guard let put = pick(puts) else { return [take(view, call, .sell, lots)] }
        return [take(view, call, .sell, lots), take(view, put, .sell, lots)]
    }

    // MARK: Spreaders

    mutating func spread(_ view: TraderView) -> [Command] {
        guard isAwake() else { return [] }
        let contracts = LiveContracts(view)
        let equity = view.ledger.maintenanceMargin(of: account).equity.units
        let count = view.ledger.accounts[account].positions.count
        if count >= Trader.mostPositions || chance(1, in: 5) { return close(view, contracts) }
        guard equity > 0 else { return [] }
        let worth = equity / 10 * random.integer(in: 3...10)
        switch random.integer(in: 0...2) {
        case 0: return vertical(view, contracts, worth: worth)
        case 1: return calendar(view, contracts, worth: worth)
        default: return basis(view, contracts, worth: worth)
        }
    }

    /// Buys one strike and sells the next.
    private mutating func vertical(
        _ view: TraderView, _ contracts: LiveContracts, worth: Int64
    ) -> [Command] {
        let right: OptionRight = chance(1, in: 2) ? .call : .put
        guard let near = pick(contracts.options(right, distance: Trader.soldDistance)),
            let far = contracts.next(after: near)
        else { return [] }
        let lots = contracts.lots(near, worth: worth)
        let side: Side = chance(2, in: 3) ? .buy : .sell
        return [take(view, near, side, lots), take(view, far, side.opposite, lots)]
    }

    /// Buys the later expiry of a strike and sells the earlier.
    private mutating func calendar(
        _ view: TraderView, _ contracts: LiveContracts, worth: Int64
    ) -> [Command] {
        let right: OptionRight = chance(1, in: 2) ? .call : .put
        guard let early = pick(contracts.options(right, distance: Trader.soldDistance)),
            let late = contracts.options.first(where: {
                $0.right == right && $0.offset == early.offset && $0.expiry > early.expiry
            })
        else { return [] }
        let lots = contracts.lots(early, worth: worth)
        return [take(view, late, .buy, lots), take(view, early, .sell, lots)]
    }

    /// A future against the perpetual.
    private mutating func basis(
        _ view: TraderView, _ contracts: LiveContracts, worth: Int64
    ) -> [Command] {
        guard let future = pick(contracts.futures) else { return [] }
        let side: Side = chance(2, in: 3) ? .sell : .buy
        return [
            take(view, future, side, contracts.lots(future, worth: worth)),
            market(side.opposite, view.lots(worth: worth)),
        ]
    }

    // MARK: Hedgers

    /// Holds straddles, and perpetuals against their delta.
    mutating func hedgeOptions(_ view: TraderView) -> [Command] {
        let most = funds.units / 40
        guard isAwake() else {
            return chance(1, in: 4) ? hedge(view, most: most) : []
        }
        let contracts = LiveContracts(view)
        let equity = view.ledger.maintenanceMargin(of: account).equity.units
        let margin = view.ledger.initialMargin(of: account).requirement.units
        guard equity > 0, margin < equity / 2, chance(2, in: 3) else {
            return close(view, contracts)
        }
        let calls = contracts.options(.call, distance: Trader.straddleDistance)
        guard let call = pick(calls),
            let put = contracts.options.first(where: {
                $0.right == .put && $0.expiry == call.expiry && $0.offset == call.offset
            })
        else { return [] }
        let lots = contracts.lots(call, worth: equity / 10 * random.integer(in: 3...8))
        return [take(view, call, .buy, lots), take(view, put, .buy, lots)]
    }
}
