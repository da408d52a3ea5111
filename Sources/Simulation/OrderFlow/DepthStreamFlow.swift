/// Binance depth streams as aggregated orders: one order stands for a price level, and grows and
/// shrinks with it. The stream starts from a snapshot; updates that it holds already are passed
/// over, and a gap in the numbers of the others refuses the file, because the book would be wrong
/// without a word.
///
/// What a level lost while trades were reported at its price becomes an execution, the rest a
/// reduction; a trade that no level shows (it was filled up again at once) stays a trade. The parts
/// of an update come in an order in which the book never crosses on the way: what leaves, what
/// trades, what comes.

import Markets

/// Reads depth streams.
struct DepthStreamFlow {
    /// A side and a price.
    private struct Place: Hashable {
        let side: Side
        let price: Int64
    }

    private var sizes: [Place: Int64] = [:]
    /// Volume traded since the last update.
    private var traded: [Place: Int64] = [:]
    private var messages: [OrderFlowMessage] = []
    /// The last message of each update, and the number of its last change.
    private var ends: [(message: Int, last: UInt64)] = []
    private var tickers: [(last: UInt64, best: OrderFlowBest)] = []
    private var lastUpdate: UInt64?
    /// Whether an update has followed the snapshot.
    private var isUnderWay = false
    /// Updates before the snapshot, some of which are needed after it.
    private var waiting: [(time: UInt64, update: DepthUpdate)] = []

    private init() {}

    /// Whether a line starts like one of a depth stream.
    static func isLine(_ line: ArraySlice<UInt8>) -> Bool {
        guard let space = line.firstIndex(of: UInt8(ascii: " ")) else { return false }
        let isTime = line[..<space].allSatisfy { $0 >= 0x30 && $0 <= 0x39 }
        return isTime && space + 1 < line.endIndex && line[space + 1] == UInt8(ascii: "{")
    }

    /// Reads lines from the current one on.
    static func read(
        _ table: inout OrderFlowTable, most: Int
    ) throws(OrderFlowReason) -> [OrderFlowMessage] {
        var flow = DepthStreamFlow()
        var lines = 0
        var hasLine = true
        while hasLine, lines < most {
            if !table.line.isEmpty {
                lines += 1
                try flow.add(try DepthStreamLine(table.line))
            }
            hasLine = try table.nextLine()
        }
        guard flow.lastUpdate != nil else { throw .noSnapshot }
        flow.attachTickers()
        return flow.messages
    }

    private mutating func add(_ line: DepthStreamLine) throws(OrderFlowReason) {
        switch line.content {
        case .snapshot(let last, let bids, let asks):
            guard lastUpdate == nil else { throw .secondSnapshot }
            start(last: last, bids: bids, asks: asks, at: line.time)
            for (time, update) in waiting { try add(update, at: time) }
            waiting = []
        case .update(let update):
            if lastUpdate == nil {
                waiting.append((line.time, update))
            } else {
                try add(update, at: line.time)
            }
        case .ticker(let last, let best): tickers.append((last, best))
        case .trade(let side, let level):
            traded[Place(side: side, price: level.price), default: 0] += level.size
            messages.append(OrderFlowMessage(time: line.time, action: .trade, endsEvent: false))
        case .other: break
        }
    }

    // MARK: The book

    private mutating func start(
        last: UInt64, bids: [OrderFlowLevel], asks: [OrderFlowLevel], at time: UInt64
    ) {
        lastUpdate = last
        traded.removeAll()
        for (side, levels) in [(Side.buy, bids), (Side.sell, asks)] {
            for level in levels where level.size > 0 {
                sizes[Place(side: side, price: level.price)] = level.size
                append(.add(DepthStreamFlow.order(side, level.price, level.size)), at: time)
            }
        }
        end(last: last)
    }

    private mutating func add(_ update: DepthUpdate, at time: UInt64) throws(OrderFlowReason) {
        guard let lastUpdate, update.last > lastUpdate else { return }
        // The first update after the snapshot may begin before it.
        guard !isUnderWay || update.expected == lastUpdate else {
            throw .gap(expected: lastUpdate, found: update.expected)
        }
        self.lastUpdate = update.last
        isUnderWay = true
        var executions: [OrderFlowOrder] = []
        var arrivals: [OrderFlowMessage.Action] = []
        for (side, levels) in [(Side.buy, update.bids), (Side.sell, update.asks)] {
            for level in levels {
                let place = Place(side: side, price: level.price)
                let old = sizes[place] ?? 0
                sizes[place] = level.size > 0 ? level.size : nil
                if level.size > old {
                    let order = DepthStreamFlow.order(side, level.price, level.size)
                    arrivals.append(old == 0 ? .add(order) : .replace(order))
                } else if level.size < old {
                    let sold = min(old - level.size, traded.removeValue(forKey: place) ?? 0)
                    let left = old - level.size - sold
                    if sold > 0 {
                        executions.append(DepthStreamFlow.order(side, level.price, sold))
                    }
                    guard left > 0 else { continue }
                    let order = DepthStreamFlow.order(side, level.price, left)
                    append(left == old ? .remove(order) : .reduce(order), at: time)
                }
            }
        }
        executions.sort { $0.price * $0.side.sign > $1.price * $1.side.sign }
        for order in executions { append(.execute(order), at: time) }
        for action in arrivals { append(action, at: time) }
        traded.removeAll()
        end(last: update.last)
    }

    private mutating func append(_ action: OrderFlowMessage.Action, at time: UInt64) {
        messages.append(OrderFlowMessage(time: time, action: action, endsEvent: false))
    }

    private mutating func end(last: UInt64) {
        guard !messages.isEmpty else { return }
        messages[messages.count - 1].endsEvent = true
        ends.append((messages.count - 1, last))
    }

    /// The order that stands for a level: its price and side are its number.
    private static func order(_ side: Side, _ price: Int64, _ size: Int64) -> OrderFlowOrder {
        OrderFlowOrder(
            identifier: UInt64(price) << 1 | UInt64(side.rawValue), side: side, price: price,
            size: size)
    }

    // MARK: The venue's own best prices

    /// Gives each update the ticker of the last change up to its own. The venue sends one whenever
    /// the best prices change, so that is what they were; an update after the last ticker has none.
    private mutating func attachTickers() {
        tickers.sort { $0.last < $1.last }
        var place = -1
        for (message, last) in ends {
            while place + 1 < tickers.count, tickers[place + 1].last <= last { place += 1 }
            guard place >= 0, place + 1 < tickers.count else { continue }
            messages[message].best = tickers[place].best
        }
    }
}
