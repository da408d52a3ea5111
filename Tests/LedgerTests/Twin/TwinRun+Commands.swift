/// The commands that chance gives the twins: mostly such that they succeed, of few names, labels
/// and prices so that they meet, and sometimes such that each rule says no.

import Canonical
import Catalogue
import FixedPoint
import Ledger
import Markets

extension TwinRun {
    func randomSends() -> [Send] {
        var sends: [Send] = []
        for _ in 0..<integer(1...24) {
            switch integer(0...199) {
            case 0: sends.append(send(.custodian, [.place(placement(for: 0))]))
            case 1...3: sends.append(send(.operator, [operatorCommand()]))
            default:
                let account = Int(integer(0...Int64(Self.accounts - 1)))
                let count = chance(1, in: 40) ? 64 : chance(1, in: 3) ? integer(2...9) : 1
                sends.append(
                    send(
                        .account(AccountIdentifier(UInt32(account))),
                        (0..<count).map { _ in ownerCommand(of: account) }))
            }
        }
        return sends
    }

    /// Whether this value shall be one that is refused.
    func isNonsense() -> Bool { chance(1, in: 120) }

    private func operatorCommand() -> Command {
        switch integer(0...9) {
        case 0...4:
            let length = isNonsense() || chance(1, in: 15) ? 10 : UInt64(integer(1_000...9_000))
            return .startAuction(market(), length: Duration(nanoseconds: length * 1_000_000))
        case 5...8:
            let account = chance(1, in: 15) ? 77 : integer(0...Int64(Self.accounts - 1))
            return .setFeeTier(
                UInt16(integer(0...3)), of: AccountIdentifier(UInt32(account)))
        default: return ownerCommand(of: 0)
        }
    }

    private func ownerCommand(of account: Int) -> Command {
        switch integer(0...999) {
        case 0...619: .place(placement(for: account))
        case 620...769: .amend(amendment(for: account))
        case 770...804: .cancel(OrderIdentifier(someOrder(of: account)?.number ?? 1))
        case 805...824: .cancelClient(name(orNone: 30))
        case 825...827: .cancelAll(chance(1, in: 3) ? nil : market())
        case 828...833: .cancelLabel(label(orNone: 20))
        case 834...943: .quote(quote(for: account))
        case 944...949: .cancelQuotes(chance(1, in: 3) ? nil : market())
        case 950...974: protection()
        case 975...994: .resetProtection(UnderlyingIdentifier(isNonsense() ? 2 : anyUnderlying()))
        case 995...997: .unoffered(pick(UnofferedFeature.allCases))
        default: .setFeeTier(0, of: AccountIdentifier(UInt32(account)))
        }
    }

    private func protection() -> Command {
        let limit = chance(1, in: 8) ? 0 : isNonsense() ? -1 : integer(50...4_000)
        return .setProtection(
            UnderlyingIdentifier(isNonsense() ? 2 : anyUnderlying()),
            window: Duration(
                nanoseconds: isNonsense() ? 0 : UInt64(integer(500...5_000)) * 1_000_000),
            freeze: Duration(
                nanoseconds: chance(1, in: 6) ? 0 : UInt64(integer(100...6_000)) * 1_000_000),
            limit: .dollars(limit))
    }

    private func anyUnderlying() -> UInt16 { UInt16(integer(0...1)) }

    private func market() -> InstrumentIdentifier {
        if isNonsense() { return InstrumentIdentifier(chance(1, in: 2) ? 3 : 9) }
        return InstrumentIdentifier(UInt16(pick([0, 0, 1, 2, 2])))
    }

    private func name(orNone part: Int64) -> ClientOrderIdentifier {
        ClientOrderIdentifier(chance(1, in: part) ? 0 : UInt64(integer(1...9)))
    }

    /// A name that the account does not use, most of the time.
    private func freeName(of account: Int) -> ClientOrderIdentifier {
        let first = name(orNone: 20)
        let isTaken = reference.order(named: first.number, of: account) != nil
        return isTaken && !chance(1, in: 8) ? name(orNone: 2) : first
    }

