/// The address of the other end as the kernel gives it, in a form to count by and one to show.

internal import Glibc

/// An address without its port. IPv4 stands as IPv6 does for it (RFC 4291, 2.5.5.2).
struct PeerAddress: Hashable {
    var high: UInt64 = 0
    var low: UInt64 = 0
    /// Whether the socket has an address at all; one of a pair within the machine has none.
    var isKnown = false

    private static let mappedPrefix: UInt64 = 0xffff_0000_0000
    private static let mappedMask: UInt64 = 0xffff_ffff_0000_0000
    private static let loopback4: UInt64 = 0x7f00_0000
    private static let loopback4Mask: UInt64 = 0xff00_0000

    var isVersion4: Bool {
        high == 0 && low & PeerAddress.mappedMask == PeerAddress.mappedPrefix
    }

    /// Whether it is this machine: 127.0.0.0/8, ::1, or a socket without address.
    var isLoopback: Bool {
        if !isKnown { return true }
        if isVersion4 { return low & PeerAddress.loopback4Mask == PeerAddress.loopback4 }
        return high == 0 && low == 1
    }

    /// What connections are counted by: an IPv4 address, or the /64 that one customer of a provider
    /// has.
    var counted: PeerAddress {
        isVersion4 || isLoopback ? self : PeerAddress(high: high, low: 0, isKnown: isKnown)
    }

    /// The address of who is connected to `socket`.
    init(socket: Int32) {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let status = unsafe withUnsafeMutablePointer(to: &storage) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe getpeername(socket, address, &length)
            }
        }
        guard status == 0 else { return }
        switch Int32(storage.ss_family) {
        case AF_INET:
            let number = unsafe withUnsafeBytes(of: &storage) { bytes in
                unsafe bytes.loadUnaligned(as: sockaddr_in.self).sin_addr.s_addr
            }
            low = PeerAddress.mappedPrefix | UInt64(UInt32(bigEndian: number))
            isKnown = true
        case AF_INET6:
            let offset = MemoryLayout<sockaddr_in6>.offset(of: \.sin6_addr) ?? 0
            (high, low) = unsafe withUnsafeBytes(of: &storage) { bytes in
                (
                    UInt64(
                        bigEndian: unsafe bytes.loadUnaligned(
                            fromByteOffset: offset, as: UInt64.self)),
                    UInt64(
                        bigEndian: unsafe bytes.loadUnaligned(
                            fromByteOffset: offset + 8, as: UInt64.self))
                )
            }
            isKnown = true
        default: break
        }
    }

    init(high: UInt64, low: UInt64, isKnown: Bool) {
        self.high = high
        self.low = low
        self.isKnown = isKnown
    }

    /// The usual notation; IPv6 without shortening.
    var text: String {
        guard isKnown else { return "" }
        if isVersion4 {
            return (0..<4).reversed().map { String(low >> (8 * $0) & 0xff) }
                .joined(separator: ".")
        }
        return [high, low].flatMap { half in
            (0..<4).reversed().map { String(half >> (16 * $0) & 0xffff, radix: 16) }
        }.joined(separator: ":")
    }
}
