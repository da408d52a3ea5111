// Just enough of the protocol-buffer wire format to read `CommitmentProof` of ICS-23 from the
// vector files. Fixed operations (hashes, lengths, leaf prefix) are required to be those of the
// `smt` specification; anything else is an error of the test.
import Canonical
import Cryptography

struct ProtobufError: Error {}

/// The fields of one message: numbers for varints, bytes for the rest.
struct ProtobufMessage {
    private var numbers: [Int: UInt64] = [:]
    private var strings: [Int: [[UInt8]]] = [:]

    init(_ bytes: [UInt8]) throws {
        var position = 0
        func varint() throws -> UInt64 {
            var value: UInt64 = 0
            for shift in stride(from: UInt64(0), to: 64, by: 7) {
                guard position < bytes.count else { throw ProtobufError() }
                let byte = bytes[position]
                position += 1
                value |= UInt64(byte & 0x7f) << shift
                if byte < 0x80 { return value }
            }
            throw ProtobufError()
        }
        while position < bytes.count {
            let tag = try varint()
            let field = Int(tag >> 3)
            if tag & 7 == 0 {
                numbers[field] = try varint()
            } else if tag & 7 == 2 {
                let count = Int(try varint())
                guard position + count <= bytes.count else { throw ProtobufError() }
                strings[field, default: []].append(Array(bytes[position..<position + count]))
                position += count
            } else {
                throw ProtobufError()
            }
        }
    }

    func number(_ field: Int) -> UInt64 { numbers[field] ?? 0 }
    func bytes(_ field: Int) -> [UInt8] { strings[field]?.last ?? [] }
    func all(_ field: Int) -> [[UInt8]] { strings[field] ?? [] }
    func message(_ field: Int) throws -> ProtobufMessage? {
        try strings[field]?.last.map { try ProtobufMessage($0) }
    }
}

extension ExistenceProof {
    init(protobuf message: ProtobufMessage) throws {
        guard let leaf = try message.message(3) else { throw ProtobufError() }
        // HashOp SHA256 for hash, key and value, LengthOp NO_PREFIX, prefix 00.
        guard (1...4).map(leaf.number) == [1, 1, 1, 0], leaf.bytes(5) == [0] else {
            throw ProtobufError()
        }
        let steps = try message.all(4).map { bytes in
            let step = try ProtobufMessage(bytes)
            guard step.number(1) == 1 else { throw ProtobufError() }
            return try ProofStep(prefix: step.bytes(2), suffix: step.bytes(3))
        }
        self.init(key: message.bytes(1), value: message.bytes(2), path: steps)
    }
}

extension AbsenceProof {
    init(protobuf message: ProtobufMessage) throws {
        self.init(
            left: try message.message(2).map { try ExistenceProof(protobuf: $0) },
            right: try message.message(3).map { try ExistenceProof(protobuf: $0) })
    }
}
