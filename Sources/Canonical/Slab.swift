/// Places for plain values, addressed by number: what the books keep their orders and levels in. An
/// array would do the same with a uniqueness check at every change; a slab cannot be copied, so it
/// needs none. Every access checks its bound. It grows by an eighth (`Growth`).

/// A growing row of values that are nothing but bytes.
@safe
public struct Slab<Element: BitwiseCopyable>: ~Copyable {
    @usableFromInline var base: UnsafeMutablePointer<Element>
    @usableFromInline var capacity: Int
    /// How many places there are.
    @usableFromInline var places: Int

    /// No places yet, room for a few.
    @inlinable
    public init() {
        capacity = 16
        places = 0
        unsafe base = UnsafeMutablePointer<Element>.allocate(capacity: 16)
    }

    @inlinable
    deinit { unsafe base.deallocate() }

    /// How many places there are.
    @inlinable
    public var count: Int { places }

    /// Adds a place at the end.
    ///
    /// - Returns: its number.
    @inlinable
    public mutating func append(_ element: Element) -> Int32 {
        if places == capacity { grow(by: 1) }
        unsafe (base + places).initialize(to: element)
        places += 1
        return Int32(truncatingIfNeeded: places - 1)
    }

    /// Adds places at the end.
    ///
    /// - Returns: the number of the first.
    @inlinable
    public mutating func append(repeating element: Element, count: Int) -> Int32 {
        if capacity &- places < count { grow(by: count) }
        unsafe (base + places).initialize(repeating: element, count: count)
        places += count
        return Int32(truncatingIfNeeded: places - count)
    }

    /// Copies the values of some places to others; both may overlap.
    ///
    /// - Precondition: all of them exist.
    @inlinable
    public mutating func copy(_ count: Int, from source: Int, to target: Int) {
        precondition(
            count >= 0 && source >= 0 && target >= 0 && count <= places - max(source, target),
            "Invariant: the places of a slab exist")
        unsafe (base + target).update(from: base + source, count: count)
    }

    /// Forgets all places and keeps the room.
    @inlinable
    public mutating func removeAll() { places = 0 }

    /// The value at a place.
    ///
    /// - Precondition: `0 <= place < count`.
    @inlinable
    public subscript(place: Int32) -> Element {
        _read {
            precondition(
                UInt(bitPattern: Int(place)) < UInt(bitPattern: places),
                "Invariant: a place of a slab exists")
            yield unsafe base[Int(place)]
        }
        _modify {
            precondition(
                UInt(bitPattern: Int(place)) < UInt(bitPattern: places),
                "Invariant: a place of a slab exists")
            yield unsafe &base[Int(place)]
        }
    }

    @usableFromInline
    @inline(never)
    mutating func grow(by count: Int) {
        precondition(
            places + count <= Int(Int32.max), "Invariant: a slab holds fewer than 2³¹ places")
        let room = places + max(count, places / 8, 16)
        let wider = UnsafeMutablePointer<Element>.allocate(capacity: room)
        unsafe wider.moveInitialize(from: base, count: places)
        unsafe base.deallocate()
        unsafe base = wider
        capacity = room
    }
}
