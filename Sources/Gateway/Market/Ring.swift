/// The last so many of something: what history costs is bounded.

/// A list that forgets its oldest element when a new one finds no room.
package struct Ring<Element: Sendable>: Sendable {
    private var elements: [Element] = []
    /// Where the oldest is, once the room is full.
    private var start = 0
    package let limit: Int
    /// Whether an element has gone for want of room.
    package private(set) var hasForgotten = false

    /// - Precondition: `limit` is positive.
    package init(limit: Int) {
        precondition(limit > 0, "Invariant: a ring has room, not \(limit)")
        self.limit = limit
    }

    package var count: Int { elements.count }
    package var isEmpty: Bool { elements.isEmpty }

    /// The element at a place, the oldest at 0.
    package subscript(place: Int) -> Element {
        get { elements[index(place)] }
        set { elements[index(place)] = newValue }
    }

    package var last: Element? { isEmpty ? nil : self[count - 1] }

    package mutating func append(_ element: Element) {
        guard count == limit else { return elements.append(element) }
        hasForgotten = true
        elements[start] = element
        start = start + 1 == limit ? 0 : start + 1
    }

    package mutating func removeAll() {
        elements.removeAll()
        start = 0
    }

    /// The first place whose element is not before a point; elements ascend by it. O(log count).
    package func firstPlace(where isReached: (Element) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if isReached(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }

    private func index(_ place: Int) -> Int {
        let index = start + place
        return index < elements.count ? index : index - elements.count
    }
}
