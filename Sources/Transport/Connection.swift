/// What the server knows of one connection. A connection goes through these phases:
///
///     handshake ──whole request──▶ answering ──answer taken──▶ resting ──next request──▶ answering
///        │  ╲──head, body to come──▶ body ──whole request──▶ answering
///        ╰──upgrade──▶ open (WebSocket) ──close asked or heard──▶ closing
///
/// and leaves from any of them when its deadline passes (`Server+Deadlines`) or the other side
/// goes.

internal import CWebSockets

/// One connection: its phase, what came of a message, what waits to go out.
@safe final class Connection {
    enum Phase {
        case handshake, body, answering, resting, open, closing
    }

    let identifier: ConnectionIdentifier
    let address: PeerAddress
    /// The library's handle; valid until the library says that it is destroyed, when the connection
    /// leaves the table.
    let handle: OpaquePointer
    let isEncrypted: Bool

    var phase = Phase.handshake
    /// Whether the delegate has heard of it and must hear of its end.
    var isAnnounced = false
    /// In nanoseconds of the monotonic clock.
    var deadline: UInt64
    /// When something was last heard of a WebSocket.
    var lastHeard: UInt64
    var isPinged = false

    /// The message or body that is arriving.
    var incoming: [UInt8] = []
    /// The request whose body is arriving.
    var request: (method: HTTPMethod, peer: Peer)?
    var isHead = false
    /// Whether the library may still say that a body has ended which was empty or not wanted.
    var sparesBodyEnd = false
    var keepsAlive = true
    /// The answer, with headroom, until it is handed to the library.
    var answer: [UInt8]?

    var queue = FrameQueue()
    /// What may wait in the queue; nil: as much as for everyone.
    var queuedBytesAllowed: Int?
    /// Bytes of an answer that the library still holds.
    var flushingBytes = 0
    /// Whether it stands in the list of those to flush.
    var isDirty = false
    /// The close code and reason to give.
    var farewell: (code: UInt16, reason: String)?

    init(
        _ identifier: ConnectionIdentifier, address: PeerAddress, handle: OpaquePointer,
        isEncrypted: Bool, now: UInt64, deadline: UInt64
    ) {
        self.identifier = identifier
        self.address = address
        unsafe self.handle = handle
        self.isEncrypted = isEncrypted
        self.deadline = deadline
        lastHeard = now
    }

    var isWebSocket: Bool {
        switch phase {
        case .open, .closing: true
        default: false
        }
    }
}

/// Frames in the order in which they go out.
struct FrameQueue {
    private var frames: [Frame] = []
    private var head = 0
    private(set) var bytes = 0

    /// Consumed places are given back when there are this many, and more than what waits.
    private static let mostConsumed = 64

    var isEmpty: Bool { head == frames.count }

    var first: Frame? { isEmpty ? nil : frames[head] }

    mutating func append(_ frame: Frame) {
        frames.append(frame)
        bytes += frame.wire.count
    }

    mutating func removeFirst() {
        bytes -= frames[head].wire.count
        head += 1
        if head == frames.count {
            frames.removeAll(keepingCapacity: frames.count <= FrameQueue.mostConsumed)
            head = 0
        } else if head >= FrameQueue.mostConsumed && head > frames.count / 2 {
            frames.removeSubrange(..<head)
            head = 0
        }
    }

    mutating func removeAll() {
        frames = []
        head = 0
        bytes = 0
    }
}
