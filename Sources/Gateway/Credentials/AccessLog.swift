/// Who has authenticated, or tried to, under which credential: bounded, without a secret.

import Canonical
import FixedPoint
import JSON

/// One authentication.
struct AccessRecord: Sendable {
    let number: UInt64
    let time: Timestamp
    let account: AccountIdentifier
    let client: String
    /// The remote address.
    let origin: String
    let isSuccess: Bool
}

extension Gateway {
    /// Takes note of an authentication under a credential that exists.
    func noteAccess(
        _ client: String, from session: SessionIdentifier?, isSuccess: Bool, now: Timestamp
    ) {
        guard let credential = desk.vault[client] else { return }
        desk.accessCount += 1
        desk.accesses.append(
            AccessRecord(
                number: desk.accessCount, time: now, account: credential.account, client: client,
                origin: session.flatMap { sessions[$0]?.origin } ?? "", isSuccess: isSuccess))
    }

    /// `private/get_access_log`.
    func writeAccessLog(_ call: Call, _ writer: inout JSONWriter) throws(APIError) -> Completion {
        let account = try book(of: call).account
        let offset = Int(call.integer("offset") ?? 0)
        let count = Int(call.integer("count") ?? Pages.usualCount)
        let own = desk.accesses.kept.reversed().filter { $0.account == account }
        writer.beginArray()
        for entry in own.dropFirst(offset).prefix(count) {
            writer.beginObject()
            writer.put("id", entry.number)
            writer.put("timestamp", entry.time)
            writer.put("ip", entry.origin)
            writer.put("country", "")
            writer.put("city", "")
            writer.put("log", entry.isSuccess ? "success" : "failure")
            writer.put("data", entry.client)
            writer.endObject()
        }
        writer.endArray()
        return .done
    }
}
