// SHA-256 against the answers of NIST (FIPS 180 examples) and, for every length around the padding
// limits, the piecewise and the eight-lane forms against the plain one.
import Canonical
import Cryptography
import Testing

struct SHA256Tests {
    @Test(
        "SHA-256 gives NIST's answers",
        arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
            (
                "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
                    + "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
                "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
            ),
        ])
    func agreesWithPublishedAnswers(message: String, expected: String) {
        #expect(SHA256.digest(Array(message.utf8)) == digest(expected))
    }

    @Test func `a hash taken in pieces equals the hash of the whole`() {
        var numbers = SeededNumbers(seed: 1)
        for length in 0...300 {
            let message = numbers.bytes(length)
            var pieces = SHA256()
            var start = 0
            while start < length {
                let end = min(length, start + Int.random(in: 1...70, using: &numbers))
                pieces.update(Array(message[start..<end]))
                start = end
            }
            #expect(pieces.finalize() == SHA256.digest(message))
        }
    }

    @Test func `eight lanes agree with one for every length up to 300`() {
        var numbers = SeededNumbers(seed: 2)
        var messages = (0...300).map { numbers.bytes($0) }
        for _ in 0..<100 {
            messages.append(numbers.bytes(Int.random(in: 0...300, using: &numbers)))
        }
        messages.shuffle(using: &numbers)
        #expect(SHA256.digests(messages) == messages.map { SHA256.digest($0) })
        for count in 0...9 {
            let few = Array(messages.prefix(count))
            #expect(SHA256.digests(few) == few.map { SHA256.digest($0) })
        }
    }

    @Test func `tagged pairs are the hash of the tag and both digests`() {
        var numbers = SeededNumbers(seed: 3)
        for count in [0, 1, 7, 8, 9, 40] {
            let left = (0..<count).map { _ in numbers.digest() }
            let right = (0..<count).map { _ in numbers.digest() }
            for tag in [SHA256.leafTag, SHA256.nodeTag, 0xff] {
                let expected = zip(left, right).map {
                    SHA256.digest([tag] + $0.storage.bytes + $1.storage.bytes)
                }
                #expect(SHA256.digests(tag: tag, left, right) == expected)
                #expect(zip(left, right).map { SHA256.digest(tag: tag, $0, $1) } == expected)
            }
        }
    }
}

struct HashLabelTests {
    @Test func `a labelled hash is the hash of the length, the name and the bytes`() {
        let expected = SHA256.digest([17] + Array("rampart/genesis/1".utf8) + [1, 2, 3])
        #expect(SHA256.digest(label: .genesis, [1, 2, 3]) == expected)
    }

    @Test func `no label's header begins another's`() {
        for first in HashLabel.allCases {
            for second in HashLabel.allCases where first != second {
                #expect(!first.header.starts(with: second.header))
            }
        }
    }
}
