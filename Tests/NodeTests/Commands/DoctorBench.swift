/// What tests of the doctor share: its lines, a node's pages, and an address that is taken.
import Foundation
import Glibc
import Testing

@testable import Node

extension CommandRun {
    /// The doctor's line of a subject with this finding.
    func line(_ finding: Finding, _ subject: String) -> String? {
        output.split(separator: "\n").map(String.init).first {
            $0.hasPrefix(finding.rawValue.padded(to: "problem".count + 2) + subject + " ")
        }
    }
}

/// A page of a node.
func page(_ text: String, status: UInt16 = 200) -> CommandContext.Page {
    CommandContext.Page(status: status, text: text)
}

/// Takes a port of this machine, and lets go of it at the end.
final class TakenPort {
    private let handle: Int32
    let number: UInt16

    init() throws {
        let handle = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        self.handle = handle
        try #require(listen(handle, 1) == 0)
        var address = sockaddr_in()
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        _ = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                unsafe getsockname(handle, pointer, &size)
            }
        }
        number = UInt16(bigEndian: address.sin_port)
    }

    deinit { close(handle) }
}
