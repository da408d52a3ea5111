/// What other threads have to tell the service, in order.

import Foundation
import Gateway
import Replication
import Synchronization

/// Something that the service thread does when it is woken.
enum ServiceNews: Sendable {
    /// A block is on disk. `seen` is signalled when the gateway has taken it in.
    case committed(CommittedBlock, seen: DispatchSemaphore)
    /// A block is on disk and waits for a follower.
    case stored(ChainTip)
    /// What the ledger says may be told, since a follower has it too. `seen` is signalled when it
    /// is.
    case released(seen: DispatchSemaphore)
    /// Transactions that do not get into a block.
    case refused([(Ticket, AdmissionRefusal)])
    /// The history has answered, or cannot.
    case answered(Ticket, Result<PastAnswer, PastFault>)
    /// Close everything and return.
    case stop
}

/// A list that any thread appends to and one thread takes.
final class ServiceInbox: Sendable {
    private let news = Mutex<[ServiceNews]>([])
    private let wake = Mutex<(@Sendable () -> Void)?>(nil)

    /// What makes the service look; set once before use.
    func connect(_ action: @escaping @Sendable () -> Void) { wake.withLock { $0 = action } }

    func put(_ entry: ServiceNews) {
        news.withLock { $0.append(entry) }
        wake.withLock { $0 }?()
    }

    func take() -> [ServiceNews] {
        news.withLock { list in
            let taken = list
            list.removeAll(keepingCapacity: true)
            return taken
        }
    }
}
