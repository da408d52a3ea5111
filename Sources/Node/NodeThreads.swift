/// The threads of a node, and why it went down if one of them failed.

import Foundation
import Synchronization

/// Starts threads and waits for their end.
final class NodeThreads: Sendable {
    private let group = DispatchGroup()
    private let failure = Mutex<NodeFault?>(nil)

    /// Bytes of a thread's stack: restoring and margining go deeper than the system's default.
    private static let stackSize = 8 << 20

    func start(_ name: String, _ body: @escaping @Sendable () -> Void) {
        group.enter()
        let thread = Thread { [group] in
            body()
            group.leave()
        }
        thread.name = name
        thread.stackSize = NodeThreads.stackSize
        thread.start()
    }

    /// Remembers the first fault.
    func fail(_ fault: NodeFault) {
        failure.withLock { if $0 == nil { $0 = fault } }
    }

    func join() { group.wait() }

    var fault: NodeFault? { failure.withLock { $0 } }
}

/// What the system says of this process.
enum ProcessFigures {
    /// Bytes of memory that the process holds; 0 where the system does not say.
    static var residentBytes: Int {
        guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8),
            let pages = text.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
        else { return 0 }
        return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
    }
}
