/// Those who mean harm, each in a manner of its own, among accounts that act by chance: half of all
/// transactions are theirs. A new manner is a case here, its commands, and what it brings about.

import Accounts
import Canonical
import Catalogue
import Economics
import FixedPoint
import Ledger
import Markets
import Oracle

/// A manner of harm.
enum Adversary: String, CaseIterable {
    /// None: everybody acts by chance.
    case chance
    /// One account cancels and amends the orders of others without end.
    case canceller
    /// Accounts of one owner trade with each other.
    case ring
    /// Prices and sizes at both ends of what is allowed, and one beyond.
    case limits
    /// Numbers near the ends of 64 bits in every field.
    case extremes
    /// The index falls and rises by a half between blocks.
    case crash
    /// Everybody quotes the same few prices.
    case crowd
    /// Orders that take a whole side of a deep book.
    case sweeper
    /// Orders that only reduce, more of them than there is position.
    case reducer
    /// Nonces that repeat, go back and leap.
    case nonces
    /// Transactions of 64 commands.
    case batches
    /// Accounts that do not exist, and signers of what is not theirs to sign.
    case strangers
    /// Whoever borrows on assets as much as can be had, and moves them about.
    case borrower
    /// Contracts that are listed, halted, and traded up to and beyond their expiry.
    case settler
    /// Whoever holds markets back, drains vaults and sends without end.
    case stopper
    /// Owners who fill a market up to its caps, and beyond them if they can.
    case squatter

    /// Refusals and events that its manner must bring about, or it shows nothing.
    var effects: [String] {
        switch self {
        case .chance: ["withdrawn", "transferred", "orderAmended", "liquidationStarted"]
        case .canceller: ["unknownOrder"]
        case .ring: ["selfTrade"]
        case .limits: ["priceOutOfRange", "quantityOutOfRange", "outsidePriceBand"]
        case .extremes: ["amountNotPositive", "unknownOrder", "quantityOutOfRange"]
        case .crash: ["liquidationStarted", "deleveraged", "lossShared"]
        case .crowd: ["wouldTake", "orderRested"]
        case .sweeper: ["insufficientMargin", "notFillable"]
        case .reducer: ["notReducing", "nothingToReduce"]
        case .nonces: ["nonceUsed"]
        case .batches: ["duplicateClientOrder"]
        case .settler:
            [
                "instrumentListed", "instrumentSettled", "positionSettled", "instrumentExpired",
                "instrumentHalted", "settlementPostponed", "alreadyListed",
            ]
        case .strangers: ["unknownSigner", "notAuthorised", "unknownAccount"]
        case .borrower: RandomVenue.effectsOfBorrowing
        case .stopper: RandomVenue.effectsOfStopping
        case .squatter: ["ownerShare", "interestCap", "interestCapMoved"]
        }
    }

    /// The venue that it meets.
    var options: TestGenesis.Options {
        switch self {
        case .borrower: return .borrowing(20_000, share: 2_000, interest: .one)
        case .stopper: return .guarded()
        case .squatter:
            var options = TestGenesis.Options()
            options.economics = TestGenesis.economics(cap: 200_000, depth: 1_000_000) {
                $0.leastCap = .dollars(100_000)
                $0.ownerShare = Ratio(basisPoints: 5_000)
            }
            return options
        default: return TestGenesis.Options()
        }
    }
}

