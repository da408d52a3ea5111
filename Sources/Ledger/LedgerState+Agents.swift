/// What binds the orders of agents beyond the rules for everybody, so that a stolen key that cannot
/// withdraw cannot drain the account by trading with a friend either: a band around the mark, a
/// loss a day, and a signature that is soon void (`facts/risk.md`, attack 17; decision 0022).
///
/// An order belongs to whoever placed it or last gave it another price or more lots: its flags name
/// the agent slot. The loss of a fill is what it costs against the mark, fees included; a fill that
/// is better than the mark counts nothing, and gives nothing back. An order is judged twice:
///
/// - when it is placed, comes closer or fires, as if all of it were filled at its limit at once;
/// - when it rests and would be filled, against the mark of that block: what would pass the limit
///   is closed instead. So no number of resting orders, and no move of the mark, loses more.

import Accounts
import Canonical
import Catalogue
import FixedPoint
import Markets
import Oracle

extension LedgerState {
    /// The limits that bind a signer's orders; nil for the master, slot 0, and with the defence
    /// off.
    mutating func limits(of account: AccountIdentifier, _ agent: UInt8) -> AgentLimits? {
        guard agent != 0, genesis.safeguards.isOn(.agentLimits) else { return nil }
        return keys.limits(of: account, agent)
    }

    /// A limit inside the band of the agent that asks for it, if one does. The bound of a market
    /// order gives way to the band; a limit beyond it is refused.
    mutating func agentPrice(
        _ limit: Price, isMarket: Bool, _ order: OrderFlags, of account: AccountIdentifier,
        in instrument: InstrumentIdentifier
    ) throws(Refusal) -> Price {
        guard let limits = limits(of: account, order.agent) else { return limit }
        let bound = bound(by: limits, order.side, in: instrument)
        guard !order.side.accepts(limit, limit: bound) else { return limit }
        guard isMarket else { throw .outsideAgentBand }
        return bound
    }

    /// The worst price that a side may have within limits.
    private mutating func bound(
        by limits: AgentLimits, _ side: Side, in instrument: InstrumentIdentifier
    ) -> Price {
        let place = Int(instrument.number)
        let mark = prices[place].mark
        let index = feeds[Int(catalogue.instruments[place].underlying.number)].index
        let isOption = if case .option = catalogue.instruments[place].kind { true } else { false }
        let reach = proven { () throws(ArithmeticFault) in
            let reach = try mark.multiplied(by: limits.priceBand, rounding: .down)
            guard isOption else { return reach }
            let share = try index.multiplied(by: limits.priceBand, rounding: .down)
            return max(reach, IndexPrice(micros: share.units / AgentLimits.optionDivisor))
        }
        return side == .buy
            ? MarketBounds.bandPrice(.down, mark + reach, catalogue.instruments[place])
            : MarketBounds.bandPrice(.up, mark - reach, catalogue.instruments[place])
    }

    /// That the day's loss of an order's agent has room for all that the order could lose now.
    ///
    /// - Parameter order: on its way, with all its lots showing.
    mutating func checkLossLimit(of order: OrderRecord) throws(Refusal) {
        guard
            !passesLossLimit(order, order.shown, at: order.price, isMaker: false)
        else { throw .agentLossLimit }
    }

    /// Whether a fill would lose more than its agent may still lose today.
    mutating func passesLossLimit(
        _ order: OrderRecord, _ lots: Quantity, at price: Price, isMaker: Bool
    ) -> Bool {
        guard let limits = limits(of: order.account, order.flags.agent) else { return false }
        let loss = loss(of: order, lots, at: price, isMaker: isMaker)
        let lost = keys.lost(by: order.account, order.flags.agent, on: day)
        return loss.isPositive && loss > limits.dailyLoss - lost
    }

    /// Counts what a fill loses.
    mutating func countLoss(
        of order: OrderRecord, _ lots: Quantity, at price: Price, isMaker: Bool
    ) {
        guard limits(of: order.account, order.flags.agent) != nil else { return }
        let loss = loss(of: order, lots, at: price, isMaker: isMaker)
        guard loss.isPositive else { return }
        keys.addLoss(loss, to: order.account, order.flags.agent, on: day)
    }

    /// What lots cost at a price against the mark, fees included; zero where they win. It grows
    /// with the lots and with the distance from the mark, lot by lot, so that no way to split an
    /// order loses more than its whole at its limit. A rebate is not counted on.
    private mutating func loss(
        of order: OrderRecord, _ lots: Quantity, at price: Price, isMaker: Bool
    ) -> Amount {
        let place = Int(order.instrument.number)
        let paid = lotNotional(of: order.instrument, at: price)
        let worth = proven { () throws(ArithmeticFault) in
            try catalogue.instruments[place].lotValue(at: prices[place].mark, fractionBits: 0)
        }
        let fee = max(
            .zero, self.fee(of: order.account, lotNotional: paid, lots: lots, isMaker: isMaker))
        let cost = order.side.sign * (paid.units - worth) * lots.units
        return max(.zero, Amount(microunits: cost) + fee)
    }

    /// How many lots of a resting order of an agent surely trade, given that what stands before it
    /// does: all, or none where they could pass the agent's limit (decision 0006).
    ///
    /// - Parameter counted: what is left of the limits of agents met before.
    mutating func safeLots(of maker: OrderRecord, _ counted: inout [AgentRoom]) -> Quantity {
        let lots = books.remaining(maker)
        guard let limits = limits(of: maker.account, maker.flags.agent) else { return lots }
        let loss = loss(of: maker, lots, at: maker.price, isMaker: true)
        guard loss.isPositive else { return lots }
        var place = 0
        while place < counted.count, !counted[place].isOf(maker) { place += 1 }
        if place == counted.count {
            let lost = keys.lost(by: maker.account, maker.flags.agent, on: day)
            counted.append(AgentRoom(maker, left: limits.dailyLoss - lost))
        }
        let isSafe = loss <= counted[place].left
        // A part of it may trade, and leave nothing to those behind.
        counted[place].left = max(.zero, counted[place].left - loss)
        return isSafe ? lots : .zero
    }

    /// Whether an agent's signature would let an order run too long after a time.
    func isSignedFarAhead(_ expiry: Timestamp, at time: Timestamp) -> Bool {
        let life = genesis.safeguards.agentOrderLife
        return life > .zero && genesis.safeguards.isOn(.agentLimits)
            && expiry > time.advanced(by: life)
    }

    /// That an agent's order may not run long after this block.
    mutating func checkLife(
        of commands: CommandList, _ index: Int, _ context: CommandContext
    ) throws(Refusal) {
        guard context.signer.accountSigner?.slot != nil,
            isSignedFarAhead(context.expiry, at: facts.time)
        else { return }
        let isOrder =
            switch commands.entries[index] {
            case .place, .amend: true
            case .cancel: false
            case .other(let place): commands.others[Int(place)].isOrder
            }
        if isOrder { throw .orderExpiryTooFar }
    }
}

/// What the orders of one agent may still lose.
struct AgentRoom {
    private let account: AccountIdentifier
    private let agent: UInt8
    var left: Amount

    init(_ order: OrderRecord, left: Amount) {
        account = order.account
        agent = order.flags.agent
        self.left = left
    }

    func isOf(_ order: OrderRecord) -> Bool {
        order.account == account && order.flags.agent == agent
    }
}
