/// Transactions that the gateway has submitted, and the calls that wait for them.

package import FixedPoint
package import JSON
package import Ledger

/// What the block did with one transaction.
package struct CommittedTransaction {
    /// Its place in the block.
    package let place: UInt32
    /// One for each command, or one for the whole.
    package let receipts: ArraySlice<Receipt>
    package let block: CommittedBlock
}

/// A call that waits for its block.
struct PendingCall {
    /// Writes the result.
    typealias Finish =
        (Gateway, CommittedTransaction, Ledger, inout JSONWriter) throws(APIError) -> Void

    /// Nil where nobody asked: the gateway's own, such as a cancel when a connection is lost.
    var address: ReplyAddress?
    /// What was sent.
    let transaction: [UInt8]
    let finish: Finish
}

extension Gateway {
    /// Sends a transaction to admission.
    ///
    /// - Parameter finish: writes the result when its block is on disk, or throws the error.
    /// - Returns: what a handler returns, so that its caller is answered then.
    package func submit(
        _ transaction: [UInt8], from session: SessionIdentifier?,
        finish:
            @escaping (Gateway, CommittedTransaction, Ledger, inout JSONWriter) throws(APIError)
            -> Void
    ) throws(APIError) -> Completion {
        if let session, let state = sessions[session],
            state.pending >= configuration.pendingPerSession
        {
            throw APIError(.queueFull, reason: "too many requests wait for their block")
        }
        let ticket = takeTicket()
        pending[ticket] = PendingCall(
            address: nil, transaction: transaction, finish: finish)
        act(.submit(ticket, transaction))
        return .later(ticket)
    }

    /// Notes who is to be answered.
    func wait(for ticket: Ticket, _ address: ReplyAddress) {
        pending[ticket]?.address = address
        asked[ticket]?.address = address
        sessions[address.session]?.pending += 1
    }

    /// A transaction never got into a block.
    package func refuse(_ ticket: Ticket, _ refusal: AdmissionRefusal, now: Timestamp) {
        guard let call = pending.removeValue(forKey: ticket) else { return }
        guard let address = release(call) else { return }
        answer(address, APIError(refusal), now: now)
    }

    /// Answers the calls whose transactions are in a block.
    func settleTickets(of block: CommittedBlock, ledger: Ledger, now: Timestamp) {
        let receipts = block.outcome.receipts
        var start = 0
        for (place, ticket) in block.tickets.enumerated() {
            let number = UInt32(place)
            while start < receipts.count, receipts[start].transaction < number { start += 1 }
            guard let ticket, let call = pending.removeValue(forKey: ticket) else { continue }
            var end = start
            while end < receipts.count, receipts[end].transaction == number { end += 1 }
            let transaction = CommittedTransaction(
                place: number, receipts: receipts[start..<end], block: block)
            settle(call, transaction, ledger, now: now)
        }
    }

    private func settle(
        _ call: PendingCall, _ transaction: CommittedTransaction, _ ledger: Ledger,
        now: Timestamp
    ) {
        guard let address = release(call) else {
            // Nobody is answered, but who sent it may have something to remember.
            var writer = JSONWriter()
            do throws(APIError) {
                try call.finish(self, transaction, ledger, &writer)
            } catch { return }
            return
        }
        var writer = JSONWriter()
        writer.beginAnswer(address)
        writer.name("result")
        do throws(APIError) {
            try call.finish(self, transaction, ledger, &writer)
            writer.endAnswer(address, now: now, isTestNetwork: configuration.isTestNetwork)
            deliver(writer.bytes, to: address)
        } catch {
            answer(address, error, now: now)
        }
    }

    /// The address of a call whose caller is still there.
    private func release(_ call: PendingCall) -> ReplyAddress? {
        guard let address = call.address, sessions[address.session] != nil else { return nil }
        sessions[address.session]?.pending -= 1
        return address
    }
}
