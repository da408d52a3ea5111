/// What a channel's name says: `book.BTC_USDC-PERPETUAL.raw` and the others of Deribit that this
/// venue has something to say in, and `block` and `liquidations`, which are ours.

package import Canonical
package import FixedPoint
import JSON

/// How often a channel speaks.
package enum ChannelPace: String, Sendable {
    /// With every block that changes something.
    case raw
    /// What has changed, at most every 100 ms.
    case often = "100ms"
    /// What has changed, at most every second.
    case seldom = "agg2"

    /// The least time between two messages; nil for every block.
    var interval: Duration? {
        switch self {
        case .raw: nil
        case .often: Duration(nanoseconds: 100_000_000)
        case .seldom: .seconds(1)
        }
    }
}

/// What moves a channel.
package enum ChannelSource: Hashable, Sendable {
    case instrument(UInt16)
    case underlying(UInt16)
    /// Trades of any instrument.
    case trades
    /// States of instruments.
    case states
    /// Steps of liquidations.
    case liquidations
    case blocks
    /// Nothing moves while the node serves.
    case platform
}

/// What a channel is about.
package enum ChannelTopic: Equatable, Sendable {
    case book(InstrumentIdentifier, ChannelPace)
    /// Levels of so many ticks, best so many; nil takes levels as they are.
    case groupedBook(InstrumentIdentifier, group: Int64?, depth: Int, ChannelPace)
    case ticker(InstrumentIdentifier, ChannelPace)
    case incrementalTicker(InstrumentIdentifier)
    case quote(InstrumentIdentifier)
    case trades(InstrumentIdentifier, ChannelPace)
    /// Of all instruments of a kind and a currency; nil is any.
    case allTrades(APIKind?, currency: String, ChannelPace)
    case chart(InstrumentIdentifier, resolution: Int)
    case perpetual(InstrumentIdentifier, ChannelPace)
    case priceIndex(UnderlyingIdentifier)
    case optionMarks(UnderlyingIdentifier)
    case expirationPrice(UnderlyingIdentifier)
    case instrumentState(APIKind?, currency: String)
    case platformState
    case methodsState
    case liquidations
    case block

    package var source: ChannelSource {
        switch self {
        case .book(let instrument, _), .groupedBook(let instrument, _, _, _),
            .ticker(let instrument, _), .incrementalTicker(let instrument),
            .quote(let instrument), .trades(let instrument, _), .chart(let instrument, _),
            .perpetual(let instrument, _):
            .instrument(instrument.number)
        case .allTrades: .trades
        case .priceIndex(let underlying), .optionMarks(let underlying),
            .expirationPrice(let underlying):
            .underlying(underlying.number)
        case .instrumentState: .states
        case .platformState, .methodsState: .platform
        case .liquidations: .liquidations
        case .block: .blocks
        }
    }

    var pace: ChannelPace {
        switch self {
        case .book(_, let pace), .groupedBook(_, _, _, let pace), .ticker(_, let pace),
            .trades(_, let pace), .allTrades(_, _, let pace), .perpetual(_, let pace):
            pace
        case .optionMarks, .expirationPrice: .seldom
        default: .raw
        }
    }
}

/// What a channel has told its subscribers, and what it has collected since.
package struct ChannelMemory: Sendable {
    /// Of a book.
    var levels: BookLevels?
    /// The number of that state.
    package var changeIdentifier: UInt64 = 0
    package var lastSent = Timestamp.epoch
    /// Whether something has changed since.
    package var isDirty = false
    var trades: [TradeRecord] = []
    /// The last text, of channels that speak only when it is another.
    package var text: Frame = []
    /// The last fields, of a ticker that tells changes only.
    var fields: [JSON.Member] = []

    init() {}
}

