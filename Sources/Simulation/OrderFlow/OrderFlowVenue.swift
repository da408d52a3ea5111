/// The engine's side of a replayed file: which order of the engine stands for which of the file,
/// what has become of it, and the blocks that carry the steps of the file's book.

import Canonical
import Catalogue
import Cryptography
import FixedPoint
import Ledger
import Markets
import Oracle

/// Why an order that the file has does not rest in the engine.
enum OrderFlowAbsence {
    case refused(Refusal)
    /// The engine traded it before the file said so.
    case filled
}

/// Sends a file's steps to a ledger.
struct OrderFlowVenue<Verifier: SignatureVerifier> {
    /// An order that rests in the engine.
    struct Resting {
        let order: OrderIdentifier
        let account: Int
        let side: Side
        var price: Int64
        var lots: Int64
    }

    static var instrument: InstrumentIdentifier { InstrumentIdentifier(0) }

    let ledger: Ledger
    let keys: LabKeys
    let verifier: Verifier
    var accounts: OrderFlowAccounts
    /// By the file's number.
    var resting: [UInt64: Resting] = [:]
    /// The file's numbers, by the engine's.
    var numbers: [UInt64: UInt64] = [:]
    var block = OrderFlowBlock()
    /// Why an order that the file still has is not in the engine, by the file's number.
    var absent: [UInt64: OrderFlowAbsence] = [:]
    /// Orders that an execution should have met and did not, or met and should not have.
    var astray: Set<UInt64> = []
    var tally = OrderFlowTally()
    /// What was applied, if it is to be kept.
    var recorded: [OrderFlowRecording.Block]?
    /// Messages whose steps the waiting block holds.
    var messagesWaiting = 0

    init(genesis: Genesis, keys: LabKeys, verifier: Verifier, accounts: OrderFlowAccounts) {
        ledger = Ledger(genesis: genesis)
        self.keys = keys
        self.verifier = verifier
        self.accounts = accounts
    }

    /// Commands that wait for the next block.
    var waiting: Int { block.count }

    // MARK: Steps

    /// Whether the waiting block must be applied before a step can be taken.
    func mustApply(before step: OrderFlowStep) -> Bool {
        guard block.count > 0 else { return false }
        if block.isClosed { return true }
        switch step {
        // After a cancel of the old order of this number, which runs first, as it should.
        case .place, .execute: return false
        case .cancel(let number), .shrink(let number, _): return mustKnow(number)
        case .set(let number, let side, let price, let lots):
            return mustKnow(number) || isMoveAway(number, side, price: price, lots: lots)
        }
    }

    /// Whether what the waiting block does to an order must be known first.
    private func mustKnow(_ number: UInt64) -> Bool {
        if block.touches(number) { return true }
        guard let order = resting[number] else { return false }
        return block.mayMeet(order.side, price: order.price)
    }

    private func isMoveAway(
        _ number: UInt64, _ side: Side, price: Int64, lots: Int64
    ) -> Bool {
        guard let order = resting[number] else { return false }
        return side.sign * price < side.sign * order.price && lots <= order.lots
    }

    /// Adds what a step needs to the waiting block.
    mutating func take(_ step: OrderFlowStep) {
        switch step {
        case .place(let number, let side, let price, let lots):
            place(number, side, price: price, lots: lots)
        case .execute(let number, let side, let price, let lots):
            let request = OrderRequest(
                instrument: Self.instrument, side: side.opposite, limit: Price(ticks: price),
                quantity: Quantity(lots: lots), timeInForce: .immediateOrCancel)
            let command = OrderFlowCommand(
                account: accounts.taker(for: side.opposite), command: .place(request),
                purpose: .execute(number, lots: lots))
            block.addTaking(command, of: number, side: side.opposite, limit: price)
        case .cancel(let number):
            absent[number] = nil
            guard let order = resting[number] else {
                tally.alreadyDone += 1
                return
            }
            let command = OrderFlowCommand(
                account: order.account, command: .cancel(order.order), purpose: .change(number))
            block.addFirst(command, of: number)
        case .shrink(let number, let lots):
            guard let order = resting[number], order.lots > lots else {
                tally.alreadyDone += 1
                return
            }
            block.addFirst(
                amendment(of: number, order, price: order.price, lots: lots), of: number)
        case .set(let number, let side, let price, let lots):
            set(number, side, price: price, lots: lots)
        }
    }

    private mutating func place(_ number: UInt64, _ side: Side, price: Int64, lots: Int64) {
        absent[number] = nil
        let request = OrderRequest(
            instrument: Self.instrument, side: side, limit: Price(ticks: price),
            quantity: Quantity(lots: lots))
        let command = OrderFlowCommand(
            account: accounts.maker(for: side, lots: lots), command: .place(request),
            purpose: .place(number, lots: lots))
        block.addTaking(command, of: number, side: side, limit: price)
    }

    private mutating func set(_ number: UInt64, _ side: Side, price: Int64, lots: Int64) {
        guard let order = resting[number] else {
            guard case .filled = absent[number] else {
                // It was refused before; where it stands now, it may pass.
                return place(number, side, price: price, lots: lots)
            }
            tally.alreadyDone += 1
            return
        }
        let command = amendment(of: number, order, price: price, lots: lots)
        if isMoveAway(number, side, price: price, lots: lots) {
            block.addMove(command, of: number)
        } else {
            block.addTaking(
                command, of: number, side: side, limit: price, from: order.price)
        }
    }

    private func amendment(
        of number: UInt64, _ order: Resting, price: Int64, lots: Int64
    ) -> OrderFlowCommand {
        OrderFlowCommand(
            account: order.account,
            command: .amend(
                AmendRequest(
                    order: order.order, limit: Price(ticks: price), remaining: Quantity(lots: lots),
                    postOnly: false)),
            purpose: .change(number))
    }
}
