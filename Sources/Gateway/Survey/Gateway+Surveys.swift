/// Answers that take a look at every account. Each is made when somebody asks, and kept: the next
/// one is made for a later block, and not before some time has passed, the more the more accounts
/// there are. So what they cost the service thread does not depend on how often they are asked for.
/// Measured: `rampart-bench survey`.

import Accounts
import FixedPoint
import JSON
import Ledger

/// An answer that is kept.
struct SurveyAnswer: Sendable {
    let height: UInt64
    /// By the node's clock.
    let made: Timestamp
    let text: Frame
}

extension Gateway {
    /// Writes the answer that is kept for a method, or a new one.
    func writeSurvey(
        _ call: Call, _ writer: inout JSONWriter, _ make: (inout JSONWriter) -> Void
    ) {
        if let kept = surveys[call.method.name], serves(kept, call) {
            return writer.raw(kept.text)
        }
        var own = JSONWriter()
        make(&own)
        surveys[call.method.name] = SurveyAnswer(
            height: call.ledger.height, made: call.now, text: own.bytes)
        writer.raw(own.bytes)
    }

    private func serves(_ answer: SurveyAnswer, _ call: Call) -> Bool {
        guard answer.height != call.ledger.height else { return true }
        let each = configuration.surveyAccounts
        let parts = (call.ledger.accounts.accounts.count + each - 1) / each
        let interval = configuration.surveyInterval.nanoseconds * UInt64(max(1, parts))
        return call.now >= answer.made
            && call.now.elapsed(since: answer.made).nanoseconds < interval
    }
}
