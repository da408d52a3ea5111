/// Why a price is not sent. Every reason has a name, which the log, the status file and the tests
/// use, so that an operator knows what is wrong without reading numbers.

/// What is wrong with a feed, or with what it says.
package enum Finding: Error, Equatable, Sendable {
    /// It has not said anything yet.
    case waiting
    /// No connection, or it broke; what the library says.
    case unreachable(String)
    /// It has not answered in time.
    case late
    /// An answer, but not 200.
    case status(Int)
    /// The answer is longer than allowed.
    case tooLong
    /// The answer is not of the form that the configuration says, and why.
    case malformed(String)
    /// Zero or less.
    case notPositive
    /// More than a price can be, or than the venue's genesis allows.
    case outOfRange
    /// The bid lies above the ask.
    case crossed
    /// The feed's own time is so many seconds old.
    case stale(UInt64)
    /// The feed's own time is so many seconds ahead of this machine's clock.
    case clockSkew(UInt64)
    /// The same price, quotes and depth for so many seconds.
    case frozen(UInt64)
    /// Off by this power of ten.
    case unitShift(Int)
    /// Too far from what was sent last, and nobody confirms it yet.
    case jumped
    /// Most other feeds say something else.
    case apart
    /// A table of prices is over.
    case ended

    /// The name of its kind.
    package var name: String {
        switch self {
        case .waiting: "waiting"
        case .unreachable: "unreachable"
        case .late: "late"
        case .status: "status"
        case .tooLong: "tooLong"
        case .malformed: "malformed"
        case .notPositive: "notPositive"
        case .outOfRange: "outOfRange"
        case .crossed: "crossed"
        case .stale: "stale"
        case .clockSkew: "clockSkew"
        case .frozen: "frozen"
        case .unitShift: "unitShift"
        case .jumped: "jumped"
        case .apart: "apart"
        case .ended: "ended"
        }
    }

    /// What there is to say beyond the name; empty where there is nothing.
    package var detail: String {
        switch self {
        case .unreachable(let text), .malformed(let text): text
        case .status(let status): "HTTP \(status)"
        case .stale(let seconds): "its time is \(seconds) s old"
        case .clockSkew(let seconds): "its time is \(seconds) s ahead of this clock"
        case .frozen(let seconds): "nothing has changed for \(seconds) s"
        case .unitShift(let power): "off by 10^\(power)"
        case .waiting, .late, .tooLong, .notPositive, .outOfRange, .crossed, .jumped, .apart,
            .ended:
            ""
        }
    }

    /// Whether the feed has answered with something that cannot be meant. What it said before is
    /// then not believed any longer either; after a mere failure of the network it is, until it is
    /// too old.
    var discredits: Bool {
        switch self {
        case .malformed, .notPositive, .outOfRange, .crossed, .tooLong, .ended: true
        case .waiting, .unreachable, .late, .status, .stale, .clockSkew, .frozen, .unitShift,
            .jumped, .apart:
            false
        }
    }
}
