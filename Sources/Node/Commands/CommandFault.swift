/// Why a command ends without having done what it was asked for, and with which exit code.

/// Exit codes, after BSD's `sysexits.h` where it has one.
package enum ExitCode {
    package static let done: Int32 = 0
    /// It ran, and the answer is no: a check failed, a transaction was refused.
    package static let refused: Int32 = 1
    package static let usage: Int32 = 2
    package static let badInput: Int32 = 65
    package static let noInput: Int32 = 66
    package static let unavailable: Int32 = 69
    package static let cannotWrite: Int32 = 74
    package static let protocolFault: Int32 = 76
    package static let noPermission: Int32 = 77
    package static let badConfiguration: Int32 = 78
}

/// A failure as the user reads it: what is wrong, and what to do next.
package struct CommandFault: Error, Equatable {
    package let message: String
    package let exit: Int32

    package init(_ message: String, exit: Int32) {
        self.message = message
        self.exit = exit
    }

    /// A command line that cannot be understood.
    static func usage(_ message: String) -> CommandFault {
        CommandFault(message, exit: ExitCode.usage)
    }
}
