/// The name of one connection, for as long as a server lives. What holds it may outlive the
/// connection: whatever is sent to a connection that has gone is dropped.

/// Names one connection of one server.
///
/// Invariant 1: a number is never used twice by one server.
package struct ConnectionIdentifier: Hashable, Sendable {
    /// The order of arrival in the upper bits, the slot in the table in the lower ones.
    package let number: UInt64

    /// Bits of the slot: about a million connections at one time.
    static let slotBits: UInt64 = 20

    init(arrival: UInt64, slot: Int) {
        number = arrival << ConnectionIdentifier.slotBits | UInt64(slot)
    }

    /// A name made elsewhere, for logic that is tested without a server.
    package init(number: UInt64) {
        self.number = number
    }

    /// Where the connection stands in the table.
    var slot: Int {
        Int(number & ((1 << ConnectionIdentifier.slotBits) - 1))
    }
}
