/// Call auctions. While a market collects orders none of them trades; when its time is over and its
/// price is good enough to trade on, all that can trade do so at one price, and the book opens.
///
///     continuous ──startAuction──▶ auction ──clearAuctions──▶ continuous
///         └──────────halt──────────▶ halted ──startAuction──▶ auction
///
/// While a breaker holds a market back one auction follows another (`LedgerState+Levels`).

import Accounts
import Breakers
import Canonical
import Catalogue
import FixedPoint
import Markets
import Oracle
import Risk

extension LedgerState {
    /// Collects orders from now on; an auction that is under way gets a new end.
    mutating func startAuction(
        _ instrument: InstrumentIdentifier, length: Duration
    ) throws(Refusal) {
        guard catalogue.instrument(instrument) != nil else { throw .unknownInstrument }
        // What holds a market back is not for the operator to loosen.
        guard level(of: instrument) == .normal else { throw .heldByBreaker }
        // An auction ends a halt.
        if phases[Int(instrument.number)] != .halted { try checkOpen(instrument) }
        guard length >= genesis.pricingStep, length <= .day else { throw .auctionLengthOutOfRange }
        // From here it must succeed.
        beginAuction(instrument, length: length)
    }

    /// Takes no more orders from now on. What rests stays, and may be cancelled.
    mutating func halt(_ instrument: InstrumentIdentifier) throws(Refusal) {
        guard catalogue.instrument(instrument) != nil else { throw .unknownInstrument }
        if takeOverHalt(of: instrument) { return }
        try checkOpen(instrument)
        // From here it must succeed.
        phases[Int(instrument.number)] = .halted
        touchInstrument(instrument)
        emit(.instrumentHalted(instrument))
    }

    /// Opens the markets whose auction is over.
    mutating func clearAuctions() {
        for instrument in catalogue.live {
            let place = Int(instrument.number)
            guard case .auction(let end) = phases[place], facts.time >= end,
                mayClear(instrument)
            else { continue }
            if isHeldInAuctions(instrument) {
                clearBanded(instrument)
                continue
            }
            let reference = proven { () throws(ArithmeticFault) in
                try catalogue.instruments[place].ticks(
                    at: prices[place].mark, rounding: .down)
            }
            // One round, unless orders had to leave instead of trading.
            for _ in 0..<LedgerState.mostRounds {
                guard let clearing = books.clearing(of: instrument, reference: reference) else {
                    break
                }
                emit(.auctionCleared(instrument, clearing))
                trade(instrument, at: clearing.price)
            }
            uncross(instrument, reference: reference)
            phases[place] = .continuous
            touchInstrument(instrument)
            emit(.continuousTrading(instrument))
        }
    }

    /// Trades what can trade at one price near the mark, and collects orders again. What is crossed
    /// beyond the band waits.
    private mutating func clearBanded(_ instrument: InstrumentIdentifier) {
        let band = auctionBand(of: instrument)
        let reference = proven { () throws(ArithmeticFault) in
            try catalogue.instruments[Int(instrument.number)].ticks(
                at: prices[Int(instrument.number)].mark, rounding: .down)
        }
        for _ in 0..<LedgerState.mostRounds {
            guard let free = books.clearing(of: instrument, reference: reference),
                let clearing = books.clearing(
                    of: instrument, at: free.price.clamped(band.lowest, band.highest))
            else { break }
            emit(.auctionCleared(instrument, clearing))
            trade(instrument, at: clearing.price)
        }
        beginAuction(instrument, length: breakerParameters(of: instrument).auctionLength)
    }

    /// Most rounds of one auction. Each looks at every crossed order and may do no more than close
    /// one, if its owner trades with himself: without a bound the work would grow with the square
    /// of what he sends. Ours.
    static let mostRounds = 16

    /// What is crossed even after all rounds trades pair by pair, each at the price between the two
    /// that is nearest to the reference.
    private mutating func uncross(_ instrument: InstrumentIdentifier, reference: Price) {
        while let buy = books.best(.buy, in: instrument),
            let sell = books.best(.sell, in: instrument), books[buy].price >= books[sell].price
        {
            meet(buy, sell, at: reference.clamped(books[sell].price, books[buy].price))
        }
    }

