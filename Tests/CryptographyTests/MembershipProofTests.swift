// Proofs about the state tree: the six `smt` vectors of ICS-23 and mutations of them, its cases for
// empty branches, and proofs made by our own tree, with a refusal of each kind.
import Canonical
import Cryptography
import Foundation
import TestKit
import Testing

private struct CommitmentVector: Decodable {
    var root: String
    var proof: String
    var key: String
    var value: String

    func message() throws -> ProtobufMessage { try ProtobufMessage(bytes(proof)) }
    var rootDigest: Digest { digest(root) }
}

private func refusal(_ body: () throws(ProofRefusal) -> Void) -> ProofRefusal? {
    do { try body() } catch { return error }
    return nil
}

struct ICS23VectorTests {
    private func vector(_ name: String) throws -> CommitmentVector {
        try SharedFiles.json(CommitmentVector.self, "vectors/ics23/smt/\(name).json")
    }

    private func existence(_ name: String) throws -> (CommitmentVector, ExistenceProof) {
        let vector = try vector(name)
        let message = try #require(try vector.message().message(1))
        return (vector, try ExistenceProof(protobuf: message))
    }

    private func absence(_ name: String) throws -> (CommitmentVector, AbsenceProof) {
        let vector = try vector(name)
        let message = try #require(try vector.message().message(2))
        return (vector, try AbsenceProof(protobuf: message))
    }

    static let existences = ["exist_left", "exist_middle", "exist_right"]
    static let absences = ["nonexist_left", "nonexist_middle", "nonexist_right"]

    @Test("ICS-23's existence proofs are accepted", .sharedFiles, arguments: existences)
    func acceptsExistence(name: String) throws {
        let (vector, proof) = try existence(name)
        try proof.verify(
            root: vector.rootDigest, key: bytes(vector.key), value: bytes(vector.value))
    }

    @Test("ICS-23's absence proofs are accepted", .sharedFiles, arguments: absences)
    func acceptsAbsence(name: String) throws {
        let (vector, proof) = try absence(name)
        try proof.verify(root: vector.rootDigest, key: bytes(vector.key))
    }

