/// The terminal that the user sits at, reached past redirections, so that a passphrase can be asked
/// for while input and output are pipes.

import Glibc

/// Reads from the controlling terminal.
enum Terminal {
    /// Most bytes of a line.
    private static let longestLine = 4_096
    private static let lineFeed = UInt8(ascii: "\n")

    /// Asks for a line and does not show what is typed; nil where there is no terminal, or the line
    /// is ended by the end of the input.
    static func hiddenLine(_ prompt: String) -> [UInt8]? {
        let terminal = unsafe open("/dev/tty", O_RDWR | O_CLOEXEC)
        guard terminal >= 0 else { return nil }
        defer { close(terminal) }
        var shown = termios()
        guard unsafe tcgetattr(terminal, &shown) == 0 else { return nil }
        var hidden = shown
        hidden.c_lflag &= ~tcflag_t(ECHO)
        guard unsafe tcsetattr(terminal, TCSAFLUSH, &hidden) == 0 else { return nil }
        defer {
            _ = unsafe tcsetattr(terminal, TCSAFLUSH, &shown)
            put("\n", to: terminal)
        }
        put(prompt, to: terminal)
        var line: [UInt8] = []
        line.reserveCapacity(longestLine)
        while line.count < longestLine {
            var byte: UInt8 = 0
            let count = unsafe read(terminal, &byte, 1)
            if count < 0, errno == EINTR { continue }
            guard count == 1 else { return nil }
            if byte == lineFeed { return line }
            line.append(byte)
        }
        return nil
    }

    private static func put(_ text: String, to terminal: Int32) {
        let bytes = Array(text.utf8)
        _ = unsafe write(terminal, bytes, bytes.count)
    }
}
