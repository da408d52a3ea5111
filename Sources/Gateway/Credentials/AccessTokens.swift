/// The tokens that stand for an authentication, until they expire or are given back. They are kept
/// by their hash, so that looking one up tells nothing of it by its time, and a dump of the
/// gateway's memory holds none that could be used.

package import Canonical
import Cryptography
package import FixedPoint

/// What a token stands for.
package struct AccessGrant: Sendable {
    /// The credential's name.
    package let client: String
    package let account: AccountIdentifier
    package let rights: CredentialRights
    /// The session that a client named; its tokens outlive the connection.
    package let session: String?
    /// When it ends.
    package let expiry: Timestamp
    /// The connection that its tokens end with; nil where they outlive it.
    package let connection: UInt64?
}

/// The tokens in force.
package struct AccessTokens {
    /// Most tokens in force; the one that ends first makes room.
    private let limit: Int
    private struct Entry {
        let grant: AccessGrant
        let isRefresh: Bool
    }

    private var entries: [TokenHash: Entry] = [:]
    /// By expiry; some may have gone before.
    private var queue: [(expiry: Timestamp, key: TokenHash)] = []

    package init(limit: Int) { self.limit = limit }

    /// How many are in force, those included that have expired unseen.
    package var count: Int { entries.count }

    /// Keeps a token.
    package mutating func insert(_ token: String, _ grant: AccessGrant, isRefresh: Bool) {
        let key = TokenHash(of: token)
        entries[key] = Entry(grant: grant, isRefresh: isRefresh)
        let place = queue.partitioningIndex { $0.expiry > grant.expiry }
        queue.insert((grant.expiry, key), at: place)
        while entries.count > limit, !queue.isEmpty {
            entries[queue.removeFirst().key] = nil
        }
    }

    /// What a token stands for now.
    package func grant(
        of token: String, isRefresh: Bool = false, at now: Timestamp
    ) -> AccessGrant? {
        guard let entry = entries[TokenHash(of: token)], entry.isRefresh == isRefresh,
            entry.grant.expiry > now
        else { return nil }
        return entry.grant
    }

    /// Forgets a token.
    package mutating func remove(_ token: String) { entries[TokenHash(of: token)] = nil }

    /// Forgets what a connection's end ends.
    package mutating func removeAll(of connection: UInt64) {
        removeAll { $0.connection == connection }
    }

    /// Forgets all tokens of a credential; of one named session only where it is given.
    package mutating func removeAll(client: String, session: String? = nil) {
        removeAll { $0.client == client && (session == nil || $0.session == session) }
    }

    private mutating func removeAll(where ends: (AccessGrant) -> Bool) {
        entries = entries.filter { !ends($0.value.grant) }
        queue.removeAll { entries[$0.key] == nil }
    }

    /// Forgets what has expired.
    package mutating func expire(at now: Timestamp) {
        let count = queue.partitioningIndex { $0.expiry > now }
        for place in 0..<count { entries[queue[place].key] = nil }
        queue.removeFirst(count)
    }
}

/// The hash of a token.
struct TokenHash: Hashable {
    private let words: InlineWords

    private struct InlineWords: Hashable {
        let first, second, third, fourth: UInt64
    }

    init(of token: String) {
        let digest = SHA256.digest(Array(token.utf8)).storage
        words = InlineWords(
            first: digest.word0, second: digest.word1, third: digest.word2, fourth: digest.word3)
    }
}

extension Array {
    /// The first place whose element is in the second part of a list that is in two parts.
    fileprivate func partitioningIndex(where isSecond: (Element) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if isSecond(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
