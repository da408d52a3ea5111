/// The part of a genesis file about those who stand behind compartments: `backstops` and `makers`,
/// one for each compartment, in their order. Each may be left out, and then there is none of it;
/// what is there is there in full.

import Canonical
import FixedPoint
import Ledger
import Liquidation

extension BackstopParameters {
    fileprivate static var table: FieldTable<BackstopParameters> {
        FieldTable(
            ratios: [
                ("tradingShare", \.tradingShare), ("liquidationShare", \.liquidationShare),
            ],
            amounts: [("marketLoss", \.marketLoss), ("minimum", \.minimum)],
            counts: [("providers", \.providers)],
            spans: [("noticeSeconds", \.notice), ("limitDelaySeconds", \.limitDelay)])
    }
}

extension MakerTerms {
    fileprivate static var table: FieldTable<MakerTerms> {
        FieldTable(
            ratios: [
                ("reach", \.reach), ("presence", \.presence),
                ("stressPresence", \.stressPresence), ("stressMove", \.stressMove),
                ("feeShare", \.feeShare),
            ], amounts: [("size", \.size)], counts: [("stressWeight", \.stressWeight)])
    }
}

extension GenesisDocument {
    /// Reads who may stand behind compartments into the safeguards.
    func readBackstops(
        _ fields: JSONFields, into safeguards: inout Safeguards
    ) throws(InputFault) {
        if fields.has("backstops") {
            for (place, node) in try fields.list("backstops").enumerated() {
                var block = BackstopParameters.standard
                try read(
                    node, "backstop \(place + 1)", BackstopParameters.table, into: &block)
                safeguards.backstops.append(block)
            }
        }
        if fields.has("makers") {
            for (place, node) in try fields.list("makers").enumerated() {
                var block = MakerTerms.standard
                try read(node, "makers \(place + 1)", MakerTerms.table, into: &block)
                safeguards.makers.append(block)
            }
        }
    }
}

extension Safeguards {
    /// What `readBackstops` reads.
    var backstopsJSON: [(String, JSONValue)] {
        var members: [(String, JSONValue)] = []
        if !backstops.isEmpty {
            let table = BackstopParameters.table
            members.append(("backstops", .list(backstops.map { table.json($0) })))
        }
        if !makers.isEmpty {
            let table = MakerTerms.table
            members.append(("makers", .list(makers.map { table.json($0) })))
        }
        return members
    }
}
