/// Many short lists in one array, so that reading a list follows no reference and counts none. A
/// list owns a run of the array whose length is a power of two; runs that lists have outgrown or
/// left are used again.

/// Where a list stands in its pool.
struct PooledList: Sendable {
    fileprivate var start: UInt32 = 0
    fileprivate var length: UInt16 = 0
    /// Elements that the run has room for: 0 or a power of two.
    fileprivate var room: UInt16 = 0

    var count: Int { Int(length) }
}

/// The elements of all lists.
struct ListPool<Element: Sendable>: ~Copyable {
    /// What stands where nothing does.
    private let filler: Element
    private var storage: [Element] = []
    /// By the logarithm of their length: the runs that are free.
    private var free: [[UInt32]] = []

    init(filler: Element) { self.filler = filler }

    subscript(list: PooledList, place: Int) -> Element {
        get {
            precondition(place >= 0 && place < list.count, "Invariant: \(place) is in the list")
            return storage[Int(list.start) + place]
        }
        _modify {
            precondition(place >= 0 && place < list.count, "Invariant: \(place) is in the list")
            yield &storage[Int(list.start) + place]
        }
    }

    /// A list's elements, copied.
    func elements(of list: PooledList) -> [Element] {
        Array(storage[Int(list.start)..<(Int(list.start) + list.count)])
    }

    mutating func insert(_ element: Element, at place: Int, in list: inout PooledList) {
        precondition(place >= 0 && place <= list.count, "Invariant: \(place) is at most its end")
        if list.length == list.room { grow(&list) }
        let start = Int(list.start)
        var slot = start + list.count
        while slot > start + place {
            storage[slot] = storage[slot - 1]
            slot -= 1
        }
        storage[slot] = element
        list.length += 1
    }

    mutating func remove(at place: Int, from list: inout PooledList) {
        precondition(place >= 0 && place < list.count, "Invariant: \(place) is in the list")
        let start = Int(list.start)
        for slot in (start + place)..<(start + list.count - 1) { storage[slot] = storage[slot + 1] }
        list.length -= 1
        if list.length == 0 {
            release(list)
            list = PooledList()
        }
    }

    private mutating func grow(_ list: inout PooledList) {
        let room = max(1, list.room * 2)
        let size = room.trailingZeroBitCount
        while free.count <= size { free.append([]) }
        var next = PooledList(start: UInt32(storage.count), length: list.length, room: room)
        if let start = free[size].popLast() {
            next.start = start
        } else {
            storage.append(contentsOf: repeatElement(filler, count: Int(room)))
        }
        for place in 0..<list.count {
            storage[Int(next.start) + place] = storage[Int(list.start) + place]
        }
        if list.room > 0 { release(list) }
        list = next
    }

    private mutating func release(_ list: PooledList) {
        free[list.room.trailingZeroBitCount].append(list.start)
    }
}
