/// Call auctions: orders are collected, and when the time is over and the price good enough to
/// trade on, all that can trade do so at the one price that lets the most lots trade.

import Canonical
import Catalogue
import FixedPoint
@testable import Ledger
import Markets

extension ReferenceVenue {
    mutating func startAuction(_ market: Int, length: UInt64) throws(Refusal) {
        guard market < markets.count else { throw .unknownInstrument }
        guard (shortestAuction...Duration.day.nanoseconds).contains(length) else {
            throw .auctionLengthOutOfRange
        }
        markets[market].auctionEnd = now + length
        events.append(
            .auctionStarted(
                InstrumentIdentifier(UInt16(market)), end: Timestamp(nanoseconds: now + length)))
    }

    /// Opens a market whose auction is over.
    mutating func clearAuction(_ market: Int) {
        guard let end = markets[market].auctionEnd, now >= end, mayTrade(market) else { return }
        let instrument = InstrumentIdentifier(UInt16(market))
        // Orders that leave instead of trading may leave a crossed book behind.
        for _ in 0..<LedgerState.mostRounds {
            guard let clearing = clearing(market) else { break }
            events.append(.auctionCleared(instrument, clearing))
            while let buy = best(.buy, in: market), buy.price >= clearing.price.ticks,
                let sell = best(.sell, in: market), sell.price <= clearing.price.ticks
            {
                let (later, earlier) = buy.priority > sell.priority ? (buy, sell) : (sell, buy)
                meet(later: later, earlier: earlier, at: clearing.price.ticks)
            }
        }
        // What is crossed even now trades pair by pair, as near to the mark as both allow.
        while let buy = best(.buy, in: market), let sell = best(.sell, in: market),
            buy.price >= sell.price
        {
            let (later, earlier) = buy.priority > sell.priority ? (buy, sell) : (sell, buy)
            meet(
                later: later, earlier: earlier,
                at: min(max(markTicks(market), sell.price), buy.price))
        }
        markets[market].auctionEnd = nil
        events.append(.continuousTrading(instrument))
    }

    /// The price at which the most lots trade; of several, the one with the least surplus; of
    /// several, the highest if buyers are left over at all of them, the lowest if sellers are, and
    /// else the mark, or what of their range is nearest to it.
    private func clearing(_ market: Int) -> AuctionClearing? {
        let (bids, asks) = (queue(.buy, in: market), queue(.sell, in: market))
        guard let bid = bids.first, let ask = asks.first, bid.price >= ask.price else { return nil }
        let choices = Set((bids + asks).map(\.price))
            .filter { $0 >= ask.price && $0 <= bid.price }.sorted()
            .map { price in
                let demand = bids.filter { $0.price >= price }.reduce(0) { $0 + $1.lots }
                let supply = asks.filter { $0.price <= price }.reduce(0) { $0 + $1.lots }
                return (price: price, volume: min(demand, supply), surplus: demand - supply)
            }
        let volume = choices.map(\.volume).max() ?? 0
        let most = choices.filter { $0.volume == volume }
        let surplus = most.map { abs($0.surplus) }.min() ?? 0
        let good = most.filter { abs($0.surplus) == surplus }
        guard let lowest = good.first?.price, let highest = good.last?.price else { return nil }
        let price: Int64
        if mistake == .auctionTakesLowest {
            price = lowest
        } else if good.allSatisfy({ $0.surplus > 0 }) {
            price = highest
        } else if good.allSatisfy({ $0.surplus < 0 }) {
            price = lowest
        } else {
            price = min(max(markTicks(market), lowest), highest)
        }
        return AuctionClearing(price: Price(ticks: price), quantity: Quantity(lots: volume))
    }

    private func markTicks(_ market: Int) -> Int64 {
        markets[market].mark / markets[market].terms.tickSize.units
    }

    /// Two crossed orders trade, or one that may not trade leaves. The later one counts as the
    /// taker and says what happens between orders of one owner.
    private mutating func meet(later: ReferenceOrder, earlier: ReferenceOrder, at price: Int64) {
        if isSameOwner(later.account, earlier.account) {
            let mode = later.flags.selfTrade
            if mode != .cancelTaker { close(earlier.number, .selfTrade) }
            // If they are a pair, the one may have taken the other along.
            if mode != .cancelMaker { close(later.number, .selfTrade) }
            return
        }
        for order in [earlier, later] where order.flags.reduceOnly && reducible(order) == 0 {
            return close(order.number, .nothingToReduce)
        }
        let lots = tradable(later, earlier)
        guard lots > 0 else { return close(later.number, .openInterestLimit) }
        fill(later, earlier, lots: lots, price: price, isAuction: true)
    }
}
