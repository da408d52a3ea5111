/// Calls that wait for the history. A question goes out as an action with a ticket, like a
/// transaction, and the answer comes back with it; the call is answered then, or when patience
/// ends. So many wait at most, and none of them for ever.

package import FixedPoint
import JSON
package import Ledger

/// A call that waits for the history.
struct AskedCall {
    /// Writes the result.
    typealias Finish =
        (Gateway, PastRows, Ledger, inout JSONWriter) throws(APIError) -> Void

    /// Nil until the handler has returned.
    var address: ReplyAddress?
    let session: SessionIdentifier
    let deadline: Timestamp
    let finish: Finish
}

extension Gateway {
    /// Whether the node keeps a history.
    var hasHistory: Bool { configuration.historyQuestions > 0 }

    /// Asks the history.
    ///
    /// - Parameter finish: writes the result when the answer has come.
    /// - Returns: what a handler returns, so that its caller is answered then.
    /// - Throws: 13028 where too many wait.
    func ask(
        _ question: PastQuestion, of call: Call,
        finish:
            @escaping (Gateway, PastRows, Ledger, inout JSONWriter) throws(APIError) -> Void
    ) throws(APIError) -> Completion {
        let ofSession = asked.values.count { $0.session == call.session }
        guard asked.count < configuration.historyQuestions,
            ofSession < configuration.historyQuestionsPerSession
        else { throw APIError(PastFault.busy) }
        let ticket = takeTicket()
        asked[ticket] = AskedCall(
            address: nil, session: call.session,
            deadline: call.now.advanced(by: configuration.historyPatience), finish: finish)
        act(.ask(ticket, question, height: call.ledger.height))
        return .later(ticket)
    }

    /// The history has answered, or cannot.
    package func answer(
        _ ticket: Ticket, _ answer: Result<PastAnswer, PastFault>, ledger: Ledger, now: Timestamp
    ) {
        guard let call = asked.removeValue(forKey: ticket), let address = release(call) else {
            return
        }
        var writer = JSONWriter()
        writer.beginAnswer(address)
        writer.name("result")
        do throws(APIError) {
            switch answer {
            case .success(let answer): try call.finish(self, answer.rows, ledger, &writer)
            case .failure(let fault): throw APIError(fault)
            }
            writer.endAnswer(address, now: now, isTestNetwork: configuration.isTestNetwork)
            deliver(writer.bytes, to: address)
        } catch {
            self.answer(address, error, now: now)
        }
    }

    /// Answers those whose patience is at its end.
    func expireQuestions(ledger: Ledger, now: Timestamp) {
        for (ticket, call) in asked where call.deadline <= now {
            answer(ticket, .failure(.tooLate), ledger: ledger, now: now)
        }
    }

    private func release(_ call: AskedCall) -> ReplyAddress? {
        guard let address = call.address, sessions[address.session] != nil else { return nil }
        sessions[address.session]?.pending -= 1
        return address
    }
}

extension PastRows {
    /// What is thrown where an answer is to another question.
    static var mismatch: APIError { APIError(.error, reason: "the history answers otherwise") }
}
