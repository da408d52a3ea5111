// SHA-512 against the answers of NIST, and the piecewise form against the whole.
import Cryptography
import Testing

struct SHA512Tests {
    @Test(
        "SHA-512 gives NIST's answers",
        arguments: [
            (
                "",
                "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce"
                    + "47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e"
            ),
            (
                "abc",
                "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
                    + "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"
            ),
            (
                "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
                    + "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
                "8e959b75dae313da8cf4f72814fc143f8f7779c6eb9f7fa17299aeadb6889018"
                    + "501d289e4900f7e4331b99dec4b5433ac7d329eeb6dd26545e96e55b874be909"
            ),
        ])
    func agreesWithPublishedAnswers(message: String, expected: String) {
        #expect(hexadecimal(SHA512.digest(Array(message.utf8))) == expected)
    }

    @Test func `a hash taken in pieces equals the hash of the whole`() {
        var numbers = SeededNumbers(seed: 4)
        for length in 0...400 {
            let message = numbers.bytes(length)
            let cut = Int.random(in: 0...length, using: &numbers)
            var pieces = SHA512()
            pieces.update(Array(message[..<cut]))
            pieces.update(Array(message[cut...]))
            #expect(pieces.finalize() == SHA512.digest(message))
        }
    }
}