extension RandomVenue {
    /// One transaction of the adversary.
    func hostileSend(_ count: Int) -> Send {
        let account = pick(accounts)
        switch adversary {
        case .chance, .crash: return randomSend(count)
        case .canceller:
            return send(accounts[0], count) { self.meddling() }
        case .ring:
            return send(chance(1, in: 2) ? accounts[0] : accounts[accounts.count - 1], count) {
                .place(self.order(at: self.markTicks(0) + self.integer(in: -2...2)))
            }
        case .limits: return send(account, count) { self.limitCommand(account) }
        case .extremes:
            return chance(1, in: 8)
                ? Send(signer: .custodian, commands: (0..<count).map { _ in extremeCredit() })
                : send(account, count) { self.extremeCommand() }
        case .crowd:
            return send(account, count) {
                var order = self.order(at: self.markTicks(0) + self.integer(in: 0...1))
                order.quantity = Quantity(lots: self.integer(in: 1...5))
                order.postOnly = self.chance(1, in: 2)
                return .place(order)
            }
        case .sweeper: return send(account, count) { self.sweep() }
        case .reducer: return send(account, count) { self.reduction(account) }
        case .nonces: return oddNonce(account, count)
        case .batches: return randomSend(Transaction.commandLimit)
        case .strangers: return strangerSend(count)
        case .borrower:
            return chance(1, in: 8)
                ? Send(signer: .custodian, commands: (0..<count).map { _ in assetCredit() })
                : send(account, count) { self.borrowerCommand(account) }
        case .settler: return settlerSend(account, count)
        case .stopper: return stopperSend(account, count)
        case .squatter:
            return send(account, count) {
                var order = self.order(at: self.markTicks(0) + self.integer(in: -5...5))
                order.quantity = Quantity(lots: self.integer(in: 1...1_500))
                order.reduceOnly = self.chance(1, in: 8)
                return .place(order)
            }
        }
    }

    private func send(
        _ account: AccountIdentifier, _ count: Int, _ command: () -> Command
    ) -> Send {
        Send(signer: .account(account), commands: (0..<count).map { _ in command() })
    }

    /// The mark of an instrument in whole ticks.
    func markTicks(_ place: Int) -> Int64 {
        let tick = venue.ledger.catalogue.instruments[place].tickSize.units
        return max(1, venue.ledger.prices[place].mark.units / tick)
    }

    /// An order on BTC-PERP of either side.
    private func order(at ticks: Int64) -> OrderRequest {
        OrderRequest(
            instrument: TestGenesis.bitcoin, side: chance(1, in: 2) ? .buy : .sell,
            limit: Price(ticks: max(1, ticks)),
            quantity: Quantity(lots: integer(in: 1...weather.largestOrder)))
    }

    /// A cancel or an amendment of somebody's order.
    private func meddling() -> Command {
        let orders = venue.openOrders(pick(accounts))
        guard !orders.isEmpty else { return .cancelAll(nil) }
        let order = pick(orders)
        if chance(1, in: 3) { return .cancel(order.identifier) }
        if chance(1, in: 6) { return .cancelClient(order.clientIdentifier) }
        let lots = chance(1, in: 2) ? order.remaining.lots : order.remaining.lots * 3
        return .amend(
            AmendRequest(
                order: order.identifier,
                limit: Price(ticks: max(1, order.price.ticks + integer(in: -3...3))),
                remaining: Quantity(lots: lots), postOnly: chance(1, in: 2)))
    }

    private func limitCommand(_ account: AccountIdentifier) -> Command {
        let place = Int(integer(in: 0...2))
        let terms = venue.ledger.catalogue.instruments[place]
        let highest = terms.maximumPrice.ticks
        let largest = terms.maximumOrderQuantity.lots
        let mark = markTicks(place)
        let band = mark * terms.priceBand.units / Ratio.one.units
        let limit = Price(
            ticks: pick([1, 2, 0, highest, highest + 1, mark + band, mark + band + 1, mark - band]))
        let lots = Quantity(
            lots: pick([1, 0, largest, largest + 1, terms.positionLimit.lots, largest - 1]))
        let orders = venue.openOrders(account)
        if chance(1, in: 4), !orders.isEmpty {
            return .amend(
                AmendRequest(
                    order: pick(orders).identifier, limit: limit, remaining: lots,
                    postOnly: false))
        }
        return .place(
            OrderRequest(
                instrument: InstrumentIdentifier(UInt16(place)),
                side: chance(1, in: 2) ? .buy : .sell, limit: limit, quantity: lots,
                timeInForce: pick([.goodTillCancelled, .immediateOrCancel, .fillOrKill]),
                reduceOnly: chance(1, in: 5)))
    }

