/// Checking proofs about the state tree, as pure functions of the proof, the root and the question.
/// The rules are those of ICS-23 `VerifyMembership` and `VerifyNonMembership` under `SmtSpec`, and
/// one more: a leaf's way down must follow the bits of its hashed key, which every honest tree
/// gives. No proof, however malformed, traps. Source: cosmos/ics23, `go/proof.go`.
public import Canonical

extension ExistenceProof {
    /// Returns if `key` has `value` in the tree with `root`.
    ///
    /// - Throws: the first refusal that applies, in the order `keyEmpty`, `valueEmpty`,
    ///   `keyDiffers`, `valueDiffers`, `pathTooLong`, `pathDisagreesWithKey`, `rootDiffers`.
    /// - Complexity: one hash per step, at most 256, and those of key and value.
    public func verify(
        root: Digest, key: [UInt8], value: [UInt8]
    ) throws(ProofRefusal) {
        if self.key.isEmpty { throw .keyEmpty }
        if self.value.isEmpty { throw .valueEmpty }
        if self.key != key { throw .keyDiffers }
        if self.value != value { throw .valueDiffers }
        try verify(root: root)
    }

    /// Returns if the proof's own key has its own value in the tree with `root`.
    ///
    /// - Throws: `keyEmpty`, `valueEmpty`, `pathTooLong`, `pathDisagreesWithKey` or `rootDiffers`.
    public func verify(root: Digest) throws(ProofRefusal) {
        if key.isEmpty { throw .keyEmpty }
        if value.isEmpty { throw .valueEmpty }
        if path.count > SparseMerkleTree.pathBits { throw .pathTooLong }
        let leafPath = SparseMerkleTree.path(of: key)
        for (height, step) in path.enumerated() {
            let bit = leafPath.storage.bit(path.count - 1 - height)
            if (step.side == .right) != bit { throw .pathDisagreesWithKey }
        }
        var digest = SparseMerkleTree.leafDigest(
            path: leafPath, valueDigest: SHA256.digest(value))
        for step in path { digest = step.parent(of: digest) }
        if digest != root { throw .rootDiffers }
    }
}

extension AbsenceProof {
    /// Returns if `key` has no value in the tree with `root`.
    ///
    /// The absence of a key from the empty tree has no proof in ICS-23: compare the root with zero.
    ///
    /// - Throws: `neighboursMissing`, what `ExistenceProof.verify(root:)` throws for
    ///   a neighbour, or the reason why the neighbours do not enclose the key.
    /// - Complexity: at most 512 hashes, and those of the keys and values.
    public func verify(root: Digest, key: [UInt8]) throws(ProofRefusal) {
        if left == nil && right == nil { throw .neighboursMissing }
        let path = SparseMerkleTree.path(of: key)
        if let left {
            try left.verify(root: root)
            if !(SparseMerkleTree.path(of: left.key) < path) { throw .keyNotRightOfLeftNeighbour }
        }
        if let right {
            try right.verify(root: root)
            if !(path < SparseMerkleTree.path(of: right.key)) { throw .keyNotLeftOfRightNeighbour }
        }
        if let left, let right {
            if !Self.areAdjacent(left.path, right.path) { throw .neighboursNotAdjacent }
        } else if let left {
            if !Self.isOutermost(.right, left.path[...]) { throw .leftNeighbourNotRightmost }
        } else if let right {
            if !Self.isOutermost(.left, right.path[...]) { throw .rightNeighbourNotLeftmost }
        }
    }

    /// Whether no leaf lies further out on `side` than the one with `path`: each step comes from
    /// that side, or its sibling there is empty (the empty-branch rule of ICS-23).
    private static func isOutermost(_ side: ProofStep.Side, _ path: ArraySlice<ProofStep>) -> Bool {
        for step in path where step.side != side && step.sibling != .zero { return false }
        return true
    }

    /// Whether no leaf lies between the leaves with these two paths: they share the upper steps,
    /// part to the left and the right, and below are the rightmost and the leftmost.
    private static func areAdjacent(_ left: [ProofStep], _ right: [ProofStep]) -> Bool {
        var lower = left[...]
        var upper = right[...]
        while let first = lower.last, let second = upper.last, first == second {
            lower.removeLast()
            upper.removeLast()
        }
        guard let first = lower.popLast(), let second = upper.popLast() else { return false }
        return first.side == .left && second.side == .right
            && isOutermost(.right, lower) && isOutermost(.left, upper)
    }
}
