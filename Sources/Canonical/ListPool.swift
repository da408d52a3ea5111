/// Many short lists in one table, so that reading a list follows no reference and counts none, and
/// a list that grows asks no allocator. A list owns a run of the table; runs that lists have
/// outgrown or left are used again. There are four lengths of runs to each power of two, so that a
/// list wastes a fifth of its run at most.

/// Where a list stands in its pool.
@frozen
public struct PooledList: Sendable, BitwiseCopyable {
    @usableFromInline var start: UInt32 = 0
    @usableFromInline var length: UInt16 = 0
    /// The size of its run; 0 is none.
    @usableFromInline var size: UInt16 = 0

    /// A list of nothing.
    @inlinable
    public init() {}

    @inlinable
    public var count: Int { Int(length) }
}

/// The elements of all lists.
public struct ListPool<Element: BitwiseCopyable>: ~Copyable {
    /// What stands where nothing does.
    @usableFromInline let filler: Element
    @usableFromInline var storage = Slab<Element>()
    /// By size: the starts of the runs that are free.
    @usableFromInline var free: [[UInt32]] = []

    /// An empty pool.
    ///
    /// - Parameter filler: what stands where nothing does.
    @inlinable
    public init(filler: Element) { self.filler = filler }

    @inlinable
    deinit {}

    /// - Precondition: `0 <= place < list.count`.
    @inlinable
    public subscript(list: PooledList, place: Int) -> Element {
        @inline(__always)
        _read {
            precondition(place >= 0 && place < list.count, "Invariant: a place is in its list")
            yield storage[Int32(truncatingIfNeeded: Int(list.start) &+ place)]
        }
        @inline(__always)
        _modify {
            precondition(place >= 0 && place < list.count, "Invariant: a place is in its list")
            yield &storage[Int32(truncatingIfNeeded: Int(list.start) &+ place)]
        }
    }

    /// A list's elements, copied.
    public func elements(of list: PooledList) -> [Element] {
        (0..<list.count).map { self[list, $0] }
    }

    /// Puts an element at a place; those from there on move up.
    ///
    /// - Precondition: `0 <= place <= list.count < 65,535`.
    @inlinable
    public mutating func insert(_ element: Element, at place: Int, in list: inout PooledList) {
        precondition(place >= 0 && place <= list.count, "Invariant: a place is at most the end")
        precondition(list.length < .max, "Invariant: a list holds no more than 65,535 elements")
        if list.count == ListPool.room(ofSize: list.size) { grow(&list) }
        let slot = Int(list.start) &+ place
        storage.copy(list.count &- place, from: slot, to: slot &+ 1)
        storage[Int32(truncatingIfNeeded: slot)] = element
        list.length &+= 1
    }

    /// Takes an element out; a list that becomes empty leaves its run.
    ///
    /// - Precondition: `0 <= place < list.count`.
    @inlinable
    public mutating func remove(at place: Int, from list: inout PooledList) {
        precondition(place >= 0 && place < list.count, "Invariant: a place is in its list")
        let slot = Int(list.start) &+ place
        storage.copy(list.count &- place &- 1, from: slot &+ 1, to: slot)
        list.length &-= 1
        if list.length == 0 {
            release(list)
            list = PooledList()
        }
    }

    /// Elements that a run has room for: 0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 20, and so on.
    @inlinable
    static func room(ofSize size: UInt16) -> Int {
        size < 4 ? Int(size) : (4 &+ Int(size & 3)) &<< (Int(size &>> 2) &- 1)
    }

    @usableFromInline
    @inline(never)
    mutating func grow(_ list: inout PooledList) {
        let size = list.size + 1
        while free.count <= Int(size) { free.append([]) }
        var next = list
        next.size = size
        if let start = free[Int(size)].popLast() {
            next.start = start
        } else {
            let room = ListPool.room(ofSize: size)
            next.start = UInt32(storage.append(repeating: filler, count: room))
        }
        storage.copy(list.count, from: Int(list.start), to: Int(next.start))
        if list.size > 0 { release(list) }
        list = next
    }

    @usableFromInline
    mutating func release(_ list: PooledList) { free[Int(list.size)].append(list.start) }
}
