/// What the doctor looks at of the database.

import Ledger

extension Doctor {
    /// Whether it opens, and is of this genesis.
    mutating func examineStore(_ configuration: NodeConfiguration, _ genesis: Genesis?) {
        guard FileAccess.exists(configuration.data) else {
            report.ok("database", "none yet: the node starts at the genesis")
            return
        }
    }
}
