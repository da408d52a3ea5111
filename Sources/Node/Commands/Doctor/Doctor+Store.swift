/// What the doctor looks at of the database: that it opens, that nothing that was acknowledged is
/// missing, and that it is of this genesis. Replaying it is 'rampart verify chain'.

import Documents
import FixedPoint
import Ledger
import Replication

extension Doctor {
    /// The store; it is closed again.
    mutating func examineStore(_ configuration: NodeConfiguration, _ genesis: Genesis?) {
        let subject = DoctorCheck.database
        guard BlockStore.exists(at: configuration.data) else {
            report.ok(subject, "none yet: the node starts at the genesis")
            return
        }
        guard let genesis else {
            report.warn(subject, "not opened, for want of a genesis", "mend that first")
            return
        }
        do throws(StorageFault) {
            let store = try BlockStore(opening: configuration.data, chain: genesis.chain)
            let tip = store.tip
            try store.close()
            guard let tip else {
                report.ok(subject, "of this genesis, without a block yet")
                return
            }
            let now = context.now()
            if tip.time.nanoseconds > now {
                let ahead = (tip.time.nanoseconds - now) / TimeText.second
                report.blame(
                    subject, "its last block, \(tip.height), is \(ahead) s ahead of the clock",
                    "set the clock")
            } else {
                report.ok(
                    subject,
                    "of this genesis, format \(BlockStore.format), whole up to block "
                        + "\(tip.height)")
            }
        } catch .locked {
            report.ok(subject, "open in another process: a node is running")
        } catch {
            report.blame(subject, error.description, error.advice)
        }
    }
}