    @Test("mutated existence proofs are refused", .sharedFiles, arguments: existences)
    func refusesMutatedExistence(name: String) throws {
        let (vector, proof) = try existence(name)
        let (key, value) = (bytes(vector.key), bytes(vector.value))
        func refused(
            _ change: (inout ExistenceProof) -> Void, as expected: ProofRefusal
        ) {
            var copy = proof
            change(&copy)
            #expect(
                refusal { () throws(ProofRefusal) in
                    try copy.verify(root: vector.rootDigest, key: key, value: value)
                } == expected)
        }
        refused({ $0.key[0] ^= 1 }, as: .keyDiffers)
        refused({ $0.value[0] ^= 1 }, as: .valueDiffers)
        refused({ $0.key = [] }, as: .keyEmpty)
        refused({ $0.value = [] }, as: .valueEmpty)
        for index in proof.path.indices {
            refused({ $0.path[index].sibling.storage.word2 ^= 1 }, as: .rootDiffers)
            refused(
                { $0.path[index].side = $0.path[index].side == .left ? .right : .left },
                as: .pathDisagreesWithKey)
            var shorter = proof
            shorter.path.remove(at: index)
            #expect(throws: ProofRefusal.self) { try shorter.verify(root: vector.rootDigest) }
        }
        let step = proof.path[0]
        refused({ $0.path += Array(repeating: step, count: 257) }, as: .pathTooLong)
        #expect(throws: ProofRefusal.rootDiffers) { try proof.verify(root: .zero) }
        #expect(throws: ProofRefusal.keyDiffers) {
            try proof.verify(root: vector.rootDigest, key: key + [0], value: value)
        }
    }

    @Test(.sharedFiles) func `mutated absence proofs are refused for the right reason`() throws {
        let (vector, proof) = try absence("nonexist_middle")
        func refused(_ copy: AbsenceProof, as expected: ProofRefusal) {
            #expect(throws: expected) {
                try copy.verify(root: vector.rootDigest, key: bytes(vector.key))
            }
        }
        let (left, right) = (proof.left, proof.right)
        refused(AbsenceProof(left: nil, right: nil), as: .neighboursMissing)
        refused(AbsenceProof(left: left, right: nil), as: .leftNeighbourNotRightmost)
        refused(AbsenceProof(left: nil, right: right), as: .rightNeighbourNotLeftmost)
        refused(
            AbsenceProof(left: right, right: left), as: .keyNotRightOfLeftNeighbour)
        refused(AbsenceProof(left: left, right: left), as: .keyNotLeftOfRightNeighbour)
        var bad = proof
        bad.left?.path[0].sibling.storage.word0 ^= 1
        refused(bad, as: .rootDiffers)
    }

    private struct BranchCase: Decodable {
        struct Operation: Decodable {
            var prefix: Data?
            var suffix: Data?
        }
        var operation: Operation
        var isLeft: Bool
        var isRight: Bool

        enum CodingKeys: String, CodingKey {
            case operation = "Op"
            case isLeft = "IsLeft"
            case isRight = "IsRight"
        }
    }

    /// ICS-23's cases use a readable placeholder for an empty child; ours is 32 zero bytes.
    @Test(.sharedFiles) func `ICS-23's empty branches are those whose sibling is zero`() throws {
        let cases = try SharedFiles.json(
            [BranchCase].self, "vectors/ics23/TestEmptyBranchData.json")
        let placeholder = Digest(Bytes32(Array("32_empty_child_placeholder_bytes".utf8)))
        #expect(cases.count == 8)
        for entry in cases.prefix(6) {
            let step = try ProofStep(
                prefix: Array(entry.operation.prefix ?? Data()),
                suffix: Array(entry.operation.suffix ?? Data()))
            let isEmpty = step.sibling == placeholder
            #expect((isEmpty && step.side == .right) == entry.isLeft)
            #expect((isEmpty && step.side == .left) == entry.isRight)
        }
    }
}

struct ProofStepTests {
    @Test(
        "prefixes and suffixes of a wrong shape are refused",
        arguments: [
            (0, 0), (0, 32), (1, 0), (1, 31), (1, 33), (2, 32), (32, 0), (33, 1), (33, 32), (34, 0),
        ])
    func refusesWrongShapes(prefix: Int, suffix: Int) {
        #expect(throws: ProofRefusal.stepMalformed) {
            try ProofStep(
                prefix: [UInt8](repeating: 1, count: prefix),
                suffix: [UInt8](repeating: 1, count: suffix))
        }
    }

    @Test func `a prefix that is not the node tag is refused`() {
        #expect(throws: ProofRefusal.stepMalformed) {
            try ProofStep(prefix: [0], suffix: [UInt8](repeating: 1, count: 32))
        }
    }

    @Test func `a step's prefix and suffix give the step again`() throws {
        var numbers = SeededNumbers(seed: 30)
        for side in [ProofStep.Side.left, .right] {
            let step = ProofStep(side: side, sibling: numbers.digest())
            #expect(try ProofStep(prefix: step.prefix, suffix: step.suffix) == step)
            let child = numbers.digest()
            #expect(
                step.parent(of: child)
                    == SHA256.digest(step.prefix + child.storage.bytes + step.suffix))
        }
    }
}

struct SparseMerkleTreeProofTests {
    private static func tree(_ count: Int) -> (SparseMerkleTree, (Digest) -> LeafPreimage?) {
        var tree = SparseMerkleTree()
        var preimages: [(Digest, LeafPreimage)] = []
        for number in 0..<count {
            let leaf = LeafPreimage(key: [1, UInt8(number)], value: [UInt8(number), 7])
            preimages.append((SHA256.digest(leaf.key), leaf))
            tree.update([LeafChange(key: leaf.key, value: leaf.value)])
        }
        return (tree, { path in preimages.first { $0.0 == path }?.1 })
    }

