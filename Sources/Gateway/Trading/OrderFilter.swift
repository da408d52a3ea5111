/// Which orders a call means: by kind, by Deribit's groups of types, by currency.

import Canonical
import Catalogue
import History
import JSON
import Ledger
import Markets

/// Deribit's groups of order types.
enum OrderGroup: String, CaseIterable {
    case all, limit
    case triggerAll = "trigger_all"
    case stopAll = "stop_all"
    case stopLimit = "stop_limit"
    case stopMarket = "stop_market"
    case takeAll = "take_all"
    case takeLimit = "take_limit"
    case takeMarket = "take_market"
    case trailingAll = "trailing_all"
    case trailingStop = "trailing_stop"

    /// Whether an order belongs to it.
    func contains(_ entry: OrderEntry) -> Bool {
        switch self {
        case .all: true
        case .limit, .stopLimit, .stopMarket, .takeLimit, .takeMarket: entry.type == rawValue
        case .triggerAll: entry.trigger != nil
        case .stopAll: entry.trigger?.kind == .stop
        case .takeAll: entry.trigger?.kind == .take
        // There are none.
        case .trailingAll, .trailingStop: false
        }
    }
}

/// What an order must be to be meant.
struct OrderFilter {
    var group = OrderGroup.all
    var kinds: [APIKind]?
    var currency = "any"
    var instrument: InstrumentIdentifier?
    var label: Label?

    /// By the arguments `type`, `kind` and `currency`.
    init(_ call: Call, instrument: InstrumentIdentifier? = nil) {
        group = call.text("type").flatMap { OrderGroup(rawValue: $0) } ?? .all
        if let kind = call.text("kind"), kind != "any" {
            // Combos are not offered, so nothing is one.
            kinds = APIKind(rawValue: kind).map { [$0] } ?? []
        }
        currency = call.text("currency") ?? "any"
        self.instrument = instrument
    }

    /// Whether it means an order.
    func contains(_ entry: OrderEntry, _ gateway: Gateway, _ ledger: Ledger) -> Bool {
        contains(entry.instrument, gateway, ledger) && group.contains(entry)
            && (label == nil || entry.label == label)
    }

    /// The instruments that it means.
    func scope(_ gateway: Gateway, _ ledger: Ledger) -> InstrumentScope {
        if let instrument, contains(instrument, gateway, ledger) { return .one(instrument) }
        return InstrumentScope(ledger) { entry in
            instrument == nil && gateway.names.matches(currency, entry)
                && (kinds?.contains(APIKind(entry.kind)) ?? true)
        }
    }

    /// Whether it means an instrument.
    func contains(
        _ identifier: InstrumentIdentifier, _ gateway: Gateway, _ ledger: Ledger
    ) -> Bool {
        guard instrument == nil || identifier == instrument else { return false }
        let entry = ledger.catalogue.instruments[Int(identifier.number)]
        return gateway.names.matches(currency, entry)
            && (kinds?.contains(APIKind(entry.kind)) ?? true)
    }
}
