/// Blocks out to the ledger, and what the ledger says of them back into the venue's own account of
/// it.

import Documents
import Canonical
import Catalogue
import Cryptography
import FixedPoint
import Ledger
import Markets
import Oracle

extension OrderFlowVenue {
    /// How long a transaction is good for: it goes into the next block.
    private static var lifetime: Duration { .hour }

    /// Opens the accounts and pays their money in.
    mutating func open(at time: UInt64) {
        let places = Array(0..<accounts.count)
        let share = ledger.catalogue.compartments[0].vaultLimit.units / Int64(accounts.count + 1)
        let openings = places.map { place in
            Command.openAccount(
                owner: .ed25519(keys.traderKey(place)), compartment: CompartmentIdentifier(0))
        }
        let deposits = places.map { place in
            var reference = [UInt8](repeating: 0, count: 32)
            for byte in 0..<4 { reference[byte] = UInt8(truncatingIfNeeded: place >> (8 * byte)) }
            return Command.deposit(
                Amount(microunits: share), to: AccountIdentifier(UInt32(place)),
                reference: Bytes32(reference))
        }
        var nonce: UInt64 = 0
        for list in [openings, deposits] {
            let time = nextTime(time)
            let transactions = stride(
                from: 0, to: list.count, by: Transaction.commandLimit
            ).map { first in
                nonce += 1
                return keys.custodianTransaction(
                    chain: ledger.chain, nonce: nonce, expiry: time.advanced(by: Self.lifetime),
                    commands: Array(
                        list[first..<min(first + Transaction.commandLimit, list.count)]))
            }
            let outcome = apply(
                Block(
                    height: ledger.height + 1, time: time, observations: [],
                    transactions: transactions))
            for case let refusal? in outcome.receipts.map(\.refusal) { tally.count(refusal) }
        }
    }

    /// Applies the waiting block.
    ///
    /// - Parameters:
    ///   - time: of the message that it ends with, in nanoseconds since 1970.
    ///   - index: the price that the publisher sees, in micro-units; nil if it sees none.
    mutating func applyBlock(at time: UInt64, index: Int64?) {
        let time = nextTime(time)
        let batches = block.transactions()
        let transactions = batches.map { batch in
            keys.transaction(
                chain: ledger.chain, trader: batch[0].account,
                account: AccountIdentifier(UInt32(batch[0].account)),
                nonce: accounts.nextNonce(batch[0].account),
                expiry: time.advanced(by: Self.lifetime), commands: batch.map(\.command))
        }
        let observations = index.map { price in
            keys.sign(
                ObservationBundle(
                    publisher: PublisherIdentifier(0), time: time,
                    observations: [
                        Observation(
                            underlying: UnderlyingIdentifier(0), price: IndexPrice(micros: price))
                    ], signature: LabKeys.unsigned), chain: ledger.chain)
        }
        tally.commands += block.count
        tally.transactions += batches.count
        block = OrderFlowBlock()
        let firstOrder = ledger.nextOrder
        let outcome = apply(
            Block(
                height: ledger.height + 1, time: time,
                observations: observations.map { [$0] } ?? [], transactions: transactions))
        record(batches, firstOrder: firstOrder, outcome)
        digest(outcome, batches)
    }

    /// Keeps a block that was applied, where blocks are kept.
    private mutating func record(
        _ batches: [[OrderFlowCommand]], firstOrder: UInt64, _ outcome: BlockOutcome
    ) {
        let messages = messagesWaiting
        messagesWaiting = 0
        guard recorded != nil else { return }
        let kept = OrderFlowRecording.Block(
            batches: batches.map { batch in
                OrderFlowRecording.Batch(
                    account: batch[0].account, commands: batch.map(\.command))
            }, messages: messages, firstOrder: firstOrder,
            placed: ledger.nextOrder - firstOrder, refusals: outcome.refusals,
            trades: outcome.trades)
        recorded?.append(kept)
    }

    /// Block times rise; messages may share one.
    private func nextTime(_ time: UInt64) -> Timestamp {
        Timestamp(nanoseconds: max(time, ledger.time.nanoseconds + 1))
    }

    /// Applies a block that is canonical by construction, and takes the time of it.
    private mutating func apply(_ block: Block) -> BlockOutcome {
        let clock = ContinuousClock()
        let began = clock.now
        do throws(BlockFault) {
            let outcome = try ledger.apply(block, verifier: verifier)
            let (seconds, attoseconds) = (clock.now - began).components
            tally.applyNanoseconds +=
                UInt64(seconds) * TimeText.second + UInt64(attoseconds / 1_000_000_000)
            tally.blocks += 1
            return outcome
        } catch {
            preconditionFailure("Invariant: the runner makes canonical blocks, not \(error)")
        }
    }