    @Test("every key is provably there and every other provably not", arguments: [1, 2, 3, 40])
    func provesBoth(count: Int) throws {
        let (tree, preimage) = Self.tree(count)
        for number in 0..<count {
            let key: [UInt8] = [1, UInt8(number)]
            let proof = try tree.existenceProof(of: key, preimage: preimage)
            try proof.verify(root: tree.root, key: key, value: [UInt8(number), 7])
            #expect(throws: ProofRefusal.nothingToProve) {
                try tree.absenceProof(of: key, preimage: preimage)
            }
        }
        for number in 0..<40 {
            let key: [UInt8] = [2, UInt8(number)]
            let proof = try tree.absenceProof(of: key, preimage: preimage)
            try proof.verify(root: tree.root, key: key)
            #expect(throws: ProofRefusal.nothingToProve) {
                try tree.existenceProof(of: key, preimage: preimage)
            }
        }
    }

    @Test func `no two leaves but the neighbours prove an absence`() throws {
        let (tree, preimage) = Self.tree(8)
        let proofs = try (0..<8).map {
            try tree.existenceProof(of: [1, UInt8($0)], preimage: preimage)
        }
        let choices: [ExistenceProof?] = proofs + [nil]
        for number in 0..<5 {
            let absent: [UInt8] = [2, UInt8(number)]
            let honest = try tree.absenceProof(of: absent, preimage: preimage)
            for left in choices {
                for right in choices {
                    let proof = AbsenceProof(left: left, right: right)
                    let accepted =
                        refusal { () throws(ProofRefusal) in
                            try proof.verify(root: tree.root, key: absent)
                        } == nil
                    #expect(accepted == (proof == honest))
                }
                let present = AbsenceProof(left: left, right: proofs[5])
                #expect(throws: ProofRefusal.self) {
                    try present.verify(root: tree.root, key: [1, 3])
                }
            }
        }
    }

    @Test func `enclosing leaves with another between them are not adjacent`() throws {
        let (tree, preimage) = Self.tree(9)
        let keys = (0..<9).map { [1, UInt8($0)] }
            .sorted { SHA256.digest($0) < SHA256.digest($1) }
        let proofs = try keys.map { try tree.existenceProof(of: $0, preimage: preimage) }
        for middle in 1..<8 {
            let proof = AbsenceProof(left: proofs[middle - 1], right: proofs[middle + 1])
            #expect(throws: ProofRefusal.neighboursNotAdjacent) {
                try proof.verify(root: tree.root, key: keys[middle])
            }
        }
        let fromLeft = AbsenceProof(left: nil, right: proofs[1])
        #expect(throws: ProofRefusal.rightNeighbourNotLeftmost) {
            try fromLeft.verify(root: tree.root, key: keys[0])
        }
        let fromRight = AbsenceProof(left: proofs[7], right: nil)
        #expect(throws: ProofRefusal.leftNeighbourNotRightmost) {
            try fromRight.verify(root: tree.root, key: keys[8])
        }
    }

    @Test func `the empty tree proves nothing`() {
        let tree = SparseMerkleTree()
        #expect(throws: ProofRefusal.nothingToProve) {
            try tree.absenceProof(of: [1]) { _ in nil }
        }
    }

    @Test func `a wrong or missing preimage gives no proof`() {
        let (tree, preimage) = Self.tree(5)
        #expect(throws: ProofRefusal.preimageUnknown) {
            try tree.existenceProof(of: [1, 2]) { _ in nil }
        }
        #expect(throws: ProofRefusal.preimageUnknown) {
            try tree.existenceProof(of: [1, 2]) { path in
                preimage(path).map { LeafPreimage(key: $0.key, value: [9]) }
            }
        }
    }
}
