/// The part of a genesis file that stops markets: `breakers`, one for each underlying, in their
/// order; `flow`, how much an owner may send; `vaults`, how fast a vault may empty. Each may be
/// left out, and then there is none of it; what is there is there in full.

import Breakers
import Canonical
import Catalogue
import FixedPoint
import Ledger

/// The fields of a block by name, so that they are read and written by one list.
struct FieldTable<Block> {
    var ratios: [(name: String, path: WritableKeyPath<Block, Ratio>)] = []
    var amounts: [(name: String, path: WritableKeyPath<Block, Amount>)] = []
    var counts: [(name: String, path: WritableKeyPath<Block, UInt32>)] = []
    /// In whole seconds.
    var spans: [(name: String, path: WritableKeyPath<Block, Duration>)] = []

    /// In seconds: no field of any block may be longer than 90 days.
    private static var longestSpan: Int64 { 90 * 86_400 }

    var names: [String] {
        ratios.map(\.name) + amounts.map(\.name) + counts.map(\.name) + spans.map(\.name)
    }

    /// Changes every field of a block to what the file says.
    func read(_ fields: JSONFields, into block: inout Block) throws(InputFault) {
        for field in ratios { block[keyPath: field.path] = try fields.ratio(field.name) }
        for field in amounts { block[keyPath: field.path] = try fields.amount(field.name) }
        for field in counts {
            block[keyPath: field.path] = UInt32(
                try fields.whole(field.name, in: 0...Int64(UInt32.max)))
        }
        for field in spans {
            let seconds = try fields.whole(field.name, in: 0...Self.longestSpan)
            block[keyPath: field.path] = .seconds(UInt64(seconds))
        }
    }

    func json(_ block: Block) -> JSONValue {
        .object(
            ratios.map { ($0.name, .ratio(block[keyPath: $0.path])) }
                + amounts.map { ($0.name, .micro(block[keyPath: $0.path].units)) }
                + counts.map { ($0.name, .integer(Int64(block[keyPath: $0.path]))) }
                + spans.map { ($0.name, .seconds(block[keyPath: $0.path])) })
    }
}

extension BreakerParameters {
    fileprivate static var table: FieldTable<BreakerParameters> {
        FieldTable(
            ratios: [
                ("minuteMove", \.minuteMove), ("fiveMinuteMove", \.fiveMinuteMove),
                ("sourceDivergence", \.sourceDivergence), ("bookDivergence", \.bookDivergence),
                ("liquidationShare", \.liquidationShare), ("clearShare", \.clearShare),
                ("auctionBand", \.auctionBand),
            ],
            amounts: [
                ("liquidationFloor", \.liquidationFloor), ("toxicityBucket", \.toxicityBucket),
            ],
            spans: [
                ("divergenceSeconds", \.divergenceTime), ("coolingSeconds", \.cooling),
                ("quorumCoolingSeconds", \.quorumCooling), ("expirySeconds", \.expiry),
                ("auctionSeconds", \.auctionLength), ("reopeningSeconds", \.reopening),
            ])
    }
}

extension FlowParameters {
    fileprivate static var table: FieldTable<FlowParameters> {
        FieldTable(
            ratios: [("oneSidedShare", \.oneSidedShare), ("ringShare", \.ringShare)],
            counts: [
                ("ordersPerSecond", \.ordersPerSecond), ("burst", \.burst),
                ("cancelFactor", \.cancelFactor), ("leastCount", \.leastCount),
                ("ordersPerFill", \.ordersPerFill), ("selfTrades", \.selfTrades),
                ("stuffingRate", \.stuffingRate), ("stuffingSeconds", \.stuffingSeconds),
            ])
    }
}

extension VaultParameters {
    fileprivate static var table: FieldTable<VaultParameters> {
        FieldTable(
            ratios: [
                ("hourlyOutflow", \.hourlyOutflow), ("dailyOutflow", \.dailyOutflow),
                ("smallOutflow", \.smallOutflow), ("liquidationShare", \.liquidationShare),
                ("drawdownShare", \.drawdownShare), ("clearShare", \.clearShare),
            ],
            amounts: [
                ("smallAmount", \.smallAmount), ("liquidationFloor", \.liquidationFloor),
                ("drawdownFloor", \.drawdownFloor),
            ],
            spans: [("coolingSeconds", \.cooling), ("expirySeconds", \.expiry)])
    }
}

extension GenesisDocument {
    /// Reads what stops markets into the safeguards.
    func readBreakers(
        _ fields: JSONFields, into safeguards: inout Safeguards
    ) throws(InputFault) {
        if fields.has("breakers") {
            for (place, node) in try fields.list("breakers").enumerated() {
                var block = BreakerParameters.standard
                try read(
                    node, "breaker \(place + 1)", BreakerParameters.table, into: &block)
                safeguards.breakers.append(block)
            }
        }
        if fields.has("flow") {
            var block = FlowParameters.standard
            try read(
                try fields.value("flow"), "the flow", FlowParameters.table, into: &block)
            safeguards.flow = block
        }
        if fields.has("vaults") {
            var block = VaultParameters.standard
            try read(
                try fields.value("vaults"), "the vaults", VaultParameters.table, into: &block)
            safeguards.vaults = block
        }
    }

    func read<Block>(
        _ node: JSONNode, _ name: String, _ table: FieldTable<Block>, into block: inout Block
    ) throws(InputFault) {
        try table.read(
            try JSONFields(node, name: name, file: file, known: table.names), into: &block)
    }
}

extension Safeguards {
    /// What `readBreakers` reads.
    var breakersJSON: [(String, JSONValue)] {
        var members: [(String, JSONValue)] = []
        if !breakers.isEmpty {
            let table = BreakerParameters.table
            members.append(("breakers", .list(breakers.map { table.json($0) })))
        }
        if let flow { members.append(("flow", FlowParameters.table.json(flow))) }
        if let vaults { members.append(("vaults", VaultParameters.table.json(vaults))) }
        return members
    }
}
