/// Orders, quotes and cancels as words.

import Canonical
import FixedPoint
import Ledger
import Markets

extension CommandParser {
    /// What concerns orders; nil where the verb is another's.
    func orderCommand(
        _ verb: String, _ words: inout CommandWords
    ) throws(CommandFault) -> Command? {
        switch verb {
        case "buy": return .place(try order(.buy, &words))
        case "sell": return .place(try order(.sell, &words))
        case "amend":
            let number = try words.number("ORDER", in: 0...UInt64.max)
            let instrument = try words.instrument()
            let lots = try words.lots(of: instrument)
            return .amend(
                AmendRequest(
                    order: OrderIdentifier(number), limit: try words.price(of: instrument),
                    remaining: lots, postOnly: false))
        case "cancel":
            let word = try words.next("ORDER")
            if let number = try CommandParser.client(word) { return .cancelClient(number) }
            return .cancel(
                OrderIdentifier(
                    try CommandArguments.number(word, named: "ORDER", in: 0...UInt64.max)))
        case "cancel-all": return .cancelAll(try optionalInstrument(&words))
        case "cancel-label": return .cancelLabel(try words.label())
        case "quote":
            let instrument = try words.instrument()
            let bid = try words.price(of: instrument, "BID")
            let bidLots = try words.lots(of: instrument)
            let ask = try words.price(of: instrument, "ASK")
            return .quote(
                QuoteRequest(
                    instrument: instrument.identifier, bid: bid, bidQuantity: bidLots, ask: ask,
                    askQuantity: try words.lots(of: instrument)))
        case "cancel-quotes": return .cancelQuotes(try optionalInstrument(&words))
        case "set-protection":
            let underlying = try words.underlying()
            let window = try words.seconds("WINDOW")
            let freeze = try words.seconds("FREEZE")
            return .setProtection(
                underlying, window: window, freeze: freeze, limit: try words.amount())
        case "reset-protection": return .resetProtection(try words.underlying())
        default: return nil
        }
    }

    private func optionalInstrument(
        _ words: inout CommandWords
    ) throws(CommandFault) -> InstrumentIdentifier? {
        words.isEmpty ? nil : try words.instrument().identifier
    }

    private func order(
        _ side: Side, _ words: inout CommandWords
    ) throws(CommandFault) -> OrderRequest {
        let instrument = try words.instrument()
        let lots = try words.lots(of: instrument)
        let price = try words.next("PRICE or market")
        var request = OrderRequest(
            instrument: instrument.identifier, side: side, limit: nil, quantity: lots,
            // What a market order does not fill at once has no price to rest at.
            timeInForce: .immediateOrCancel)
        if price != "market" {
            request.limit = Price(
                ticks: try CommandWords.ticks(price, named: "PRICE", of: instrument))
            request.timeInForce = .goodTillCancelled
        }
        while let term = words.optional() {
            switch term {
            case "post-only": request.postOnly = true
            case "reduce-only": request.reduceOnly = true
            case "ioc": request.timeInForce = .immediateOrCancel
            case "fok": request.timeInForce = .fillOrKill
            default:
                if let number = try CommandParser.client(term) {
                    request.clientIdentifier = number
                } else if term.hasPrefix("label=") {
                    request.label = try CommandWords.label(String(term.dropFirst("label=".count)))
                } else {
                    throw .usage(
                        "'\(term)' is no term of an order; known are post-only, reduce-only, ioc, "
                            + "fok, client=NUMBER, label=TEXT")
                }
            }
        }
        return request
    }

    /// The number of `client=NUMBER`; nil for other words.
    private static func client(_ word: String) throws(CommandFault) -> ClientOrderIdentifier? {
        guard word.hasPrefix("client=") else { return nil }
        return ClientOrderIdentifier(
            try CommandArguments.number(
                String(word.dropFirst("client=".count)), named: "client", in: 1...UInt64.max))
    }
}
