/// What others attest, in its three forms, well made but for the signatures: to start from.

import Canonical
import Cryptography
import FixedPoint

enum AttestedSeeds {
    static let all: [[UInt8]] = [update, upgrade, report]

    private static func message(_ payload: [UInt8]) -> [UInt8] {
        let signature = [0] + [UInt8](repeating: 1, count: 64) + [0]
        return [1, 0, 0, 0, 0, 1] + signature + [UInt8](repeating: 0, count: 51) + payload
    }

    /// An update of Pyth with one price, which is the root's only leaf.
    private static var update: [UInt8] {
        let price = [UInt8](repeating: 0, count: 85)
        let root = Keccak256.hash([0] + price).bytes[..<20]
        let payload = Array("AUWV".utf8) + [UInt8](repeating: 0, count: 13) + root
        let signed = message(payload)
        let head: [UInt8] = Array("PNAU".utf8) + [1, 0, 0, 0, 0, UInt8(signed.count)]
        return head + signed + [1, 0, 85] + price + [0]
    }

    /// A guardian set of one.
    private static var upgrade: [UInt8] {
        let head = [UInt8](repeating: 0, count: 28) + Array("Core".utf8)
        return message(head + [2, 0, 0, 0, 0, 0, 1, 1] + [UInt8](repeating: 5, count: 20))
    }

    private static func word(_ value: UInt8, above: UInt8 = 0) -> [UInt8] {
        [UInt8](repeating: 0, count: 30) + [above, value]
    }

    /// A report of Chainlink on a market with one signature.
    private static var report: [UInt8] {
        let context = [UInt8](repeating: 0, count: 96)
        let offsets = word(224) + word(32, above: 2) + word(96, above: 2)
        let feed = [0, 3] + [UInt8](repeating: 0, count: 30)
        let body = feed + (0..<8).flatMap { word(UInt8($0) + 1) }
        let list = word(1) + [UInt8](repeating: 1, count: 32)
        return context + offsets + word(0) + word(32, above: 1) + body + list + list
    }
}
