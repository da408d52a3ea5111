/// A block: what time ends, the prices that the ledger published, auctions, and then the commands
/// in their three classes.

import Canonical
import Cryptography
import FixedPoint
@testable import Ledger
import Markets

/// A block as the reference sees it.
struct ReferenceBlock {
    let time: UInt64
    /// Each with its nonce.
    let sends: [Send]
    /// By underlying, whether all publishers spoke at the block's time.
    let isPublished: [Bool]
    /// The ledger's events, of which only index and mark are read.
    let prices: [Event]
}

/// When a command runs.
private enum Turn: Int {
    case first, taking, postOnly
}

extension ReferenceVenue {
    /// Lives a block.
    ///
    /// - Returns: the receipts; what happened is in `events`.
    mutating func apply(_ block: ReferenceBlock) -> [Receipt] {
        events = []
        fences = []
        now = block.time
        // Whose time is over leaves, in the order of their times.
        while let lapsed = orders.filter({ $0.expiry != 0 && $0.expiry <= now })
            .min(by: { ($0.expiry, $0.number) < ($1.expiry, $1.number) })
        {
            close(lapsed.number, .expired)
        }
        take(block.prices, isPublished: block.isPublished)
        for market in markets.indices { clearAuction(market) }
        return execute(block.sends)
    }

    private mutating func take(_ prices: [Event], isPublished: [Bool]) {
        for place in isPublished.indices where isPublished[place] { indexes[place].time = now }
        for event in prices {
            switch event {
            case .indexChanged(let underlying, let index, _):
                indexes[Int(underlying.number)].price = index.units
            case .markChanged(let instrument, let mark, _):
                markets[Int(instrument.number)].mark = mark.units
            default: break
            }
        }
    }

    private mutating func execute(_ sends: [Send]) -> [Receipt] {
        var receipts: [[Receipt?]] = []
        var turns: [[Turn]] = []
        for (place, send) in sends.enumerated() {
            let isNew = useNonce(of: send)
            let void = Receipt(transaction: UInt32(place), command: nil, refusal: .nonceUsed)
            receipts.append(
                isNew ? [Receipt?](repeating: nil, count: send.commands.count) : [void])
            turns.append([Turn](repeating: .first, count: send.commands.count))
        }
        for pass in [Turn.first, .taking, .postOnly] {
            if pass == .taking { fireTriggers() }
            for (place, send) in sends.enumerated() {
                for (index, command) in send.commands.enumerated()
                where index < receipts[place].count && receipts[place][index] == nil {
                    // Classified once, when its turn comes among the first.
                    if pass == .first {
                        turns[place][index] = turn(of: command, by: send.signer)
                    }
                    guard turns[place][index] == pass else { continue }
                    let answer = run(command, of: send)
                    receipts[place][index] = Receipt(
                        transaction: UInt32(place), command: UInt16(index),
                        refusal: answer.refusal, order: answer.order)
                }
            }
        }
        return receipts.flatMap { $0.compactMap { $0 } }
    }

    private mutating func useNonce(of send: Send) -> Bool {
        guard let nonce = send.nonce else { preconditionFailure("twins name their nonces") }
        switch send.signer {
        case .account(let account):
            guard nonce > members[Int(account.number)].lastNonce else { return false }
            members[Int(account.number)].lastNonce = nonce
        case .custodian:
            guard nonce > custodianNonce else { return false }
            custodianNonce = nonce
        case .operator:
            guard nonce > operatorNonce else { return false }
            operatorNonce = nonce
        // The twin knows no agents and no guardian.
        case .agent, .guardian: return false
        }
        return true
    }

    private func turn(of command: Command, by signer: Signer) -> Turn {
        let postOnly = mistake == .postOnlyNotLast ? Turn.taking : .postOnly
        switch (command, signer) {
        case (.place(let request), _):
            if request.trigger != nil { return .first }
            return request.postOnly ? postOnly : .taking
        case (.amend(let request), .account(let account)):
            guard let order = order(request.order.number, of: Int(account.number)),
                order.state == .resting, let limit = request.limit,
                !isNoMore(order, price: limit.ticks, lots: request.remaining.lots)
            else { return .first }
            return request.postOnly ? postOnly : .taking
        case (.quote(let request), .account(let account)):
            let isCalm = sides(of: request, by: Int(account.number)).allSatisfy { $0.isNoMore }
            return isCalm ? .first : postOnly
        default: return .first
        }
    }

    /// Whether a new price and size ask for nothing that an order does not have: it shrinks, moves
    /// away, or stays.
    func isNoMore(_ order: ReferenceOrder, price: Int64, lots: Int64) -> Bool {
        order.accepts(price) && lots <= order.lots
    }

    private mutating func run(
        _ command: Command, of send: Send
    ) -> (refusal: Refusal?, order: OrderIdentifier?) {
        do throws(Refusal) {
            switch send.signer {
            case .account(let account):
                let number = try run(
                    command, by: Int(account.number), nonce: send.nonce ?? 0)
                return (nil, number.map { OrderIdentifier($0) })
            case .custodian: try runForCustodian(command)
            case .operator: try runForOperator(command)
            case .agent, .guardian: throw .notAuthorised
            }
            return (nil, nil)
        } catch {
            return (error, nil)
        }
    }

    private mutating func run(
        _ command: Command, by account: Int, nonce: UInt64
    ) throws(Refusal) -> UInt64? {
        switch command {
        case .place(let request): return try place(request, by: account, nonce: nonce)
        case .amend(let request): try amend(request, by: account)
        case .quote(let request): try quote(request, by: account, nonce: nonce)
        case .cancel(let number): try cancel(number.number, by: account)
        case .cancelClient(let name):
            try cancel(named: name.number, by: account, nonce: nonce)
        case .cancelAll(let instrument):
            try cancelAll(in: instrument, quotesOnly: false, by: account, nonce: nonce)
        case .cancelQuotes(let instrument):
            try cancelAll(in: instrument, quotesOnly: true, by: account, nonce: nonce)
        case .cancelLabel(let label): try cancel(labelled: label, by: account, nonce: nonce)
        case .setProtection(let underlying, let window, let freeze, let limit):
            try setProtection(
                Int(underlying.number), window: window.nanoseconds, freeze: freeze.nanoseconds,
                limit: limit.units, by: account)
        case .resetProtection(let underlying):
            try resetProtection(Int(underlying.number), by: account)
        case .unoffered(.combo): throw .combosNotOffered
        case .unoffered(.blockTrade): throw .blockTradesNotOffered
        case .unoffered(.requestForQuote): throw .requestsForQuoteNotOffered
        default: throw .notAuthorised
        }
        return nil
    }

    private mutating func runForCustodian(_ command: Command) throws(Refusal) {
        switch command {
        case .openAccount(let owner, let compartment):
            members.append(
                ReferenceMember(
                    owner: owner, home: Int(compartment.number),
                    positions: [Int64](repeating: 0, count: markets.count)))
        case .deposit: break
        default: throw .notAuthorised
        }
    }

    private mutating func runForOperator(_ command: Command) throws(Refusal) {
        switch command {
        case .setFeeTier(let tier, let account):
            guard Int(account.number) < members.count else { throw .unknownAccount }
            guard Int(tier) < tiers.count else { throw .unknownFeeTier }
            members[Int(account.number)].tier = Int(tier)
        case .startAuction(let instrument, let length):
            try startAuction(Int(instrument.number), length: length.nanoseconds)
        default: throw .notAuthorised
        }
    }
}
