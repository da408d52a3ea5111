/// Which accounts an owner has. Owners are keys that users choose, so they stand in an ordered list
/// and not in a hash table; the list is kept in chunks, so that an account among a million is put
/// in by moving a few hundred entries. Most comparisons end at the first eight bytes of the key,
/// which stand in the entry itself. Derived: made again from the accounts.

import Canonical

/// Accounts ordered by owner, then by number.
struct OwnerIndex {
    /// An account, and how its owner's key begins.
    private struct Entry {
        let prefix: UInt64
        let account: UInt32
    }

    /// Most entries of a chunk; a full one is split in two.
    private static let chunkLimit = 512

    /// None is empty.
    private var chunks: [[Entry]] = []

    /// Puts in the newest account.
    mutating func insert(_ account: AccountIdentifier, in accounts: [Account]) {
        let owner = accounts[Int(account.number)].owner
        let entry = Entry(prefix: OwnerIndex.prefix(of: owner), account: account.number)
        guard !chunks.isEmpty else { return chunks.append([entry]) }
        let (chunk, place) = firstPlace(behind: owner, in: accounts)
        chunks[chunk].insert(entry, at: place)
        guard chunks[chunk].count == OwnerIndex.chunkLimit else { return }
        let upper = Array(chunks[chunk][(OwnerIndex.chunkLimit / 2)...])
        chunks[chunk].removeLast(upper.count)
        chunks.insert(upper, at: chunk + 1)
    }

    /// Forgets everything and puts in all accounts. O(n log n).
    mutating func rebuild(_ accounts: [Account]) {
        var entries: [Entry] = []
        entries.reserveCapacity(accounts.count)
        for place in accounts.indices {
            entries.append(
                Entry(
                    prefix: OwnerIndex.prefix(of: accounts[place].owner),
                    account: UInt32(truncatingIfNeeded: place)))
        }
        entries.sort { left, right in
            if left.prefix != right.prefix { return left.prefix < right.prefix }
            let (mine, other) = (
                accounts[Int(left.account)].owner, accounts[Int(right.account)].owner
            )
            return mine != other ? mine < other : left.account < right.account
        }
        chunks.removeAll()
        let half = OwnerIndex.chunkLimit / 2
        for start in stride(from: 0, to: entries.count, by: half) {
            chunks.append(Array(entries[start..<min(entries.count, start + half)]))
        }
    }

    /// The accounts of an owner, ascending. O(log accounts) and their number.
    func accounts(of owner: SignerKey, in accounts: [Account]) -> [AccountIdentifier] {
        guard !chunks.isEmpty else { return [] }
        var found: [AccountIdentifier] = []
        var (chunk, place) = firstPlace(behind: owner, in: accounts)
        // Backwards, since the place behind the last of them is known.
        while true {
            while place == 0 {
                guard chunk > 0 else { return found.reversed() }
                chunk -= 1
                place = chunks[chunk].count
            }
            place -= 1
            let account = chunks[chunk][place].account
            guard accounts[Int(account)].owner == owner else { return found.reversed() }
            found.append(AccountIdentifier(account))
        }
    }

    /// The place behind the last account whose owner is not above `owner`.
    private func firstPlace(
        behind owner: SignerKey, in accounts: [Account]
    ) -> (chunk: Int, place: Int) {
        let prefix = OwnerIndex.prefix(of: owner)
        func isAbove(_ entry: Entry) -> Bool {
            if entry.prefix != prefix { return entry.prefix > prefix }
            return owner < accounts[Int(entry.account)].owner
        }
        // The first chunk whose last entry is above; the last chunk if none is.
        var low = 0
        var high = chunks.count - 1
        while low < high {
            let middle = (low + high) / 2
            if isAbove(chunks[middle][chunks[middle].count - 1]) {
                high = middle
            } else {
                low = middle + 1
            }
        }
        let chunk = low
        low = 0
        high = chunks[chunk].count
        while low < high {
            let middle = (low + high) / 2
            if isAbove(chunks[chunk][middle]) { high = middle } else { low = middle + 1 }
        }
        return (chunk, low)
    }

    /// The first eight bytes, first byte most significant.
    private static func prefix(of owner: SignerKey) -> UInt64 {
        switch owner {
        case .ed25519(let key): key.storage.word0.byteSwapped
        case .ethereum(let address): address.word0.byteSwapped
        }
    }
}
