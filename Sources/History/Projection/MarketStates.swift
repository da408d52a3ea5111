/// Where every market stands while blocks are read: marks, indexes, last trades, the candles and
/// hours that run.

import Canonical
import Catalogue
import FixedPoint
import Ledger
import Markets

/// One market.
struct MarketState {
    var row: InstrumentRow
    let group: InstrumentGroup
    /// Of one lot in micro-units, with which fraction: as margin counts it.
    let fractionBits: Int64
    /// By place in `CandleRow.lengths`.
    var candles: [CandleRow?]
    var isChanged = false
    /// Which candles are not yet in the batch as they are now.
    var changedCandles: [Bool]

    init(_ row: InstrumentRow, fractionBits: Int64) {
        self.row = row
        group = InstrumentGroup(row.terms)
        self.fractionBits = fractionBits
        candles = CandleRow.lengths.map { _ in nil }
        changedCandles = CandleRow.lengths.map { _ in false }
    }

    /// What lots are worth at a price, rounded down as margin rounds it.
    func worth(of lots: Quantity, at price: IndexPrice) throws(ArithmeticFault) -> Amount {
        let lot = try row.terms.lotValue(at: price, fractionBits: fractionBits)
        return Amount(
            microunits: try narrowed((Int128(lot) * Int128(lots.units)) >> Int128(fractionBits)))
    }
}

/// All markets.
struct MarketStates {
    private(set) var markets: [MarketState] = []
    private var underlyings: [UnderlyingRow] = []
    private var changedUnderlyings: [Bool] = []
    /// By underlying: the hour of the index that runs.
    private var hours: [IndexRow?] = []
    private var changedHours: [Bool] = []
    /// By underlying: the expiries that have a settlement price, in nanoseconds.
    private var delivered: [Set<UInt64>] = []
    private let fractionBits: [Int64]

    init(_ genesis: Genesis) {
        let catalogue = genesis.catalogue
        fractionBits = catalogue.underlyings.map { $0.fractionBits }
        for place in catalogue.underlyings.indices {
            let underlying = UnderlyingIdentifier(UInt16(place))
            underlyings.append(
                UnderlyingRow(underlying: underlying, index: .zero, stable: .zero))
            changedUnderlyings.append(true)
            hours.append(nil)
            changedHours.append(false)
            delivered.append([])
        }
        for instrument in catalogue.instruments { list(instrument, at: genesis.time) }
    }

    subscript(instrument: InstrumentIdentifier) -> MarketState? {
        let place = Int(instrument.number)
        return place < markets.count ? markets[place] : nil
    }

    func index(of instrument: Instrument) -> IndexPrice {
        underlyings[Int(instrument.underlying.number)].index
    }

    /// The price that the worth of a long lot is taken at: the lower of mark and stable price.
    func carefulPrice(of market: MarketState) -> IndexPrice {
        let stable = underlyings[Int(market.row.terms.underlying.number)].stable
        return min(market.row.mark, stable)
    }

    // What events do.

    /// Takes note of the next instrument.
    mutating func list(_ instrument: Instrument, at time: Timestamp) {
        let row = InstrumentRow(
            instrument: InstrumentIdentifier(UInt16(markets.count)),
            symbol: String(decoding: instrument.symbol.characters, as: UTF8.self), listed: time,
            terms: instrument, mark: .zero, lastPrice: nil, lastTick: .zeroPlus, fundingIndex: 0,
            fundingHour: nil, fundingPrice: .zero)
        var market = MarketState(
            row, fractionBits: fractionBits[Int(instrument.underlying.number)])
        market.isChanged = true
        markets.append(market)
    }

    mutating func move(_ funding: FundingMove) {
        let place = Int(funding.instrument.number)
        guard place < markets.count else { return }
        markets[place].row.fundingIndex = funding.index
        markets[place].isChanged = true
    }

    mutating func setIndex(
        _ index: IndexPrice, stable: IndexPrice, of underlying: UnderlyingIdentifier,
        at time: Timestamp, _ batch: inout HistoryBatch
    ) {
        let place = Int(underlying.number)
        underlyings[place].index = index
        underlyings[place].stable = stable
        changedUnderlyings[place] = true
        let hour = time.count(of: .hour)
        if let last = hours[place], last.hour != hour, changedHours[place] {
            batch.indexes.append(last)
        }
        hours[place] = IndexRow(underlying: underlying, hour: hour, price: index)
        changedHours[place] = true
    }