extension ChannelTopic {
    /// The topic of a public channel; nil where there is none of this name.
    init?(_ name: String, _ gateway: Gateway, ticks: (InstrumentIdentifier, String) -> Int64?) {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard let family = parts.first else { return nil }
        switch name {
        case "platform_state": self = .platformState
        case "platform_state.public_methods_state": self = .methodsState
        case "block": self = .block
        case "liquidations": self = .liquidations
        default:
            // Symbols may hold points, so an instrument is what is left in the middle.
            guard
                let topic = ChannelTopic.ofInstrument(family, parts, gateway, ticks)
                    ?? ChannelTopic.ofMarket(family, parts, gateway)
            else { return nil }
            self = topic
        }
    }

    private static func ofInstrument(
        _ family: String, _ parts: [String], _ gateway: Gateway,
        _ ticks: (InstrumentIdentifier, String) -> Int64?
    ) -> ChannelTopic? {
        func instrument(_ start: Int, dropping last: Int) -> InstrumentIdentifier? {
            guard parts.count > start + last else { return nil }
            return gateway.names.instrument(
                parts[start..<(parts.count - last)].joined(separator: "."))
        }
        let pace = ChannelPace(rawValue: parts[parts.count - 1])
        switch family {
        case "book":
            guard let pace else { return nil }
            if let plain = instrument(1, dropping: 1) { return .book(plain, pace) }
            guard pace != .raw, let grouped = instrument(1, dropping: 3),
                let depth = Int(parts[parts.count - 2]), [1, 10, 20].contains(depth)
            else { return nil }
            let group = parts[parts.count - 3]
            if group == "none" { return .groupedBook(grouped, group: nil, depth: depth, pace) }
            guard let size = ticks(grouped, group) else { return nil }
            return .groupedBook(grouped, group: size, depth: depth, pace)
        case "ticker":
            guard let pace, let found = instrument(1, dropping: 1) else { return nil }
            return .ticker(found, pace)
        case "trades":
            guard let pace, let found = instrument(1, dropping: 1) else { return nil }
            return .trades(found, pace)
        case "perpetual":
            guard let pace, let found = instrument(1, dropping: 1),
                gateway.isPerpetual(found)
            else { return nil }
            return .perpetual(found, pace)
        case "quote": return instrument(1, dropping: 0).map { .quote($0) }
        case "incremental_ticker":
            return instrument(1, dropping: 0).map { .incrementalTicker($0) }
        case "chart":
            guard parts.count > 1, parts[1] == "trades", let found = instrument(2, dropping: 1),
                let place = Resolution.names.firstIndex(of: parts[parts.count - 1])
            else { return nil }
            return .chart(found, resolution: place)
        default: return nil
        }
    }

    private static func ofMarket(
        _ family: String, _ parts: [String], _ gateway: Gateway
    ) -> ChannelTopic? {
        switch (family, parts.count) {
        case ("trades", 4):
            guard let pace = ChannelPace(rawValue: parts[3]), let kind = kind(parts[1]),
                let currency = currency(parts[2], gateway)
            else { return nil }
            return .allTrades(kind.kind, currency: currency, pace)
        case ("deribit_price_index", 2):
            return gateway.names.underlying(ofIndex: parts[1]).map { .priceIndex($0) }
        case ("estimated_expiration_price", 2):
            return gateway.names.underlying(ofIndex: parts[1]).map { .expirationPrice($0) }
        case ("markprice", 3) where parts[1] == "options":
            return gateway.names.underlying(ofIndex: parts[2]).map { .optionMarks($0) }
        case ("instrument", 4) where parts[1] == "state":
            guard let kind = kind(parts[2]), let currency = currency(parts[3], gateway) else {
                return nil
            }
            return .instrumentState(kind.kind, currency: currency)
        default: return nil
        }
    }

    /// A kind or `any`; nil where it is neither.
    private static func kind(_ text: String) -> (kind: APIKind?, Void)? {
        if text == "any" { return (nil, ()) }
        return APIKind(rawValue: text).map { ($0, ()) }
    }

    private static func currency(_ text: String, _ gateway: Gateway) -> String? {
        text == "any" || gateway.names.isCurrency(text) ? text : nil
    }
}