    private func label(orNone part: Int64) -> Label {
        chance(1, in: part) ? Label() : Label([UInt8(integer(97...99))]) ?? Label()
    }

    /// An open order of the account, seldom anyone's.
    private func someOrder(of account: Int) -> ReferenceOrder? {
        let list = reference.orders.filter { order in
            order.account == account || (order.number % 16 == 0 && chance(1, in: 8))
        }
        return list.isEmpty ? nil : pick(list)
    }

    private func lots() -> Int64 {
        if isNonsense() { return pick([0, -1, TwinGenesis.largestOrder + 1, .max, .min]) }
        return chance(1, in: 25) ? integer(1...150) : integer(1...20)
    }

    private func ticks(of micros: Int64, in market: Int) -> Int64 {
        micros / reference.markets[min(market, 3)].terms.tickSize.units
    }

    /// A price near the mark.
    private func price(_ market: Int, _ side: Side) -> Int64 {
        if isNonsense() { return pick([0, -1, .max, 25_000]) }
        let mark = ticks(of: reference.markets[min(market, 3)].mark, in: market)
        let highest = reference.markets[min(market, 3)].terms.maximumPrice.ticks
        if mark < 100 { return integer(1...highest) }
        if chance(1, in: 30) { return max(1, mark + integer(-mark / 30...mark / 30)) }
        // Mostly on its own side of the mark, so that books fill.
        let offset = chance(2, in: 3) ? -integer(0...25) : integer(0...8)
        return min(highest, mark + side.sign * offset)
    }

    func placement(for account: Int) -> OrderRequest {
        let instrument = market()
        let place = Int(instrument.number)
        let side: Side = chance(1, in: 2) ? .buy : .sell
        var request = OrderRequest(
            instrument: instrument, side: side,
            limit: chance(1, in: 12) ? nil : Price(ticks: price(place, side)),
            quantity: Quantity(lots: lots()))
        request.timeInForce = pick([
            .goodTillCancelled, .goodTillCancelled, .goodTillCancelled, .goodTillCancelled,
            .goodTillTime, .goodTillTime, .immediateOrCancel, .fillOrKill,
        ])
        request.postOnly = chance(1, in: 6)
        request.slides = request.postOnly && chance(1, in: 2)
        request.reduceOnly = chance(character.reducing, in: 100)
        request.selfTrade = pick(SelfTradePrevention.allCases)
        request.isProtected = chance(character.protected, in: 100)
        if chance(1, in: 3) { request.clientIdentifier = freeName(of: account) }
        if chance(1, in: 4) { request.label = label(orNone: 20) }
        if chance(1, in: 6) { request.display = Quantity(lots: display(request.quantity.lots)) }
        if chance(1, in: 5) { request.trigger = trigger(place, side) }
        if chance(1, in: 5) { request.pair = partner(of: account, in: place) }
        return isNonsense() ? request : agreeable(request)
    }

    /// The same order without terms that exclude each other.
    private func agreeable(_ request: OrderRequest) -> OrderRequest {
        var request = request
        if request.trigger != nil { request.postOnly = false }
        if request.postOnly {
            let place = Int(request.instrument.number)
            request.limit = request.limit ?? Price(ticks: price(place, request.side))
            if !request.timeInForce.rests { request.timeInForce = .goodTillCancelled }
        }
        request.slides = request.slides && request.postOnly
        if request.timeInForce == .goodTillTime, request.limit == nil, request.trigger == nil {
            request.timeInForce = .immediateOrCancel
        }
        request.expiry = nil
        if request.timeInForce == .goodTillTime {
            let nanoseconds = integer(isNonsense() ? -1...0 : 1...20_000) * 1_000_000
            request.expiry = Timestamp(
                nanoseconds: UInt64(Int64(venue.time.nanoseconds) + nanoseconds))
        }
        let mayRest = request.timeInForce.rests && request.limit != nil
        if !mayRest { request.display = nil }
        if !mayRest, request.trigger == nil { request.pair = ClientOrderIdentifier(0) }
        return request
    }

