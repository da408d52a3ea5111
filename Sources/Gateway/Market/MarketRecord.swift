/// What the gateway remembers of the markets beside the ledger, which holds only what is: trades,
/// candles, funding and settlements that were. It is made from the events of blocks, in memory, and
/// made again at start from the blocks that the node still has.

package import Canonical
import Catalogue
package import FixedPoint
import Ledger
import Markets
import Accounts
import Oracle

/// Where an open order is.
package struct OrderPlace: Equatable, Sendable {
    package let instrument: InstrumentIdentifier
    package let isLiquidation: Bool
    package let isConversion: Bool

    init(instrument: InstrumentIdentifier, flags: OrderFlags) {
        self.instrument = instrument
        isLiquidation = flags.isLiquidation
        isConversion = flags.isConversion
    }

    /// Whether the engine has sent it for an account.
    var isForced: Bool { isLiquidation || isConversion }
}

/// How an expiry ended.
package struct SettlementRecord: Equatable, Sendable {
    /// The number of its event.
    package let number: UInt64
    package let instrument: InstrumentIdentifier
    package let time: Timestamp
    /// The settlement price of the underlying.
    package let price: IndexPrice
    package let mark: IndexPrice
    /// What was held long.
    package var longs = Quantity.zero
    /// What all winners have won.
    package var profit = Amount.zero
}

/// The settlement price of an underlying on a day.
package struct DeliveryRecord: Equatable, Sendable {
    package let expiry: Timestamp
    package let price: IndexPrice
}

/// The index at the end of an hour.
package struct IndexSample: Equatable, Sendable {
    /// Hours since 1970.
    package let hour: UInt64
    package var price: IndexPrice
}

/// What a block changed, for those who publish it.
package struct MarketChanges: Sendable {
    /// Each once.
    package var books: [InstrumentIdentifier] = []
    package var trades: [TradeRecord] = []
    package var marks: [InstrumentIdentifier] = []
    package var indexes: [UnderlyingIdentifier] = []
    /// Of these the state is another, each as often as it changed.
    package var states: [InstrumentIdentifier] = []
    /// Of these a breaker has changed the level.
    package var levels: [InstrumentIdentifier] = []
    /// Steps of liquidations, in order.
    package var liquidations: [LiquidationRecord] = []
}

/// The read model of all markets.
package struct MarketRecord: Sendable {
    let configuration: GatewayConfiguration
    /// By instrument.
    package internal(set) var histories: [MarketHistory] = []
    /// The last of the whole venue.
    package internal(set) var trades: Ring<TradeRecord>
    /// By the number of the order.
    package internal(set) var orders: [UInt64: OrderPlace] = [:]
    package internal(set) var settlements: Ring<SettlementRecord>
    /// Steps of liquidations, the last of the whole venue.
    package internal(set) var liquidations: Ring<LiquidationRecord>
    /// By underlying.
    package internal(set) var deliveries: [Ring<DeliveryRecord>]
    /// By underlying, ascending.
    package internal(set) var samples: [Ring<IndexSample>]
    /// By instrument and by underlying: as the events of this block left them so far.
    var marks: [IndexPrice]
    var indexes: [IndexPrice]
    /// From where on every event has been taken in, in its turn.
    package internal(set) var since: MemoryReach
    package internal(set) var height: UInt64
    package internal(set) var time: Timestamp

    init(_ ledger: Ledger, _ configuration: GatewayConfiguration) {
        self.configuration = configuration
        let underlyings = ledger.catalogue.underlyings
        settlements = Ring(limit: configuration.settlementHistory)
        liquidations = Ring(limit: configuration.liquidationHistory)
        trades = Ring(limit: configuration.venueTradeHistory)
        deliveries = underlyings.map { _ in Ring(limit: configuration.settlementHistory) }
        samples = underlyings.map { _ in Ring(limit: configuration.fundingHistory) }
        marks = ledger.prices.map { $0.mark }
        indexes = ledger.feeds.map { $0.index }
        since = ledger.height == 0 ? .whole : .after(ledger.time)
        height = ledger.height
        time = ledger.time
        for _ in ledger.catalogue.instruments {
            histories.append(
                MarketHistory(configuration, listed: ledger.genesis.time, height: height))
        }
        for place in ledger.accounts.accounts.indices {
            let account = AccountIdentifier(UInt32(place))
            for order in ledger.openOrders(of: account) {
                orders[order.identifier.number] = OrderPlace(
                    instrument: order.instrument, flags: order.flags)
            }
        }
    }
}
