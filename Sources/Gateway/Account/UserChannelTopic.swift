/// What the name of a user's channel says. Such a channel belongs to an account: two accounts that
/// listen to one name hear different things.

import Canonical
import Catalogue
import Ledger

/// What a user's channel is about.
enum UserChannelTopic: Equatable, Sendable {
    /// Which orders and trades.
    struct Selection: Equatable, Sendable {
        /// Nil is any.
        var instrument: InstrumentIdentifier?
        var kind: APIKind?
        /// Of a kind that is not offered nothing is told.
        var isNothing = false
        var currency = "any"
    }

    case orders(Selection, ChannelPace)
    case trades(Selection, ChannelPace)
    case changes(Selection, ChannelPace)
    case portfolio(currency: String)
    case protection(UnderlyingIdentifier)
    case lock

    /// The scope that it needs.
    var scope: Scope {
        switch self {
        case .orders, .trades, .changes, .protection: .tradeRead
        case .portfolio, .lock: .accountRead
        }
    }

    /// How often it speaks.
    var pace: ChannelPace {
        switch self {
        case .orders(_, let pace), .trades(_, let pace), .changes(_, let pace): pace
        case .portfolio, .protection, .lock: .raw
        }
    }

    /// The orders and trades that it tells of.
    var selection: Selection? {
        switch self {
        case .orders(let selection, _), .trades(let selection, _), .changes(let selection, _):
            selection
        case .portfolio, .protection, .lock: nil
        }
    }

    /// Whether a name is one of a user's channel.
    static func isUsers(_ name: String) -> Bool { name.hasPrefix("user.") }

    /// The topic of a name; nil where there is none.
    init?(_ name: String, _ gateway: Gateway) {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count >= 2, parts[0] == "user" else { return nil }
        switch (parts[1], parts.count) {
        case ("lock", 2): self = .lock
        case ("portfolio", 3):
            // Some clients ask for currencies that a venue does not have.
            guard !parts[2].isEmpty, parts[2].utf8.allSatisfy(UserChannelTopic.isWord) else {
                return nil
            }
            self = .portfolio(currency: parts[2].uppercased())
        case ("mmp_trigger", 3):
            guard let underlying = gateway.names.underlying(ofIndex: parts[2]) else { return nil }
            self = .protection(underlying)
        case ("orders", 4...), ("trades", 4...), ("changes", 4...):
            guard let pace = ChannelPace(rawValue: parts[parts.count - 1]),
                let selection = Selection(Array(parts[2..<(parts.count - 1)]), gateway)
            else { return nil }
            switch parts[1] {
            case "orders": self = .orders(selection, pace)
            case "trades": self = .trades(selection, pace)
            default: self = .changes(selection, pace)
            }
        default: return nil
        }
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: false
        }
    }
}

extension UserChannelTopic.Selection {
    /// `{instrument}` or `{kind}.{currency}`.
    fileprivate init?(_ parts: [String], _ gateway: Gateway) {
        // Symbols may hold points.
        if let instrument = gateway.names.instrument(parts.joined(separator: ".")) {
            self.init(instrument: instrument)
            return
        }
        guard parts.count == 2, parts[1] == "any" || gateway.names.isCurrency(parts[1]) else {
            return nil
        }
        let unofferedKinds = ["combo", "future_combo", "option_combo"]
        let kind = APIKind(rawValue: parts[0])
        guard kind != nil || parts[0] == "any" || unofferedKinds.contains(parts[0]) else {
            return nil
        }
        self.init(
            kind: kind, isNothing: unofferedKinds.contains(parts[0]), currency: parts[1])
    }

    /// Whether it holds an instrument.
    func contains(
        _ identifier: InstrumentIdentifier, _ gateway: Gateway, _ ledger: Ledger
    ) -> Bool {
        guard !isNothing, instrument == nil || instrument == identifier else { return false }
        let entry = ledger.catalogue.instruments[Int(identifier.number)]
        return gateway.names.matches(currency, entry)
            && (kind == nil || kind == APIKind(entry.kind))
    }
}