    mutating func setMark(
        _ mark: IndexPrice, rate: Ratio, of instrument: InstrumentIdentifier,
        at time: Timestamp, _ batch: inout HistoryBatch
    ) {
        let place = Int(instrument.number)
        markets[place].row.mark = mark
        markets[place].isChanged = true
        let row = markets[place].row
        guard row.terms.kind == .perpetual else { return }
        let hour = time.count(of: .hour)
        guard row.fundingHour != hour else { return }
        let index = index(of: row.terms)
        batch.funding.append(
            FundingRow(
                instrument: instrument,
                time: Timestamp(nanoseconds: hour * Duration.hour.nanoseconds), index: index,
                previousIndex: row.fundingHour == nil ? index : row.fundingPrice, rate: rate))
        markets[place].row.fundingHour = hour
        markets[place].row.fundingPrice = index
    }

    /// Counts a trade.
    ///
    /// - Returns: where the price went with it.
    mutating func count(
        _ trade: Trade, at time: Timestamp, _ batch: inout HistoryBatch
    ) -> TradeTick {
        let place = Int(trade.instrument.number)
        let row = markets[place].row
        let tick = row.lastTick.next(from: row.lastPrice, to: trade.price)
        markets[place].row.lastTick = tick
        markets[place].row.lastPrice = trade.price
        markets[place].isChanged = true
        let minute = time.count(of: .minute)
        for (kind, length) in CandleRow.lengths.enumerated() {
            let span = minute / length
            if markets[place].candles[kind]?.span == span {
                markets[place].candles[kind]?.add(
                    high: trade.price, low: trade.price, close: trade.price,
                    volume: trade.quantity, cost: trade.notional)
            } else {
                if markets[place].changedCandles[kind], let last = markets[place].candles[kind] {
                    batch.candles.append(last)
                }
                markets[place].candles[kind] = CandleRow(
                    instrument: trade.instrument, length: length, span: span,
                    open: trade.price, high: trade.price, low: trade.price, close: trade.price,
                    volume: trade.quantity, cost: trade.notional)
            }
            markets[place].changedCandles[kind] = true
        }
        return tick
    }

    /// Takes note of a settlement price, once for each expiry.
    mutating func deliver(
        _ price: IndexPrice, _ instrument: InstrumentIdentifier, _ batch: inout HistoryBatch
    ) {
        let terms = markets[Int(instrument.number)].row.terms
        let place = Int(terms.underlying.number)
        guard let expiry = terms.expiry,
            delivered[place].insert(expiry.nanoseconds).inserted
        else { return }
        batch.deliveries.append(
            DeliveryRow(underlying: terms.underlying, expiry: expiry, price: price))
    }

    // To and from the database.

    mutating func flush(into batch: inout HistoryBatch) {
        for place in markets.indices {
            for kind in CandleRow.lengths.indices where markets[place].changedCandles[kind] {
                if let candle = markets[place].candles[kind] { batch.candles.append(candle) }
                markets[place].changedCandles[kind] = false
            }
            guard markets[place].isChanged else { continue }
            batch.instruments.append(markets[place].row)
            markets[place].isChanged = false
        }
        for place in underlyings.indices {
            if changedUnderlyings[place] { batch.underlyings.append(underlyings[place]) }
            changedUnderlyings[place] = false
            if changedHours[place], let hour = hours[place] { batch.indexes.append(hour) }
            changedHours[place] = false
        }
    }

    mutating func restore(from store: HistoryStore) throws(HistoryFault) {
        var rows: [InstrumentRow] = []
        try store.forEach(InstrumentRow.self) { (row) throws(HistoryFault) in rows.append(row) }
        let known = rows.enumerated().allSatisfy { Int($1.instrument.number) == $0 }
        guard known, rows.count >= markets.count,
            rows.allSatisfy({ Int($0.terms.underlying.number) < underlyings.count })
        else { throw .damaged(table: "instruments", column: 1) }
        markets = rows.map {
            MarketState($0, fractionBits: fractionBits[Int($0.terms.underlying.number)])
        }
        for place in markets.indices {
            for (kind, length) in CandleRow.lengths.enumerated() {
                markets[place].candles[kind] = try store.lastCandle(
                    of: markets[place].row.instrument, length: length)
            }
        }
        var found = underlyings
        try store.forEach(UnderlyingRow.self) { (row) throws(HistoryFault) in
            guard Int(row.underlying.number) < found.count else {
                throw .damaged(table: "underlyings", column: 1)
            }
            found[Int(row.underlying.number)] = row
        }
        underlyings = found
        for place in underlyings.indices {
            changedUnderlyings[place] = false
            hours[place] = try store.lastIndex(of: underlyings[place].underlying)
        }
        var expiries = delivered
        try store.forEach(DeliveryRow.self) { (row) throws(HistoryFault) in
            guard Int(row.underlying.number) < expiries.count else {
                throw .damaged(table: "deliveries", column: 1)
            }
            expiries[Int(row.underlying.number)].insert(row.expiry.nanoseconds)
        }
        delivered = expiries
    }
}
