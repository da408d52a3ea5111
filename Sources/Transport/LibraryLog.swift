/// What libwebsockets says, handed to whoever asked for it. The library has one log for the whole
/// process, and so has this room.

internal import CWebSockets
internal import Synchronization

/// Where lines of the library go; off until set.
package final class LibraryLog: Sendable {
    package enum Level: Int32, Sendable, CaseIterable {
        case error = 1
        case warning = 2
        case notice = 4
    }

    package static let shared = LibraryLog()

    private let receiver = Mutex<(@Sendable (Level, String) -> Void)?>(nil)

    private init() {}

    /// Sends lines to `receiver` from now on, from any thread; nil turns the log off.
    package func send(to receiver: (@Sendable (Level, String) -> Void)?) {
        self.receiver.withLock { $0 = receiver }
        apply()
    }

    /// Tells the library which levels are wanted.
    func apply() {
        let wanted = receiver.withLock { $0 != nil }
        let levels = wanted ? Level.allCases.reduce(0) { $0 | $1.rawValue } : 0
        unsafe lws_set_log_level(levels) { level, line in
            guard let line = unsafe line else { return }
            LibraryLog.shared.emit(level, unsafe String(cString: line))
        }
    }

    private func emit(_ level: Int32, _ line: String) {
        guard let level = Level(rawValue: level) else { return }
        let receiver = receiver.withLock { $0 }
        var text = line
        while text.last?.isNewline == true { text.removeLast() }
        receiver?(level, text)
    }
}
