/// How tables grow that hold something of every account or order: by an eighth, where an array by
/// itself doubles. What is appended is copied eight times on average instead of once, which is
/// still a constant, and a table wastes a ninth of itself at most instead of half.

extension Array {
    /// Makes room for more elements, and where there is none, for an eighth of the array besides.
    @inlinable
    public mutating func makeRoom(for extra: Int) {
        guard capacity &- count < extra else { return }
        reserveCapacity(count + Swift.max(extra, count / 8))
    }
}
