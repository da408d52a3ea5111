/// How events become memory: once through a block's list, a few steps for each event.

import Breakers
import Canonical
import Catalogue
package import FixedPoint
package import Ledger
import Markets
import Risk

/// Events of one block on their way into the record.
struct BlockReading {
    let ledger: Ledger
    /// Whether the ledger stands right behind this block, so that volatilities are known.
    let isLast: Bool
    let time: Timestamp
    let height: UInt64
    var number: UInt64
    var changes = MarketChanges()
    /// The settlements of this block, by instrument.
    var settlements: [UInt16: SettlementRecord] = [:]
}

extension MarketRecord {
    /// Takes over a block.
    ///
    /// - Parameters:
    ///   - ledger: after this block, or a later one.
    ///   - isLast: false of an old block, of which volatilities of trades are not known any more.
    package mutating func apply(
        _ outcome: BlockOutcome, time: Timestamp, _ ledger: Ledger, isLast: Bool
    ) -> MarketChanges {
        var reading = BlockReading(
            ledger: ledger, isLast: isLast, time: time, height: outcome.height,
            number: outcome.firstEvent)
        for event in outcome.events {
            noteLiquidation(event, &reading)
            read(event, &reading)
            reading.number += 1
        }
        for settlement in reading.settlements.values.sorted(by: { $0.number < $1.number }) {
            settlements.append(settlement)
        }
        height = outcome.height
        self.time = time
        return reading.changes
    }

    private mutating func read(_ event: Event, _ reading: inout BlockReading) {
        switch event {
        case .orderAccepted(let order):
            orders[order.order.number] = OrderPlace(
                instrument: order.instrument, flags: order.flags)
        case .orderRested(let rest), .orderAmended(let rest), .orderRefreshed(let rest):
            touchBook(of: rest.order, &reading)
        case .orderClosed(let order, _, _):
            touchBook(of: order, &reading)
            orders[order.number] = nil
        case .traded(let trade), .auctionTraded(let trade): add(trade, &reading)
        case .indexChanged(let underlying, let index, _):
            note(index, of: underlying, &reading)
        case .markChanged(let instrument, let mark, let rate):
            note(mark, rate, of: instrument, &reading)
        case .instrumentListed(let instrument, _):
            if Int(instrument.number) == histories.count {
                marks.append(.zero)
                histories.append(
                    MarketHistory(configuration, listed: reading.time, height: reading.height))
            }
            histories[Int(instrument.number)].listed = reading.time
            reading.changes.states.append(instrument)
        case .auctionStarted(let instrument, _), .continuousTrading(let instrument),
            .instrumentHalted(let instrument), .instrumentExpired(let instrument):
            reading.changes.states.append(instrument)
        case .breakerChanged(let certificate):
            guard certificate.from != certificate.to else { return }
            reading.changes.levels += MarketRecord.markets(of: certificate.scope, reading.ledger)
        case .instrumentSettled(let instrument, let price, _):
            settle(instrument, price, &reading)
        case .positionSettled(let settlement): add(settlement, &reading)
        default: return
        }
    }

    private mutating func touchBook(of order: OrderIdentifier, _ reading: inout BlockReading) {
        guard let place = orders[order.number] else { return }
        touch(place.instrument, &reading)
    }

    private mutating func touch(
        _ instrument: InstrumentIdentifier, _ reading: inout BlockReading
    ) {
        let place = Int(instrument.number)
        guard histories[place].bookHeight != reading.height else { return }
        histories[place].bookHeight = reading.height
        reading.changes.books.append(instrument)
    }

