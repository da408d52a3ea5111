/// How leader and follower know each other: both name a file with the same secret, and each proves
/// to the other that it has it. The secret never crosses the link and no proof can be used twice,
/// since both sides put a fresh number into it:
///
///     leader ─▶ follower   32 random bytes L
///     follower ─▶ leader   32 random bytes F, HMAC-SHA256(secret, "… follower" ‖ L ‖ F)
///     leader ─▶ follower   HMAC-SHA256(secret, "… leader" ‖ L ‖ F)
///
/// This says who is at the other end when the link is made. That nobody changes what comes after is
/// for TLS (`wss://`) or for a network of one's own.

import Canonical
import Custody
import Foundation

/// The secret that leader and follower share.
final class LinkSecret: Sendable {
    /// Who proves.
    enum Side: String {
        case leader = "rampart replication 1 leader"
        case follower = "rampart replication 1 follower"
    }

    /// Bytes of a challenge.
    static let challengeBytes = 32
    /// Least bytes of a secret.
    private static let leastBytes = 16

    private let secret: Secret

    init(taking bytes: inout [UInt8]) { secret = Secret(taking: &bytes) }

    /// Reads the file that both nodes name; the line's end is not part of the secret.
    ///
    /// - Throws: `CommandFault` where it cannot be read, is too short, or others may read it.
    convenience init(file: String) throws(CommandFault) {
        var bytes = try FileAccess.read(file)
        if let mode = FileAccess.mode(of: file), mode & FileAccess.Mode.others != 0 {
            throw CommandFault(
                "\(file): others may read the secret of leader and follower; chmod 600 it",
                exit: ExitCode.noPermission)
        }
        while let last = bytes.last, last == UInt8(ascii: "\n") || last == UInt8(ascii: "\r") {
            bytes.removeLast()
        }
        guard bytes.count >= LinkSecret.leastBytes else {
            throw CommandFault(
                "\(file): the secret has fewer than \(LinkSecret.leastBytes) bytes; make one with "
                    + "'openssl rand -hex 32'", exit: ExitCode.badConfiguration)
        }
        self.init(taking: &bytes)
    }

    /// A number that nobody has seen before.
    static func challenge() -> [UInt8] {
        var randomness = SystemRandomness()
        return (0..<challengeBytes).map { _ in UInt8.random(in: .min ... .max, using: &randomness) }
    }

    private static func statement(_ side: Side, _ leader: [UInt8], _ follower: [UInt8]) -> [UInt8] {
        Array(side.rawValue.utf8) + leader + follower
    }

    /// What shows the other side that this one has the secret.
    ///
    /// - Parameters:
    ///   - leader: the leader's challenge.
    ///   - follower: the follower's.
    func proof(of side: Side, leader: [UInt8], follower: [UInt8]) -> [UInt8] {
        let message = LinkSecret.statement(side, leader, follower)
        return MessageAuthentication.tag(of: message, key: secret).bytes
    }

    /// Whether the other side has the secret. How much of a wrong proof is right does not show in
    /// the time.
    func isValid(_ proof: [UInt8], of side: Side, leader: [UInt8], follower: [UInt8]) -> Bool {
        MessageAuthentication.isValid(
            tag: proof, of: LinkSecret.statement(side, leader, follower), key: secret)
    }
}
