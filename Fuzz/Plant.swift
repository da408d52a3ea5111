/// Faults planted on purpose, to see that they are found: a fuzzer that finds nothing may look at
/// nothing. RAMPART_FUZZ_PLANT names one of them; without it nothing is planted.

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

    /// Stops at a transaction for a fee tier that no seed names.
    static func trap<Value>(on value: Value) {
        guard isTrapping, let transaction = value as? Transaction else { return }
        for command in transaction.commands {
            if case .setFeeTier(0x2b1d, _) = command { fail("the planted tag") }
        }
    }
}
