/// What a credential may do, and how Deribit's scope texts say it. A credential has a scope for
/// ever; a token may have less of it, never more: what a client asks for is cut down to what the
/// credential has (`docs/credentials.md`).

/// What an API credential is for. It decides which scope its agent key has in the ledger.
package enum CredentialScope: UInt8, CaseIterable, Sendable {
    /// Looks, and has no key at all.
    case read = 0
    /// Cancels orders.
    case cancel = 1
    /// Trades, and moves money between accounts of the same owner.
    case trade = 2

    /// All that a credential of this scope may do.
    package var rights: CredentialRights {
        switch self {
        case .read: .reading
        case .cancel: [.reading, .cancel]
        case .trade: [.reading, .cancel, .trade, .transfer]
        }
    }

    /// Its word for the command line.
    package var name: String {
        switch self {
        case .read: "read"
        case .cancel: "cancel"
        case .trade: "trade"
        }
    }
}

/// What a token may do.
package struct CredentialRights: OptionSet, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Looking at orders and trades.
    package static let readTrade = CredentialRights(rawValue: 1)
    /// Looking at balances, positions and margin.
    package static let readAccount = CredentialRights(rawValue: 2)
    /// Looking at deposits, withdrawals and transfers.
    package static let readWallet = CredentialRights(rawValue: 4)
    /// Cancelling orders.
    package static let cancel = CredentialRights(rawValue: 8)
    /// Sending and changing orders.
    package static let trade = CredentialRights(rawValue: 16)
    /// Moving money between accounts of the same owner.
    package static let transfer = CredentialRights(rawValue: 32)

    /// Looking at everything.
    package static let reading: CredentialRights = [.readTrade, .readAccount, .readWallet]
}

/// A scope text, as in `session:bot trade:read_write expires:3600`.
package struct ScopeRequest: Equatable, Sendable {
    /// Why a text is no scope.
    package struct Fault: Error, Equatable {
        /// The word.
        package let word: String
    }

    /// Most bytes of a text.
    static let byteLimit = 512
    /// Most bytes of a session's name.
    static let nameLimit = 32
    /// The longest life that a client may ask for: a year, in seconds.
    static let longestLife: UInt64 = 31_536_000

    /// What is asked for; nil asks for all there is.
    package private(set) var rights: CredentialRights?
    /// The name of a session that outlives its connection.
    package private(set) var session: String?
    /// How many seconds the token shall live, in `1 ... longestLife`.
    package private(set) var lifetime: UInt64?

    /// What no text asks for.
    package init() {}

    /// Parses a text of words parted by blanks.
    ///
    /// - Throws: `Fault` with the first word that is not understood.
    package init(_ text: String) throws(Fault) {
        guard text.utf8.count <= ScopeRequest.byteLimit else {
            throw Fault(word: String(text.prefix(ScopeRequest.nameLimit)))
        }
        for word in text.split(separator: " ") { try take(String(word)) }
    }

    /// Asks for no more than was granted before, in the same session.
    mutating func keep(_ old: AccessGrant) {
        rights = old.rights.intersection(rights ?? old.rights)
        session = session ?? old.session
    }

    /// Asks for a session of another name.
    mutating func rename(_ name: String) { session = name }

    private mutating func take(_ word: String) throws(Fault) {
        let parts = word.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let value = parts.count > 1 ? String(parts[1]) : nil
        switch (String(parts[0]), value) {
        case ("connection", nil), ("mainaccount", nil): break
        case ("session", let name?):
            guard (1...ScopeRequest.nameLimit).contains(name.utf8.count) else {
                throw Fault(word: word)
            }
            session = name
        case ("expires", let text?):
            guard let seconds = UInt64(text), (1...ScopeRequest.longestLife).contains(seconds)
            else { throw Fault(word: word) }
            lifetime = seconds
        case ("account", let access?), ("trade", let access?), ("wallet", let access?):
            guard let added = ScopeRequest.rights(of: String(parts[0]), access) else {
                throw Fault(word: word)
            }
            rights = (rights ?? []).union(added)
        case ("block_trade", let access?), ("block_rfq", let access?), ("custody", let access?):
            guard ScopeRequest.accesses.contains(access) else { throw Fault(word: word) }
        default: throw Fault(word: word)
        }
    }

    private static let accesses = ["none", "read", "read_write"]

    private static func rights(of room: String, _ access: String) -> CredentialRights? {
        guard accesses.contains(access) else { return nil }
        guard access != "none" else { return [] }
        let writes = access == "read_write"
        switch room {
        case "trade": return writes ? [.readTrade, .cancel, .trade] : .readTrade
        case "wallet": return writes ? [.readWallet, .transfer] : .readWallet
        default: return .readAccount
        }
    }
}

extension CredentialRights {
    /// As Deribit writes scopes.
    ///
    /// - Parameter session: its name, where it has one.
    package func text(session: String?) -> String {
        var words = [contains(.readAccount) ? "account:read" : "account:none"]
        let mayWrite = !isDisjoint(with: [.cancel, .trade])
        words.append(
            mayWrite ? "trade:read_write" : contains(.readTrade) ? "trade:read" : "trade:none")
        words.append(
            contains(.transfer)
                ? "wallet:read_write" : contains(.readWallet) ? "wallet:read" : "wallet:none")
        words.append(session.map { "session:" + $0 } ?? "connection")
        return words.joined(separator: " ")
    }
}