    private func extremeCommand() -> Command {
        let amount = Amount(microunits: extreme())
        let order = OrderIdentifier(UInt64(bitPattern: extreme()))
        switch integer(in: 0...5) {
        case 0:
            return .withdraw(amount, destination: Bytes32([UInt8](repeating: .max, count: 32)))
        case 1: return .transfer(amount, to: pick([pick(accounts), AccountIdentifier(.max)]))
        case 2: return .cancel(order)
        case 3:
            let orders = venue.openOrders(pick(accounts))
            return .amend(
                AmendRequest(
                    order: orders.isEmpty ? order : pick(orders).identifier,
                    limit: Price(ticks: extreme()), remaining: Quantity(lots: extreme()),
                    postOnly: chance(1, in: 2)))
        default:
            return .place(
                OrderRequest(
                    instrument: InstrumentIdentifier(pick([0, 1, 2, 3, .max])),
                    side: chance(1, in: 2) ? .buy : .sell,
                    limit: chance(1, in: 5) ? nil : Price(ticks: extreme()),
                    quantity: Quantity(lots: chance(1, in: 2) ? extreme() : 1),
                    reduceOnly: chance(1, in: 3),
                    clientIdentifier: ClientOrderIdentifier(UInt64(bitPattern: extreme()))))
        }
    }

    private func extremeCredit() -> Command {
        let amount = Amount(microunits: extreme())
        return chance(1, in: 2)
            ? .deposit(amount, to: pick(accounts), reference: Bytes32())
            : .depositInsurance(amount, to: CompartmentIdentifier(pick([0, 1, 2, .max])))
    }

    /// Quotes on many levels, and now and then an order for all of them.
    private func sweep() -> Command {
        var order = order(at: markTicks(0) + integer(in: -60...60))
        order.quantity = Quantity(lots: integer(in: 1...20))
        order.postOnly = true
        guard chance(1, in: 8) else { return .place(order) }
        order.postOnly = false
        order.limit = chance(1, in: 2) ? nil : Price(ticks: markTicks(0) + order.side.sign * 70)
        order.quantity = Quantity(lots: integer(in: 100...20_000))
        order.timeInForce = pick([.immediateOrCancel, .fillOrKill])
        return .place(order)
    }

    private func reduction(_ account: AccountIdentifier) -> Command {
        let held = venue.position(account)
        var order = order(at: markTicks(0) + integer(in: -20...20))
        order.reduceOnly = chance(4, in: 5)
        if held != 0, chance(4, in: 5) {
            order.side = held > 0 ? .sell : .buy
            order.quantity = Quantity(
                lots: min(100_000, pick([abs(held), abs(held) * 2, max(1, abs(held) / 3)])))
        }
        let orders = venue.openOrders(account)
        guard chance(1, in: 4), !orders.isEmpty else { return .place(order) }
        return .amend(
            AmendRequest(
                order: pick(orders).identifier, limit: order.limit ?? Price(ticks: 1),
                remaining: order.quantity, postOnly: false))
    }

    private func oddNonce(_ account: AccountIdentifier, _ count: Int) -> Send {
        let last = venue.ledger.nonces(of: .account(account))?.highest ?? 0
        var send = send(account, count) {
            .place(self.order(at: self.markTicks(0) + self.integer(in: -20...20)))
        }
        send.nonce = pick([last, last, last &- 1, 0, last &+ 1, last &+ 2, last &+ 1_000])
        if chance(1, in: 500) { send.nonce = .max }
        return send
    }

    private func strangerSend(_ count: Int) -> Send {
        let beyond = UInt32(venue.ledger.accounts.accounts.count)
        let stranger = AccountIdentifier(pick([beyond, beyond + 1, .max, 1 << 31]))
        let commands: [Command] = (0..<count).map { _ in
            pick([
                .transfer(Amount(microunits: 1), to: stranger),
                .deposit(Amount(microunits: 1), to: stranger, reference: Bytes32()),
                .setFeeTier(0, of: stranger), .withdraw(.dollars(1), destination: Bytes32()),
                .place(order(at: markTicks(0))), .cancelAll(nil),
                .openAccount(owner: TestKeys.owner(1), compartment: CompartmentIdentifier(9)),
            ])
        }
        return Send(
            signer: pick([
                .account(stranger), .account(pick(accounts)), .custodian, .operator,
            ]), commands: commands)
    }
}
