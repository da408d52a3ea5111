/// A node without sockets: the methods that commands call, over a real ledger. Every request that
/// changes something is a block.
import Canonical
import Cryptography
import Custody
import FixedPoint
import JSON
import Ledger
import Oracle
import Replication
import Testing

@testable import Node

final class FakeNode {
    private(set) var machine: LedgerMachine
    private(set) var records: [BlockRecord] = []
    private(set) var transactions: [Transaction] = []
    private(set) var methods: [String] = []
    private var time: UInt64
    private var bundles: [ObservationBundle] = []

    init(_ bench: CommandBench) throws {
        let genesis = try GenesisReader.read(bench.path("venue/genesis.json"))
        machine = LedgerMachine(genesis: genesis, verifier: NativeVerifier(workers: 1))
        time = CommandBench.now
        bench.node = { body throws(CommandFault) in try self.answer(body) }
    }

    var ledger: Ledger { machine.ledger }

    private func answer(_ body: String) throws(CommandFault) -> String {
        do {
            let request = try JSONParser().parse(Array(body.utf8))
            let method = try #require(request["method"]?.text)
            methods.append(method)
            let parameters = try #require(request["params"])
            switch method {
            case "public/get_chain":
                return result("{\"chain_id\":\"\(HexText.text(machine.chain.storage.bytes))\"}")
            case "public/get_nonce":
                return result("{\"next_nonce\":\(try nonce(parameters))}")
            case "public/get_leaf": return try leaf(parameters)
            case "public/submit_transaction":
                let bytes = try #require(parameters["transaction"]?.text.flatMap(HexText.bytes))
                return try submit(bytes)
            case "public/submit_observation":
                let bytes = try #require(parameters["observation"]?.text.flatMap(HexText.bytes))
                bundles = [try ObservationBundle(canonicalBytes: bytes)]
                try make([])
                return result("{}")
            default: return "{\"error\":{\"code\":-32601,\"message\":\"Method not found\"}}"
            }
        } catch {
            throw CommandFault("the fake node: \(error)", exit: ExitCode.unavailable)
        }
    }

    private func result(_ text: String) -> String { "{\"jsonrpc\":\"2.0\",\"result\":\(text)}" }

    private func keys(_ number: Int64?) throws -> AccountKeys {
        let account = AccountIdentifier(UInt32(try #require(number)))
        let value = try #require(ledger.value(of: .keys(account)))
        return try AccountKeys(canonicalBytes: value)
    }

    private func nonce(_ parameters: JSON.Value) throws -> UInt64 {
        let keys = try keys(parameters["account"]?.number?.integer)
        guard let slot = parameters["slot"]?.number?.integer else {
            return keys.nonces.window.highest + 1
        }
        let agent = keys.agents.first { Int64($0.number) == slot }
        return (agent?.nonces.window.highest ?? 0) + 1
    }

    private func leaf(_ parameters: JSON.Value) throws -> String {
        let bytes = try #require(parameters["key"]?.text.flatMap(HexText.bytes))
        guard let value = ledger.value(of: try LeafKey(canonicalBytes: bytes)) else {
            return "{\"error\":{\"code\":10004,\"message\":\"not found\"}}"
        }
        return result("{\"value\":\"\(HexText.text(value))\"}")
    }

    private func submit(_ bytes: [UInt8]) throws -> String {
        transactions.append(try Transaction(canonicalBytes: bytes))
        let receipts = try make([bytes])
        if let whole = receipts.first(where: { $0.command == nil }), let refusal = whole.refusal {
            return "{\"error\":{\"code\":11050,\"message\":\"\(refusal)\"}}"
        }
        let list = receipts.map { receipt in
            var text = "{\"command\":\(receipt.command ?? 0),\"accepted\":\(receipt.refusal == nil)"
            if let order = receipt.order { text += ",\"order_id\":\"\(order.number)\"" }
            if let refusal = receipt.refusal {
                text += ",\"reason\":\"\(refusal)\",\"refusal\":\(refusal.rawValue)"
            }
            return text + "}"
        }
        return result(
            "{\"height\":\(machine.height),\"receipts\":[\(list.joined(separator: ","))]}")
    }

    @discardableResult
    private func make(_ transactions: [[UInt8]]) throws -> [Receipt] {
        time += 1_000_000
        let block = Block(
            height: machine.height + 1, time: Timestamp(nanoseconds: time), observations: bundles,
            transactions: transactions
        ).canonicalBytes
        bundles = []
        let applied = try machine.apply(encoded: block)
        let header = BlockHeader(
            chain: machine.chain, following: records.last?.header, term: 0, block: block,
            applied: applied)
        records.append(BlockRecord(header: header, block: block, outcome: applied.outcome))
        return try EncodedOutcome(canonicalBytes: applied.outcome).receipts
    }
}
