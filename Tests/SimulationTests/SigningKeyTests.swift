/// Signatures against RFC 8032, and the generator against its twin.
import Custody
import Canonical
import Simulation
import TestKit
import Testing

private func bytes(_ text: String) -> [UInt8] {
    var digits = Array(text)[...]
    var bytes: [UInt8] = []
    while let high = digits.popFirst()?.hexDigitValue, let low = digits.popFirst()?.hexDigitValue {
        bytes.append(UInt8(high * 16 + low))
    }
    return bytes
}

/// RFC 8032 section 7.1, tests 1 to 3.
private let vectors = [
    (
        seed: "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        key: "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", message: "",
        signature: "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
            + "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
    ),
    (
        seed: "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        key: "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", message: "72",
        signature: "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
            + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    ),
    (
        seed: "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        key: "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", message: "af82",
        signature: "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
            + "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
    ),
]

@Test(arguments: 0..<3) func signaturesAreThoseOfRFC8032(place: Int) {
    let vector = vectors[place]
    let key = SigningKey(seed: bytes(vector.seed))
    #expect(key.publicKey.storage.bytes == bytes(vector.key))
    let signature = key.sign(bytes(vector.message))
    #expect(signature.r.bytes + signature.s.bytes == bytes(vector.signature))
}

@Test func tradersOfDifferentNumberOrSeedHaveDifferentKeys() {
    let first = SigningKey(seed: 1, number: 2).publicKey
    #expect(first == SigningKey(seed: 1, number: 2).publicKey)
    #expect(first != SigningKey(seed: 1, number: 3).publicKey)
    #expect(first != SigningKey(seed: 2, number: 2).publicKey)
}

@Test func theGeneratorAgreesWithTheOneForTests() {
    var ours = SimulationGenerator(seed: 99)
    var twin = SeededGenerator(seed: 99)
    #expect((0..<100).allSatisfy { _ in ours.next() == twin.next() })
}

@Test func integersFillTheirRangeAndNormalNumbersTheirBell() {
    var generator = SimulationGenerator(seed: 4)
    var counts = [Int](repeating: 0, count: 5)
    for _ in 0..<10_000 { counts[Int(generator.integer(in: -2...2)) + 2] += 1 }
    #expect(counts.allSatisfy { (1_850...2_150).contains($0) })
    #expect(generator.integer(in: 7...7) == 7)
    var squares: Int64 = 0
    var sum: Int64 = 0
    for _ in 0..<10_000 {
        let value = generator.normal(deviation: 1_000)
        #expect(abs(value) <= 6_000)
        sum += value
        squares += value * value
    }
    #expect(abs(sum / 10_000) < 40)
    #expect((960_000...1_040_000).contains(squares / 10_000))
}