    /// Trades all that can trade at a price, in the order of price and time.
    private mutating func trade(_ instrument: InstrumentIdentifier, at price: Price) {
        while let buy = books.best(.buy, in: instrument),
            let sell = books.best(.sell, in: instrument),
            books[buy].price >= price, books[sell].price <= price
        {
            meet(buy, sell, at: price)
        }
    }

    private mutating func meet(_ buy: OrderSlot, _ sell: OrderSlot, at price: Price) {
        let isBuyLater = books[buy].priority > books[sell].priority
        meet(later: isBuyLater ? buy : sell, earlier: isBuyLater ? sell : buy, at: price)
    }

    /// Trades two resting orders, or closes one that may not trade.
    private mutating func meet(later: OrderSlot, earlier: OrderSlot, at price: Price) {
        let (taker, maker) = (books[later], books[earlier])
        if isSameOwner(taker.account, maker.account) {
            countSelfTrade(of: taker.account)
            let mode = taker.flags.selfTrade
            if mode != .cancelTaker { closeOrder(earlier, reason: .selfTrade) }
            // Closing the one may have closed the other, if they are a pair.
            if mode != .cancelMaker, isOpen(taker, later) {
                closeOrder(later, reason: .selfTrade)
            }
            return
        }
        var lots = min(taker.shown, maker.shown)
        for (order, slot) in [(maker, earlier), (taker, later)] where order.reduceOnly {
            guard hasToReduce(order) else {
                return closeOrder(slot, reason: .nothingToReduce)
            }
            lots = min(lots, reducible(order.account, in: order.instrument))
        }
        lots = min(lots, openInterestRoom(buyer: taker, seller: maker))
        guard lots.isPositive else { return closeOrder(later, reason: .openInterestLimit) }
        for (order, slot) in [(maker, earlier), (taker, later)]
        where order.reduceOnly && isHarmful(order, lots, at: price, isMaker: false) {
            return closeOrder(slot, reason: .harmfulFill)
        }
        for (order, slot) in [(maker, earlier), (taker, later)]
        where passesLossLimit(order, lots, at: price, isMaker: false) {
            return closeOrder(slot, reason: .agentLossLimit)
        }
        fill(later: later, earlier: earlier, lots: lots, price: price)
    }

    private mutating func isOpen(_ order: OrderRecord, _ slot: OrderSlot) -> Bool {
        books.slot(of: order.identifier, of: order.account) == slot
    }

    /// Trades two resting orders. Neither made the market for the other: both pay as takers.
    private mutating func fill(later: OrderSlot, earlier: OrderSlot, lots: Quantity, price: Price) {
        let (taker, maker) = (books[later], books[earlier])
        let lotNotional = lotNotional(of: taker.instrument, at: price)
        let notional = Amount(microunits: lotNotional.units * lots.units)
        let takerFee = fee(
            of: taker.account, lotNotional: lotNotional, lots: lots, isMaker: false)
        let makerFee = fee(
            of: maker.account, lotNotional: lotNotional, lots: lots, isMaker: false)
        for order in [taker, maker] {
            countLoss(of: order, lots, at: price, isMaker: false)
            let left = books.remaining(order)
            changeRisk(of: order, from: left, to: left - lots)
        }
        exchange(
            taker, maker, lots: lots, lotNotional: lotNotional, takerFee: takerFee,
            makerFee: makerFee)
        emit(
            .auctionTraded(
                Trade(
                    instrument: taker.instrument, makerOrder: maker.identifier,
                    takerOrder: taker.identifier, maker: maker.account, taker: taker.account,
                    takerSide: taker.side, price: price, quantity: lots, notional: notional,
                    makerFee: makerFee, takerFee: takerFee)))
        takeLots(lots, of: maker, slot: earlier)
        // The maker's pair may be anything but the taker: their owners differ.
        takeLots(lots, of: taker, slot: later)
        countTrade(taker, maker, notional, isAuction: true)
        countProtection(of: maker, notional)
        countProtection(of: taker, notional)
    }
}
