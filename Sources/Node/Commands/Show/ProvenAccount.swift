/// An account with its positions and orders, every one of them proven: what the node says is shown
/// only where it stands under the state's root. It needs no key and no credential, since the state
/// is public. What a proof cannot say is that nothing is missing: a node may leave orders out.

import Accounts
import Canonical
import Cryptography
import JSON
import Ledger
import Markets

/// One account at one block.
struct ProvenAccount {
    static let method = "public/get_account"

    let number: AccountIdentifier
    let height: UInt64
    let root: Digest
    let account: Account
    let keys: AccountKeys
    /// Open ones, oldest first.
    let orders: [Order]
    /// Figures that the node reckons: its word alone.
    let figures: JSON.Value
    /// Whether the root was compared with one that the user trusts.
    let isAnchored: Bool

    /// Asks for an account, and checks what comes.
    ///
    /// - Throws: `CommandFault` where anything of it is not proven.
    init(
        _ number: AccountIdentifier, from node: RemoteNode, trusting trusted: TrustedRoot?
    ) throws(CommandFault) {
        let answer: JSON.Value
        switch try node.call(
            ProvenAccount.method,
            [JSON.Member("account", .number(JSON.Number(Int64(number.number))))]
        ) {
        case .result(let value): answer = value
        case .error("13020", _, _):
            throw CommandFault(
                "there is no account \(number.number) on this chain; accounts are numbered from 0 "
                    + "in the order of 'open-account'", exit: ExitCode.refused)
        case .error(let code, let message, let data):
            throw CommandFault(
                RemoteNode.text(ProvenAccount.method, code: code, message: message, data: data),
                exit: ExitCode.refused)
        }
        let source = "the node's answer"
        let (height, root) = try LeafProof.statement(answer, from: source)
        try trusted?.check(root, height: height)
        guard let leaves = answer["leaves"]?.elements else {
            throw RemoteNode.strange(ProvenAccount.method, lacking: "leaves")
        }
        var account: Account?
        var keys: AccountKeys?
        var orders: [Order] = []
        for json in leaves {
            let leaf = try LeafProof(json, from: source)
            try leaf.verify(root: root)
            switch leaf.key {
            case .account(number): account = try leaf.decoded()
            case .keys(number): keys = try leaf.decoded()
            case .order(let identifier):
                let order: Order = try leaf.decoded()
                guard order.account == number, order.identifier == identifier,
                    orders.last.map({ $0.identifier < identifier }) ?? true
                else { throw ProvenAccount.foreign(leaf.key, number) }
                orders.append(order)
            default: throw ProvenAccount.foreign(leaf.key, number)
            }
        }
        guard let account, let keys else {
            throw RemoteNode.strange(ProvenAccount.method, lacking: "leaf of the account itself")
        }
        self.number = number
        self.height = height
        self.root = root
        self.account = account
        self.keys = keys
        self.orders = orders
        figures = answer
        isAnchored = trusted != nil
    }

    private static func foreign(_ key: LeafKey, _ account: AccountIdentifier) -> CommandFault {
        CommandFault(
            "the node answers with \(key.words), which is not of account \(account.number), or "
                + "twice; ask another node", exit: ExitCode.refused)
    }

    /// The line under what is shown.
    var note: String {
        let text = HexText.text(root.storage.bytes)
        return "proven at block \(height) under "
            + (isAnchored ? "the root that you trust\n" : "root \(text)\n")
    }

    /// What every JSON answer about an account begins with.
    var members: [JSON.Member] {
        [
            JSON.Member("account", .number(JSON.Number(Int64(number.number)))),
            JSON.Member("height", .number(JSON.Number(Int128(height), decimals: 0))),
            JSON.Member("root", .string(HexText.text(root.storage.bytes))),
            JSON.Member("root_is_trusted", .boolean(isAnchored)),
        ]
    }
}
