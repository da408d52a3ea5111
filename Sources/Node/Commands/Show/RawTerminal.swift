/// A terminal taken over for a picture that is drawn in place: keys come one by one and do not
/// show, the cursor is hidden, and what stood on the screen comes back at the end (the alternate
/// screen of xterm, ECMA-48 for the rest).

import Glibc

/// The terminal of standard input and output, from `init` to `restore`.
final class RawTerminal {
    private let before: termios
    private var isRestored = false

    private static let enter = "\u{1b}[?1049h\u{1b}[?25l"
    private static let leave = "\u{1b}[?25h\u{1b}[?1049l"
    private static let top = "\u{1b}[H"
    private static let endOfLine = "\u{1b}[K\r\n"
    private static let clearBelow = "\u{1b}[J"
    /// q, Q, Ctrl-C, Ctrl-D.
    private static let endKeys: [UInt8] = [UInt8(ascii: "q"), UInt8(ascii: "Q"), 3, 4]

    /// Nil where standard input is no terminal: then nothing is taken over.
    init?() {
        var now = termios()
        guard unsafe tcgetattr(STDIN_FILENO, &now) == 0 else { return nil }
        before = now
        now.c_lflag &= ~tcflag_t(ECHO | ICANON | ISIG)
        guard unsafe tcsetattr(STDIN_FILENO, TCSAFLUSH, &now) == 0 else { return nil }
        put(RawTerminal.enter)
    }

    /// Puts everything back; a second time does nothing.
    func restore() {
        guard !isRestored else { return }
        isRestored = true
        put(RawTerminal.leave)
        var before = before
        _ = unsafe tcsetattr(STDIN_FILENO, TCSAFLUSH, &before)
    }

    /// Draws lines from the top, over what stood there.
    func show(_ lines: [String]) {
        put(
            RawTerminal.top + lines.joined(separator: RawTerminal.endOfLine)
                + "\u{1b}[K" + RawTerminal.clearBelow)
    }

    /// Waits for a key.
    ///
    /// - Parameter milliseconds: at most.
    /// - Returns: whether it was one that ends, or nobody types any more.
    func isEnded(within milliseconds: Int32) -> Bool {
        var descriptor = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        guard unsafe poll(&descriptor, 1, milliseconds) > 0 else { return false }
        var byte: UInt8 = 0
        let count = unsafe read(STDIN_FILENO, &byte, 1)
        if count < 0 { return errno != EINTR && errno != EAGAIN }
        return count == 0 || RawTerminal.endKeys.contains(byte)
    }

    private func put(_ text: String) {
        let bytes = Array(text.utf8)
        var done = 0
        while done < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { raw in
                unsafe write(STDOUT_FILENO, raw.baseAddress?.advanced(by: done), raw.count - done)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            done += count
        }
    }
}