    // MARK: Outcomes

    private mutating func digest(_ outcome: BlockOutcome, _ batches: [[OrderFlowCommand]]) {
        var executions: [UInt64: (number: UInt64, left: Int64)] = [:]
        for receipt in outcome.receipts {
            if let refusal = receipt.refusal { tally.count(refusal) }
            guard let place = receipt.command else { continue }
            let command = batches[Int(receipt.transaction)][Int(place)]
            switch (command.purpose, receipt.order, receipt.refusal) {
            case (.place(let number, _), let order?, _): numbers[order.number] = number
            case (.place(let number, _), nil, let refusal?): absent[number] = .refused(refusal)
            case (.execute(let number, let lots), let order?, _):
                executions[order.number] = (number, lots)
            case (.execute(let number, _), nil, _):
                tally.executedElsewhere += 1
                astray.insert(number)
            default: break
            }
        }
        for event in outcome.events {
            switch event {
            case .orderAccepted(let acceptance): accepted(acceptance)
            case .orderAmended(let rest): amended(rest)
            case .traded(let trade): traded(trade, &executions)
            case .orderClosed(let order, _, let reason): closed(order, reason)
            default: break
            }
        }
        for execution in executions.values.sorted(by: { $0.number < $1.number }) {
            if execution.left == 0 {
                tally.executedAsNamed += 1
            } else {
                tally.executedElsewhere += 1
                astray.insert(execution.number)
            }
        }
    }

    private mutating func accepted(_ acceptance: OrderAcceptance) {
        guard let number = numbers[acceptance.order.number] else { return }
        let account = Int(acceptance.account.number)
        resting[number] = Resting(
            order: acceptance.order, account: account, side: acceptance.side,
            price: acceptance.limit.units, lots: acceptance.quantity.units)
        accounts.changeResting(account, orders: 1, lots: acceptance.quantity.units)
    }

    private mutating func amended(_ rest: OrderRest) {
        guard let number = numbers[rest.order.number], let order = resting[number] else { return }
        accounts.changeResting(
            order.account, orders: 0, lots: rest.remaining.units - order.lots)
        resting[number]?.price = rest.price.units
        resting[number]?.lots = rest.remaining.units
    }

    private mutating func traded(
        _ trade: Trade, _ executions: inout [UInt64: (number: UInt64, left: Int64)]
    ) {
        tally.trades += 1
        let lots = trade.quantity.units
        for order in [trade.makerOrder, trade.takerOrder] {
            guard let number = numbers[order.number], let resting = resting[number] else {
                continue
            }
            self.resting[number]?.lots -= lots
            accounts.changeResting(resting.account, orders: 0, lots: -lots)
        }
        let signed = trade.takerSide.sign * lots
        accounts.changePosition(Int(trade.taker.number), by: signed)
        accounts.changePosition(Int(trade.maker.number), by: -signed)
        guard let execution = executions[trade.takerOrder.number],
            let maker = numbers[trade.makerOrder.number]
        else { return }
        if maker == execution.number {
            executions[trade.takerOrder.number]?.left -= lots
        } else {
            astray.insert(maker)
        }
    }

    private mutating func closed(_ order: OrderIdentifier, _ reason: CloseReason) {
        guard let number = numbers.removeValue(forKey: order.number),
            let closed = resting[number], closed.order == order
        else { return }
        resting[number] = nil
        accounts.changeResting(closed.account, orders: -1, lots: -closed.lots)
        if reason == .filled { absent[number] = .filled }
    }

    // MARK: Repairs

    /// The steps that bring orders back to the file's state after executions that met other orders.
    mutating func repairs(to book: OrderFlowBook) -> [OrderFlowStep] {
        var steps: [OrderFlowStep] = []
        for number in astray.sorted() {
            let lots = resting[number]?.lots ?? 0
            guard let entry = book.orders[number] else {
                if lots > 0 { steps.append(.cancel(number)) }
                continue
            }
            if lots == 0 {
                steps.append(
                    .place(number, entry.side, price: entry.price, lots: entry.lots))
            } else if lots > entry.lots {
                steps.append(.shrink(number, lots: entry.lots))
            } else if lots < entry.lots {
                steps.append(
                    .set(number, entry.side, price: entry.price, lots: entry.lots))
            }
        }
        astray.removeAll()
        tally.repaired += steps.count
        return steps
    }

    /// Whether an execution went astray since the last repair.
    var needsRepair: Bool { !astray.isEmpty }
}
