/// Faults planted on purpose, to see that they are found: a fuzzer that finds nothing may look at
/// nothing. RAMPART_FUZZ_PLANT names one of them; without it nothing is planted.

import Canonical
import Glibc
import Ledger

enum Plant {
    private static let name: String = {
        guard let name = unsafe getenv("RAMPART_FUZZ_PLANT") else { return "" }
        return unsafe String(cString: name)
    }()

    /// A micro-unit goes missing whenever a withdrawal is paid.
    static let isStealing = name == "payment"
    private static let isTrapping = name == "tag"

    /// Stops at a command that no seed holds: a cancel in a market of a high number.
    static func trap<Value>(on value: Value) {
        guard isTrapping, case .cancelAll(let market?) = value as? Command else { return }
        if market.number >= highMarket { fail("the planted tag") }
    }

    private static let highMarket: UInt16 = 0x4000
}
