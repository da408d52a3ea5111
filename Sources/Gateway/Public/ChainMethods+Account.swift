/// An account as the chain holds it: each leaf that is its own, with its proof, all at one block,
/// so that whoever reads it need not trust the node for any of it. What the node has reckoned from
/// leaves and prices, such as margin, stands beside them and is its word alone.

import Accounts
import Canonical
import Cryptography
import FixedPoint
import JSON
import Ledger
import Markets
import Risk

extension ChainMethods {
    /// Credits: margin is reckoned twice, and every open order has its proof.
    private static let accountCost: UInt64 = 2_500

    static let proofShape = Schema.list(
        .object([
            .required("side", .oneOf(["left", "right"]), "Of the child."),
            .required("sibling", .text()),
        ]))

    static let account = Method(
        "public/get_account", cost: accountCost,
        """
        The leaves of an account: itself, its keys and its open orders, each with its proof as of \
        get_leaf, all under one root. The figures are what the node makes of them.
        """,
        [.required("account", .integer(0...Int64(UInt32.max)))],
        result: .object([
            .required("account", .integer()), .required("chain_id", .text()),
            .required("height", .integer()), .required("timestamp", .integer()),
            .required("root", .text()), .required("currency", .text()),
            .required("equity", MarketShapes.decimal),
            .required("initial_margin", MarketShapes.decimal),
            .required("maintenance_margin", MarketShapes.decimal),
            .required("available_funds", MarketShapes.decimal),
            .required("available_withdrawal_funds", MarketShapes.decimal),
            .required("queued_withdrawal", MarketShapes.decimal, "Waits for room in the vault."),
            .required(
                "leaves",
                .list(
                    .object([
                        .required("key", .text()), .required("value", .text(1...(1 << 20))),
                        .required("proof", proofShape),
                    ]))),
        ])
    ) { gateway, call, writer throws(APIError) in
        let number = UInt32(truncatingIfNeeded: try call.requiredInteger("account"))
        let account = AccountIdentifier(number)
        guard call.ledger.accounts.account(account) != nil else {
            throw APIError(.notFound, reason: "there is no such account")
        }
        try gateway.write(account, call.ledger, &writer)
        return .done
    }

    /// The proof of a leaf that the tree holds.
    ///
    /// - Throws: 13020 where it does not.
    static func proof(
        of key: [UInt8], value: [UInt8], _ ledger: Ledger
    ) throws(APIError) -> ExistenceProof {
        do throws(ProofRefusal) {
            return try ledger.tree.existenceProof(of: key) { _ in
                LeafPreimage(key: key, value: value)
            }
        } catch {
            throw APIError(.notFound, reason: "the leaf is not in the tree")
        }
    }
}

extension JSONWriter {
    /// The steps of a proof, from the leaf up.
    mutating func steps(of proof: ExistenceProof) {
        beginArray()
        for step in proof.path {
            beginObject()
            member("side", step.side == .left ? "left" : "right")
            member("sibling", Hexadecimal.text(step.sibling.storage.bytes))
            endObject()
        }
        endArray()
    }
}

extension Gateway {
    fileprivate func write(
        _ account: AccountIdentifier, _ ledger: Ledger, _ writer: inout JSONWriter
    ) throws(APIError) {
        let figures = AccountFigures(account, ledger)
        let home = ledger.accounts.compartment(of: account)
        writer.beginObject()
        writer.put("account", account.number)
        writer.put("chain_id", Hexadecimal.text(ledger.chain.storage.bytes))
        writer.put("height", ledger.height)
        writer.put("timestamp", ledger.time)
        writer.put("root", Hexadecimal.text(ledger.root.storage.bytes))
        writer.put("currency", names.assets[Int(home.number)])
        writer.put("equity", figures.equity)
        writer.put("initial_margin", figures.initial.requirement)
        writer.put("maintenance_margin", figures.maintenance.requirement)
        writer.put("available_funds", figures.available)
        writer.put("available_withdrawal_funds", figures.withdrawable)
        writer.put("queued_withdrawal", ledger.queuedWithdrawal(of: account) ?? .zero)
        writer.name("leaves")
        writer.beginArray()
        var keys: [LeafKey] = [.account(account), .keys(account)]
        keys += ledger.openOrders(of: account).map { .order($0.identifier) }
        for key in keys {
            let bytes = key.canonicalBytes
            guard let value = ledger.value(of: key) else { continue }
            let proof = try ChainMethods.proof(of: bytes, value: value, ledger)
            writer.beginObject()
            writer.member("key", Hexadecimal.text(bytes))
            writer.member("value", Hexadecimal.text(value))
            writer.name("proof")
            writer.steps(of: proof)
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
    }
}
