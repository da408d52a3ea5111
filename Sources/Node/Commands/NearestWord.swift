/// The word that someone probably meant: for messages about unknown commands, flags and fields.

/// Finds near words.
enum NearestWord {
    /// Words farther apart than a third of their letters have little to do with each other.
    private static let lettersPerSlip = 3

    /// The known word nearest to `word`; nil where none is near.
    static func among(_ known: [String], to word: String) -> String? {
        let letters = Array(word.utf8)
        guard !letters.isEmpty else { return nil }
        let limit = max(1, letters.count / lettersPerSlip)
        var best: (word: String, distance: Int)?
        for candidate in known {
            let distance = slips(letters, Array(candidate.utf8))
            if distance <= limit, distance < best?.distance ?? Int.max {
                best = (candidate, distance)
            }
        }
        return best?.word ?? known.first { letters.count > 2 && $0.hasPrefix(word) }
    }

    /// `; did you mean 'x'?`, or what is known where nothing is near.
    static func hint(_ known: [String], for word: String) -> String {
        if let near = among(known, to: word) { return "; did you mean '\(near)'?" }
        return known.isEmpty ? "" : "; known are " + known.joined(separator: ", ")
    }

    /// How many letters must be inserted, left out, replaced or swapped with their neighbour to
    /// turn one word into the other (optimal string alignment). O(product of the lengths).
    static func slips(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var before: [Int] = []
        var last = Array(0...right.count)
        for (row, letter) in left.enumerated() {
            var next = [row + 1]
            next.reserveCapacity(right.count + 1)
            for (column, other) in right.enumerated() {
                let replaced = last[column] + (letter == other ? 0 : 1)
                var least = min(replaced, last[column + 1] + 1, next[column] + 1)
                if row > 0, column > 0, letter == right[column - 1], other == left[row - 1] {
                    least = min(least, before[column - 1] + 1)
                }
                next.append(least)
            }
            before = last
            last = next
        }
        return last[right.count]
    }
}