    private mutating func add(_ trade: Trade, _ reading: inout BlockReading) {
        touch(trade.instrument, &reading)
        let place = Int(trade.instrument.number)
        let record = TradeRecord(
            number: reading.number, time: reading.time, instrument: trade.instrument,
            direction: trade.takerSide, price: trade.price, quantity: trade.quantity,
            tick: histories[place].tick(at: trade.price), mark: marks[place],
            index: index(of: trade.instrument, reading.ledger),
            volatility: reading.isLast
                ? reading.ledger.impliedVolatility(of: trade.instrument, at: trade.price) : nil,
            isMakerLiquidation: orders[trade.makerOrder.number]?.isLiquidation ?? false,
            isTakerLiquidation: orders[trade.takerOrder.number]?.isLiquidation ?? false)
        histories[place].add(record, cost: trade.notional)
        trades.append(record)
        reading.changes.trades.append(record)
    }

    private func index(of instrument: InstrumentIdentifier, _ ledger: Ledger) -> IndexPrice {
        guard let underlying = ledger.catalogue.instrument(instrument)?.underlying else {
            return .zero
        }
        return indexes[Int(underlying.number)]
    }

    private mutating func note(
        _ index: IndexPrice, of underlying: UnderlyingIdentifier, _ reading: inout BlockReading
    ) {
        let place = Int(underlying.number)
        indexes[place] = index
        reading.changes.indexes.append(underlying)
        let hour = reading.time.count(of: .hour)
        if samples[place].last?.hour == hour {
            samples[place][samples[place].count - 1].price = index
        } else {
            samples[place].append(IndexSample(hour: hour, price: index))
        }
    }

    private mutating func note(
        _ mark: IndexPrice, _ rate: Ratio, of instrument: InstrumentIdentifier,
        _ reading: inout BlockReading
    ) {
        let place = Int(instrument.number)
        marks[place] = mark
        reading.changes.marks.append(instrument)
        let ledger = reading.ledger
        guard ledger.catalogue.instrument(instrument)?.kind == .perpetual else { return }
        let start = Timestamp(
            nanoseconds: reading.time.count(of: .hour) * Duration.hour.nanoseconds)
        let last = histories[place].funding.last
        guard last?.time != start else { return }
        let index = index(of: instrument, ledger)
        histories[place].funding.append(
            FundingRecord(
                time: start, index: index, previousIndex: last?.index ?? index, rate: rate))
    }

    private static func markets(
        of scope: BreakerScope, _ ledger: Ledger
    ) -> [InstrumentIdentifier] {
        if case .instrument(let one) = scope { return [one] }
        return ledger.catalogue.instruments.indices.filter { place in
            let instrument = ledger.catalogue.instruments[place]
            return switch scope {
            case .instrument: false
            case .underlying(let one): instrument.underlying == one
            case .compartment(let one): instrument.compartment == one
            }
        }.map { InstrumentIdentifier(UInt16($0)) }
    }

    private mutating func settle(
        _ instrument: InstrumentIdentifier, _ price: IndexPrice, _ reading: inout BlockReading
    ) {
        reading.changes.states.append(instrument)
        var record = SettlementRecord(
            number: reading.number, instrument: instrument, time: reading.time, price: price,
            mark: marks[Int(instrument.number)])
        if let before = reading.settlements[instrument.number] {
            record.longs = before.longs
            record.profit = before.profit
        }
        reading.settlements[instrument.number] = record
        guard let listed = reading.ledger.catalogue.instrument(instrument),
            let expiry = listed.expiry
        else { return }
        let place = Int(listed.underlying.number)
        guard deliveries[place].last?.expiry != expiry else { return }
        deliveries[place].append(DeliveryRecord(expiry: expiry, price: price))
    }

    private mutating func add(
        _ settlement: PositionSettlement, _ reading: inout BlockReading
    ) {
        let number = settlement.instrument.number
        var record =
            reading.settlements[number]
            ?? SettlementRecord(
                number: reading.number, instrument: settlement.instrument, time: reading.time,
                price: .zero, mark: marks[Int(number)])
        if settlement.quantity.isPositive {
            record.longs = Quantity(
                units: record.longs.units.addingClamped(settlement.quantity.units))
        }
        if settlement.profit.isPositive {
            record.profit = Amount(
                units: record.profit.units.addingClamped(settlement.profit.units))
        }
        reading.settlements[number] = record
    }
}
