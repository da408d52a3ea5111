/// Making proofs from the state tree. The tree knows hashes only, so the caller passes a function
/// from a path to the key and value behind it; what it returns is checked against the tree before a
/// proof leaves. Source: ICS-23, `smt` specification.
public import Canonical

/// The key and value behind a leaf.
public struct LeafPreimage: Equatable, Sendable {
    /// The key, whose hash is the leaf's path.
    public var key: [UInt8]
    /// The value.
    public var value: [UInt8]

    /// The pair of `key` and `value`.
    public init(key: [UInt8], value: [UInt8]) {
        self.key = key
        self.value = value
    }
}

extension SparseMerkleTree {
    /// A proof that `key` has the value it has.
    ///
    /// - Parameter preimage: the key and value behind a path; called once.
    /// - Throws: `nothingToProve` where the key has no value, `preimageUnknown` where `preimage`
    ///   returns nil or what does not hash to the leaf.
    /// - Complexity: O(depth).
    public func existenceProof(
        of key: [UInt8], preimage: (Digest) -> LeafPreimage?
    ) throws(ProofRefusal) -> ExistenceProof {
        let path = Self.path(of: key)
        let end = descent(to: path.storage)
        let link = links[end.slot]
        guard link < 0, paths[Int(~link)] == path.storage else { throw .nothingToProve }
        return try existenceProof(at: path.storage, preimage)
    }

    /// A proof that `key` has no value.
    ///
    /// - Parameter preimage: the key and value behind a path; called once or twice.
    /// - Throws: `nothingToProve` where the key has a value or the tree is empty,
    ///   `preimageUnknown` where `preimage` returns nil or what does not hash to the leaf.
    /// - Complexity: O(depth).
    public func absenceProof(
        of key: [UInt8], preimage: (Digest) -> LeafPreimage?
    ) throws(ProofRefusal) -> AbsenceProof {
        let path = Self.path(of: key).storage
        let near = neighbours(of: path)
        if near.isPresent || (near.left == nil && near.right == nil) { throw .nothingToProve }
        var proof = AbsenceProof(left: nil, right: nil)
        if let left = near.left { proof.left = try existenceProof(at: left, preimage) }
        if let right = near.right { proof.right = try existenceProof(at: right, preimage) }
        return proof
    }

    /// The proof for the leaf that stands at `path`.
    private func existenceProof(
        at path: Bytes32, _ preimage: (Digest) -> LeafPreimage?
    ) throws(ProofRefusal) -> ExistenceProof {
        guard let found = preimage(Digest(path)) else { throw .preimageUnknown }
        var steps: [ProofStep] = []
        var slot = Self.rootSlot
        while links[slot] > 0 {
            let left = 2 * Int(links[slot])
            let goesRight = path.bit(steps.count)
            slot = goesRight ? left + 1 : left
            steps.append(
                ProofStep(
                    side: goesRight ? .right : .left, sibling: digests[goesRight ? left : left + 1])
            )
        }
        steps.reverse()
        let leaf = Self.leafDigest(
            path: Self.path(of: found.key), valueDigest: SHA256.digest(found.value))
        if leaf != digests[slot] { throw .preimageUnknown }
        return ExistenceProof(key: found.key, value: found.value, path: steps)
    }

    /// The paths of the nearest leaves on either side of `path`, and whether it is a leaf's itself.
    private func neighbours(
        of path: Bytes32
    ) -> (left: Bytes32?, right: Bytes32?, isPresent: Bool) {
        var left: Bytes32?
        var right: Bytes32?
        var lastToLeft: Int?
        var lastToRight: Int?
        var slot = Self.rootSlot
        var depth = 0
        while links[slot] > 0 {
            let pair = 2 * Int(links[slot])
            let goesRight = path.bit(depth)
            slot = goesRight ? pair + 1 : pair
            let sibling = goesRight ? pair : pair + 1
            if links[sibling] != 0 {
                if goesRight { lastToLeft = sibling } else { lastToRight = sibling }
            }
            depth += 1
        }
        let link = links[slot]
        if link < 0 {
            let leaf = paths[Int(~link)]
            if leaf == path { return (nil, nil, true) }
            if leaf < path { left = leaf } else { right = leaf }
        }
        if left == nil, let subtree = lastToLeft { left = outermost(.right, below: subtree) }
        if right == nil, let subtree = lastToRight { right = outermost(.left, below: subtree) }
        return (left, right, false)
    }

    /// The path of the outermost leaf on `side` below `subtree`, which is not empty.
    private func outermost(_ side: ProofStep.Side, below subtree: Int) -> Bytes32? {
        var slot = subtree
        while links[slot] > 0 {
            let left = 2 * Int(links[slot])
            let wanted = side == .left ? left : left + 1
            let other = side == .left ? left + 1 : left
            slot = links[wanted] != 0 ? wanted : other
        }
        return links[slot] < 0 ? paths[Int(~links[slot])] : nil
    }
}
