/// The parts that need no socket: frames, answers, addresses, names, queues.

import Testing

@testable import Transport

@Suite struct ValueTests {
    /// RFC 6455, 5.7 and both sides of each length.
    @Test func aFrameHasTheBytesOfTheStandard() {
        let hello: [UInt8] = [0x81, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f]
        #expect(Frame(text: Array("Hello".utf8)).wire == hello)
        func header(_ count: Int) -> [UInt8] {
            let wire = Frame(binary: [UInt8](repeating: 0, count: count)).wire
            return Array(wire[..<(wire.count - count)])
        }
        #expect(header(0) == [0x82, 0])
        #expect(header(125) == [0x82, 125])
        #expect(header(126) == [0x82, 126, 0, 126])
        #expect(header(256) == [0x82, 0x7e, 0x01, 0x00])
        #expect(header(65_535) == [0x82, 126, 0xff, 0xff])
        #expect(header(65_536) == [0x82, 0x7f, 0, 0, 0, 0, 0, 1, 0, 0])
    }

    private func text(_ response: HTTPResponse, omitsBody: Bool = false) -> String {
        String(
            decoding: response.wireBytes(keepsAlive: true, omitsBody: omitsBody, headroom: 0),
            as: UTF8.self)
    }

    @Test func anAnswerSaysHowLongItIs() {
        let response = HTTPResponse(
            status: 404, contentType: "text/plain",
            headers: [HeaderField(name: "x-request-id", value: "7")], body: Array("no".utf8))
        let head =
            "HTTP/1.1 404 Not Found\r\ncontent-type: text/plain\r\ncontent-length: 2\r\n"
            + "x-request-id: 7\r\nconnection: keep-alive\r\n\r\n"
        #expect(text(response) == head + "no")
        #expect(text(response, omitsBody: true) == head)
        #expect(
            response.wireBytes(keepsAlive: true, omitsBody: false, headroom: 3)[..<3] == [0, 0, 0])
    }

    @Test(arguments: [
        HeaderField(name: "x", value: "a\r\nset-cookie: b"),
        HeaderField(name: "x\r\ny", value: "a"),
        HeaderField(name: "", value: "a"), HeaderField(name: "x", value: "a\u{0}b"),
        HeaderField(name: "x:", value: "a"),
    ])
    func aHeaderCannotBreakOutOfItsLine(field: HeaderField) {
        let response = HTTPResponse(status: 200, contentType: "text/plain", headers: [field])
        #expect(text(response).hasPrefix("HTTP/1.1 500 "))
        #expect(!text(response).contains("set-cookie"))
    }

    @Test func addressesAreCountedByCustomer() {
        let first = PeerAddress(high: 0x2001_0db8_0000_0001, low: 5, isKnown: true)
        let second = PeerAddress(high: 0x2001_0db8_0000_0001, low: 6, isKnown: true)
        let other = PeerAddress(high: 0x2001_0db8_0000_0002, low: 5, isKnown: true)
        #expect(first.counted == second.counted)
        #expect(first.counted != other.counted)
        #expect(first.text == "2001:db8:0:1:0:0:0:5")
        let version4 = PeerAddress(high: 0, low: 0xffff_c0a8_0107, isKnown: true)
        #expect(version4.text == "192.168.1.7")
        #expect(version4.counted == version4)
        #expect(!version4.isLoopback)
        #expect(PeerAddress(high: 0, low: 0xffff_7f00_0002, isKnown: true).isLoopback)
        #expect(PeerAddress(high: 0, low: 1, isKnown: true).isLoopback)
        #expect(!PeerAddress(high: 0, low: 2, isKnown: true).isLoopback)
    }

    @Test func namesAreNotUsedTwice() {
        let first = ConnectionIdentifier(arrival: 1, slot: 7)
        let second = ConnectionIdentifier(arrival: 2, slot: 7)
        #expect(first != second)
        #expect(first.slot == 7 && second.slot == 7)
    }

    @Test func aQueueKeepsOrderAndCountsBytes() {
        var queue = FrameQueue()
        let frames = (0..<500).map { Frame(text: Array("\($0)".utf8)) }
        var taken = 0
        for frame in frames {
            queue.append(frame)
            queue.append(frame)
            #expect(queue.first?.wire == frames[taken / 2].wire)
            queue.removeFirst()
            taken += 1
        }
        while !queue.isEmpty {
            #expect(queue.first?.wire == frames[taken / 2].wire)
            queue.removeFirst()
            taken += 1
        }
        #expect(taken == 1_000)
        #expect(queue.bytes == 0)
        queue.append(frames[0])
        #expect(queue.bytes == 3)
        queue.removeAll()
        #expect(queue.bytes == 0 && queue.first == nil)
    }
}
