/// What a command may touch of the process: the environment, the clock, the terminal and where it
/// writes. Tests put their own in its place.

import Custody
import Foundation
import Glibc

/// The process as a command sees it.
struct CommandContext {
    /// The variables of the environment.
    var environment: [String: String] = [:]
    /// Nanoseconds since 1970-01-01 UTC.
    var now: () -> UInt64 = CommandContext.clock
    /// Takes what the command answers.
    var write: (String) -> Void = CommandContext.toStandardOutput
    /// Takes what a person should know meanwhile.
    var note: (String) -> Void = CommandContext.toStandardError
    /// Asks for a line that does not show; nil where there is no terminal.
    var ask: (String) -> [UInt8]? = Terminal.hiddenLine
    /// What a guess at the passphrase of a file that is made shall cost.
    var sealingCost = SealedFile.Cost.standard
    /// Sends a request to a node.
    var post: RemoteNode.Post = RemoteNode.overHTTP
    /// What the answers are written on, as it is now.
    var screen: () -> Screen = { Screen() }

    static func clock() -> UInt64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    static func toStandardOutput(_ text: String) {
        FileHandle.standardOutput.write(Data(text.utf8))
    }

    static func toStandardError(_ text: String) {
        FileHandle.standardError.write(Data(text.utf8))
    }
}
