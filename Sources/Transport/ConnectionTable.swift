/// All connections of a server, by name and counted by address.

/// Finds a connection by its name in constant time and never gives a name twice.
struct ConnectionTable {
    private var slots: [Connection?] = []
    private var free: [Int] = []
    private var arrivals: UInt64 = 0
    private var countByAddress: [PeerAddress: Int] = [:]
    private(set) var count = 0

    /// How many connections there are from where `address` is counted.
    func count(from address: PeerAddress) -> Int {
        countByAddress[address.counted] ?? 0
    }

    /// The connection of that name, if it still stands.
    subscript(identifier: ConnectionIdentifier) -> Connection? {
        let slot = identifier.slot
        guard slot < slots.count, let connection = slots[slot],
            connection.identifier == identifier
        else { return nil }
        return connection
    }

    /// The name of the next connection.
    mutating func nextIdentifier() -> ConnectionIdentifier {
        if free.isEmpty {
            free.append(slots.count)
            slots.append(nil)
        }
        arrivals += 1
        return ConnectionIdentifier(arrival: arrivals, slot: free[free.count - 1])
    }

    /// Takes in a connection whose name was the last of `nextIdentifier()`.
    mutating func insert(_ connection: Connection) {
        free.removeLast()
        slots[connection.identifier.slot] = connection
        countByAddress[connection.address.counted, default: 0] += 1
        count += 1
    }

    mutating func remove(_ connection: Connection) {
        slots[connection.identifier.slot] = nil
        free.append(connection.identifier.slot)
        count -= 1
        let address = connection.address.counted
        let left = (countByAddress[address] ?? 1) - 1
        countByAddress[address] = left == 0 ? nil : left
    }

    /// All connections in the order of their slots.
    var all: [Connection] { slots.compactMap { $0 } }
}