    private func display(_ lots: Int64) -> Int64 {
        if isNonsense() { return pick([0, -1, lots]) }
        return max(1, lots.magnitude > 1_000 ? 1 : lots / integer(2...5))
    }

    private func trigger(_ market: Int, _ side: Side) -> Trigger {
        let reference: TriggerReference = chance(1, in: 2) ? .mark : .index
        let now = min(market, 2)
        let micros =
            reference == .mark
            ? self.reference.markets[now].mark
            : self.reference.indexes[self.reference.markets[now].underlying].price
        let kind: TriggerKind = chance(1, in: 2) ? .stop : .take
        // Mostly not met yet.
        let away = integer(chance(1, in: 6) ? -3...0 : 0...9)
        let rises = (kind == .stop) == (side == .buy)
        let near = ticks(of: micros, in: now) + (rises ? 1 + away : -away)
        return Trigger(
            kind, on: reference, at: Price(ticks: isNonsense() ? 0 : max(1, near)))
    }

    /// The name of an order that can be paired, now and then of one that cannot.
    private func partner(of account: Int, in market: Int) -> ClientOrderIdentifier {
        let free = reference.orders.filter {
            $0.account == account && $0.market == market && $0.name != 0 && $0.pair == 0
        }
        if chance(1, in: 20) { return name(orNone: 20) }
        if free.isEmpty { return ClientOrderIdentifier(0) }
        return ClientOrderIdentifier(pick(free).name)
    }

    private func amendment(for account: Int) -> AmendRequest {
        guard let order = someOrder(of: account) else {
            return AmendRequest(
                order: OrderIdentifier(1), limit: Price(ticks: 1), remaining: Quantity(lots: 1),
                postOnly: false)
        }
        let isWaiting = order.state == .waiting
        let size: Int64
        switch integer(0...9) {
        case 0...2: size = order.lots
        case 3...6: size = integer(1...order.lots)
        case 7: size = order.lots + integer(1...9)
        case 8 where order.display > 0: size = order.display * integer(90...110)
        default: size = lots()
        }
        var limit: Int64? = chance(1, in: 3) ? order.price : price(order.market, order.side)
        if order.price == 0, !isNonsense() { limit = nil }
        var request = AmendRequest(
            order: OrderIdentifier(order.number), limit: limit.map { Price(ticks: $0) },
            remaining: Quantity(lots: size), postOnly: chance(1, in: 4))
        if isWaiting ? chance(1, in: 2) : isNonsense() {
            request.trigger = trigger(order.market, order.side).price
        }
        return request
    }

    private func quote(for account: Int) -> QuoteRequest {
        let instrument = market()
        let place = Int(instrument.number)
        let middle = price(place, .buy)
        let old = reference.orders.filter {
            $0.account == account && $0.flags.isQuote && $0.market == place
        }
        var request = QuoteRequest(
            instrument: instrument, bid: Price(ticks: middle),
            bidQuantity: Quantity(lots: chance(1, in: 12) ? 0 : lots()),
            ask: Price(ticks: middle == .max ? 1 : middle + integer(isNonsense() ? -2...0 : 1...6)),
            askQuantity: Quantity(lots: chance(1, in: 12) ? 0 : lots()))
        // Often the quote before, smaller or farther away.
        for order in old where chance(1, in: 2) {
            let lots = Quantity(lots: chance(1, in: 2) ? order.lots : integer(1...order.lots))
            if order.side == .buy {
                request.bid = Price(ticks: max(1, order.price - integer(0...1)))
                request.bidQuantity = lots
            } else {
                request.ask = Price(ticks: order.price + integer(0...1))
                request.askQuantity = lots
            }
        }
        return request
    }
}
