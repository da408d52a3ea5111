/// What a replay came to, as JSON.

import Documents

extension ReplaySummary {
    /// The summary as JSON text. Money is in whole quote units with six decimals, times are
    /// seconds.
    package var json: String {
        let worst = worstAccount.map { account in
            JSONValue.object([
                ("account", .text(account.account)), ("kind", .text(account.kind)),
                ("equity", .micro(account.equity)), ("profit", .micro(account.profit)),
            ])
        }
        let members: [(key: String, value: JSONValue)] = [
            ("chain", .text(chain)), ("seed", .unsigned(seed)), ("stateRoot", .text(stateRoot)),
            ("markets", .list(markets.map { .text($0) })), ("traders", .integer(Int64(traders))),
            ("startSeconds", .unsigned(start / TimeText.second)),
            ("endSeconds", .unsigned(end / TimeText.second)),
            ("blocks", .integer(Int64(blocks))), ("orders", .integer(Int64(orders))),
            ("trades", .integer(Int64(trades))), ("observations", .integer(Int64(observations))),
            ("refusals", .object(refusals.map { ($0.name, .integer(Int64($0.count))) })),
            ("volume", .micro(volume)), ("fees", .micro(fees)), ("premium", .micro(premium)),
            ("expiries", .list(expiries.map(\.json))),
            ("liquidations", .integer(Int64(liquidations))),
            ("liquidatedNotional", .micro(liquidatedNotional)),
            ("deleveraged", .integer(Int64(deleveraged))),
            ("deleveragedNotional", .micro(deleveragedNotional)),
            ("badDebt", .micro(badDebt)), ("insuranceFund", .micro(insuranceFund)),
            ("conserved", .boolean(conserved)), ("worstAccount", worst ?? .null),
            ("peakLeverage", .micro(peakLeverage)),
            ("indices", .list(indices.map(\.json))), ("cuts", .list(cuts.map(\.json))),
            ("breakers", .list(breakers.map(\.json))),
            ("optionChains", .list(chains.map(\.json))),
            ("settlements", .list(settlements.map(\.json))),
            ("wallSeconds", .micro(Int64(clamping: wallNanoseconds / 1_000))),
            ("ordersPerSecond", .integer(Int64(ordersPerSecond))),
            ("blocksPerSecond", .integer(Int64(blocksPerSecond))),
        ]
        return JSONWriter.text(of: .object(members))
    }
}

extension ExpirySummary {
    fileprivate var json: JSONValue {
        .object([
            ("underlying", .text(underlying)),
            ("expirySeconds", .unsigned(expiry / TimeText.second)),
            ("futures", .integer(Int64(futures))), ("options", .integer(Int64(options))),
            ("futureTrades", .integer(Int64(futureTrades))),
            ("futureVolume", .micro(futureVolume)),
            ("optionTrades", .integer(Int64(optionTrades))), ("premium", .micro(premium)),
            ("futureInterest", .micro(futureInterest)),
            ("optionInterest", .micro(optionInterest)),
            ("settlementPrice", settlementPrice.map { .micro($0) } ?? .null),
            ("exercised", .micro(exercised)), ("assigned", .micro(assigned)),
            ("delivered", .micro(delivered)), ("lapsed", .integer(Int64(lapsed))),
        ])
    }
}
