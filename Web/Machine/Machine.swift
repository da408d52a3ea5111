/// The ledger behind four exported functions, so that a browser, or node, can run the same machine
/// as a validator. The host writes bytes into a buffer of the machine and names their number; it
/// reads a root of 32 bytes back. Nothing is trusted: bytes that are no genesis or block are
/// refused with a number.

import Canonical
import Cryptography
import Ledger

/// What the host is told.
enum Answer: Int32 {
    case done = 0
    /// The bytes are not an encoding.
    case malformed = 1
    /// The block does not follow the last.
    case notCanonical = 2
    /// There is no genesis yet.
    case notStarted = 3
}

nonisolated(unsafe) private var ledger: Ledger?
nonisolated(unsafe) private var buffer: UnsafeMutablePointer<UInt8>?
nonisolated(unsafe) private var capacity = 0

/// Room for `count` bytes; valid until the next call.
@_expose(wasm, "reserve")
@_cdecl("reserve")
func reserve(_ count: Int32) -> UnsafeMutablePointer<UInt8>? {
    if Int(count) > capacity {
        buffer?.deallocate()
        buffer = UnsafeMutablePointer<UInt8>.allocate(capacity: Int(count))
        capacity = Int(count)
    }
    return buffer
}

/// Starts a chain from the genesis in the buffer.
@_expose(wasm, "start")
@_cdecl("start")
func start(_ count: Int32) -> Int32 {
    do throws(DecodingFault) {
        ledger = Ledger(genesis: try Genesis(canonicalBytes: input(count)))
        return Answer.done.rawValue
    } catch {
        return Answer.malformed.rawValue
    }
}

/// Applies the block in the buffer.
@_expose(wasm, "apply")
@_cdecl("apply")
func apply(_ count: Int32) -> Int32 {
    guard let ledger else { return Answer.notStarted.rawValue }
    let block: Block
    do throws(DecodingFault) {
        block = try Block(canonicalBytes: input(count))
    } catch {
        return Answer.malformed.rawValue
    }
    do throws(BlockFault) {
        _ = try ledger.apply(block, verifier: PortableVerifier())
        return Answer.done.rawValue
    } catch {
        return Answer.notCanonical.rawValue
    }
}

/// Puts the root into the buffer, 32 bytes.
@_expose(wasm, "root")
@_cdecl("root")
func root() -> UnsafeMutablePointer<UInt8>? {
    guard let ledger, let bytes = reserve(32) else { return nil }
    for (place, byte) in ledger.root.storage.bytes.enumerated() { bytes[place] = byte }
    return bytes
}

private func input(_ count: Int32) -> [UInt8] {
    var bytes: [UInt8] = []
    guard let buffer, Int(count) <= capacity else { return bytes }
    bytes.reserveCapacity(Int(count))
    for place in 0..<Int(count) { bytes.append(buffer[place]) }
    return bytes
}
