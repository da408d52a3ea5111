/// What the commands have in common that show an account.

import Canonical

/// Flags about whom, and how it is written.
enum ShowFlags {
    static let json = CommandFlag("--json", nil, "one JSON value for scripts; its keys stay")
    static let account = CommandFlag(
        "--account", "N", "the account, else RAMPART_ACCOUNT, else the profile")

    /// Of commands that show an account from its proven leaves.
    static let proven = [account] + TrustedRoot.flags + [json] + RemoteFlags.all

    static let provenDetails = """
        Everything is read from the leaves of the state, each with a proof that is checked here, so
        it needs no key and no trust in the node beyond the root; compare that with --root or
        --headers. A node that hides an order is not found out.
        """

    /// The account that the flags name, as the node proves it.
    ///
    /// - Throws: `CommandFault`.
    static func account(
        _ arguments: CommandArguments, _ context: CommandContext
    ) throws(CommandFault) -> (account: ProvenAccount, node: RemoteNode) {
        let number = try Profile(context).account(arguments)
        let trusted = try TrustedRoot.read(arguments)
        let node = try RemoteFlags.node(arguments, context)
        return (try ProvenAccount(number, from: node, trusting: trusted), node)
    }
}
