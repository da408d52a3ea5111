/// Thousands of broken byte streams thrown at a live server. The decoders are the library's; what
/// is tested is that nothing of ours falls over, nothing spins, and nobody else is disturbed.

import TestKit
import Testing

@testable import Transport

@Suite(.serialized) struct HostileStreamTests {
    private static let upgrade =
        "GET /ws?a=%41&b HTTP/1.1\r\nHost: localhost\r\n"
        + "Upgrade: websocket\r\nConnection: Upgrade\r\n"
        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"

    private static let models: [[UInt8]] = [
        Array("GET /api/v2/public/test?x=%20y HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8),
        Array(
            "POST /api HTTP/1.1\r\nHost: localhost\r\nContent-Length: 11\r\n\r\nhello world".utf8),
        Array(upgrade.utf8) + RawSocket.frame(1, Array("hello".utf8))
            + RawSocket.frame(2, [UInt8](repeating: 5, count: 300)),
        Array(upgrade.utf8) + RawSocket.frame(1, [0x61], isLast: false)
            + RawSocket.frame(9, [1, 2, 3]) + RawSocket.frame(0, [0x62])
            + RawSocket.frame(8, [0x03, 0xe8]),
    ]

    private func mutated(_ generator: inout SeededGenerator) -> [UInt8] {
        var bytes = HostileStreamTests.models[Int.random(in: 0..<4, using: &generator)]
        for _ in 0..<Int.random(in: 1...6, using: &generator) where !bytes.isEmpty {
            let place = Int.random(in: 0..<bytes.count, using: &generator)
            switch Int.random(in: 0..<6, using: &generator) {
            case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            case 1: bytes[place] = UInt8.random(in: 0...255, using: &generator)
            case 2: bytes.remove(at: place)
            case 3: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: place)
            case 4: bytes.removeSubrange(place...)
            default: bytes += bytes[place...]
            }
        }
        return bytes
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func theServerOutlivesBrokenStreams(seed: UInt64) throws {
        var configuration = ServerConfiguration()
        configuration.limits.handshakeSeconds = 1
        configuration.limits.bodySeconds = 1
        configuration.limits.closeSeconds = 1
        var generator = SeededGenerator(seed: seed)
        try withServer(configuration) { server, delegate in
            let witness = try RawSocket(port: server.port)
            #expect(witness.upgrade())
            for round in 0..<1_000 {
                let socket = try RawSocket(port: server.port)
                let bytes = mutated(&generator)
                let cut = Int.random(in: 0...bytes.count, using: &generator)
                socket.send(Array(bytes[..<cut]))
                socket.send(Array(bytes[cut...]))
                if round % 50 == 0 {
                    witness.sendText("\(round)")
                    let echo = try #require(witness.receiveFrame(), "seed \(seed), round \(round)")
                    #expect(echo.payload == Array("\(round)".utf8))
                }
            }
            let statistics = delegate.onServiceThread { $0.statistics }
            #expect(statistics?.webSockets ?? 0 >= 1)
            #expect(statistics?.queuedBytes ?? -1 >= 0)
        }
    }
}
