/// What it costs the service thread to look at every account for a page of the dashboard: the first
/// call after a block, which counts, and the next one, which finds the answer kept. While it counts
/// nobody else is at the ledger, so this is also what a block may have to wait, once a second.

import FixedPoint
import Gateway
import Ledger

enum SurveyRows {
    private static let accounts = 100_000
    private static let positions = 8
    private static let rounds = 5

    static func all() -> [Result] {
        var venue = BenchVenue(accounts: accounts, instruments: positions, interval: 5_000_000_000)
        venue.openPositions(accounts: 0..<accounts, instruments: 0..<positions)
        return ["get_risk", "get_conservation"].flatMap { rows(of: $0, &venue) }
    }

    private static func rows(of method: String, _ venue: inout BenchVenue) -> [Result] {
        var configuration = GatewayConfiguration()
        configuration.credits = CreditTerms(capacity: 1 << 40, refill: 1 << 40)
        guard let gateway = try? Gateway(configuration, ledger: venue.ledger) else { return [] }
        var (first, next) = (Double.infinity, Double.infinity)
        for round in 0..<rounds {
            _ = venue.run(venue.block([], publishing: BenchVenue.price + Int64(round % 2)))
            let ledger = venue.ledger
            let ask = {
                let session = SessionIdentifier(1)
                gateway.open(session, transport: .http, origin: "bench", now: ledger.time)
                gateway.request(
                    APIRequest(verb: .get, path: "/api/v2/public/" + method), on: session,
                    ledger: ledger, now: ledger.time)
                gateway.close(session, now: ledger.time)
                _ = gateway.drain()
            }
            first = min(first, Measurement.nanoseconds(ask))
            next = min(next, Measurement.nanoseconds(ask))
        }
        let about = "public/\(method) with 100,000 accounts of 8 positions"
        return [
            .measured(
                Row(
                    name: "survey.\(method)", value: first / 1e6, unit: "ms",
                    note: about + ", after a block")),
            .measured(
                Row(
                    name: "survey.\(method).kept", value: next / 1e6, unit: "ms",
                    note: "the same once more")),
        ]
    }
}
