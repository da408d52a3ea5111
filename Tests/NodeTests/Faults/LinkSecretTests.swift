/// What two nodes prove to each other, and what is no proof.
import Testing

@testable import Node

@Suite struct LinkSecretTests {
    private func secret(_ text: String) -> LinkSecret {
        var bytes = Array(text.utf8)
        return LinkSecret(taking: &bytes)
    }

    @Test func onlyTheSameSecretProvesItsSideOnceForTheseNumbers() {
        let (one, same, other) = (secret("harbour"), secret("harbour"), secret("harbours"))
        let (first, second) = (LinkSecret.challenge(), LinkSecret.challenge())
        let proof = one.proof(of: .follower, leader: first, follower: second)
        #expect(same.isValid(proof, of: .follower, leader: first, follower: second))
        #expect(!other.isValid(proof, of: .follower, leader: first, follower: second))
        // Played back by the other side, or to another challenge, it proves nothing.
        #expect(!same.isValid(proof, of: .leader, leader: first, follower: second))
        #expect(!same.isValid(proof, of: .follower, leader: second, follower: first))
        #expect(!same.isValid(proof, of: .follower, leader: second, follower: second))
        #expect(!same.isValid([], of: .follower, leader: first, follower: second))
        #expect(!same.isValid(proof + [0], of: .follower, leader: first, follower: second))
    }

    @Test func challengesDiffer() {
        #expect(LinkSecret.challenge() != LinkSecret.challenge())
        #expect(LinkSecret.challenge().count == LinkSecret.challengeBytes)
    }

    @Test func aSecretFileThatIsShortOrOpenToOthersIsRefused() throws {
        let bench = try CommandBench()
        try bench.write("0123456789abcdef\n", to: "token")
        try bench.setMode(0o644, of: "token")
        #expect(throws: CommandFault.self) { try LinkSecret(file: bench.path("token")) }
        try bench.setMode(0o600, of: "token")
        _ = try LinkSecret(file: bench.path("token"))
        try bench.write("0123456789abcde\n", to: "token")
        try bench.setMode(0o600, of: "token")
        #expect(throws: CommandFault.self) { try LinkSecret(file: bench.path("token")) }
    }
}
