/// The orders that a block touched, for whoever rewrites their leaves. A busy block touches an
/// order several times, so they are put in order and each is taken once. Their numbers lie close
/// together, so a radix sort needs two or three passes (Knuth, "The Art of Computer Programming",
/// 5.2.5, algorithm R).

import Canonical

/// An order and its account.
typealias TouchedOrder = (order: OrderIdentifier, account: AccountIdentifier)

enum TouchedOrders {
    /// Below this many a comparison sort is faster than a pass over the digits.
    private static let fewest = 64
    private static let digitBits = 8
    private static let digits = 256

    /// Sorts by number and drops repetitions. O(count × bytes in which numbers differ).
    ///
    /// - Parameter room: what it held is lost; kept from call to call so that nothing is allocated.
    static func arrange(_ touched: inout [TouchedOrder], room: inout [TouchedOrder]) {
        if touched.count < fewest {
            touched.sort { $0.order < $1.order }
        } else {
            sortByDigits(&touched, room: &room)
        }
        var kept = 0
        for place in touched.indices {
            if kept > 0, touched[kept - 1].order == touched[place].order { continue }
            touched[kept] = touched[place]
            kept += 1
        }
        touched.removeLast(touched.count - kept)
    }

    private static func sortByDigits(
        _ touched: inout [TouchedOrder], room: inout [TouchedOrder]
    ) {
        var differing: UInt64 = 0
        for place in touched.indices {
            differing |= touched[place].order.number ^ touched[0].order.number
        }
        room.removeAll(keepingCapacity: true)
        room.append(contentsOf: touched)
        for shift in stride(from: 0, to: UInt64.bitWidth, by: digitBits)
        where (differing >> shift) & UInt64(digits - 1) != 0 {
            distribute(touched, into: &room, shift: shift)
            swap(&touched, &room)
        }
    }

    /// Puts `source` into `target` in the order of one digit, otherwise as it stands.
    private static func distribute(
        _ source: [TouchedOrder], into target: inout [TouchedOrder], shift: Int
    ) {
        var places = InlineArray<257, Int>(repeating: 0)
        for place in source.indices { places[digit(source[place], shift) + 1] += 1 }
        for digit in 1...digits { places[digit] += places[digit - 1] }
        for place in source.indices {
            let digit = digit(source[place], shift)
            target[places[digit]] = source[place]
            places[digit] += 1
        }
    }

    private static func digit(_ touched: TouchedOrder, _ shift: Int) -> Int {
        Int(truncatingIfNeeded: (touched.order.number >> shift) & UInt64(digits - 1))
    }
}
