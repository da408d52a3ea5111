/// From an order to its fill on an idle node: one client with an API credential buys one lot of
/// what rests, and stops the clock when the channel of its trades says so. On the way lie the
/// gateway's signature, admission with its check, a block on disk, and the answer.

import FixedPoint
import Foundation
import Ledger
import Yardstick

enum NodeLatencyRows {
    private static let orders = 200
    /// Between two orders, so that the block before is over: longer than blocks are apart.
    private static let pause = 0.045

    static func all() -> [Result] { NodeRows.guarded("node.latency") { try rows() } }

    private static func rows() throws -> [Row] {
        var setup = NodeSetup(folder: NodeProcess.folder("latency"))
        setup.accounts = 24
        setup.orders = 512
        let node = try NodeProcess(setup)
        defer { node.remove() }
        let client = try NodeClient(node)
        try client.signIn()
        let instrument = try client.firstInstrument()
        _ = try client.ask(
            "private/subscribe", "{\"channels\":[\"user.trades.\(instrument).raw\"]}")
        var times: [Double] = []
        for _ in 0..<orders {
            Thread.sleep(forTimeInterval: pause)
            let parameters =
                "{\"instrument_name\":\"\(instrument)\",\"contracts\":1,\"type\":\"market\"}"
            let answer = try client.ask(
                "private/buy", parameters, until: "\"channel\":\"user.trades.")
            times.append(answer.nanoseconds)
        }
        times.sort()
        let sync = DiskYardstick.appendNanoseconds(folder: setup.folder)
        return [(50, 3.0), (99, 10.0)].map { share, most in
            .time(
                "node.latency.p\(share)", unit: "ms", scale: 1e6, pieces: 1,
                (times[min(times.count * share / 100, times.count - 1)], sync),
                against: "append and fdatasync", target: .atMost(most),
                note: "order over WebSocket to the event of its fill, one client, idle node")
        }
    }
}

/// One WebSocket that asks and waits.
@safe
final class NodeClient {
    private let node: NodeProcess
    private let socket: OpaquePointer
    private var identifier = 0
    private static let room = 1 << 20

    init(_ node: NodeProcess) throws {
        guard let socket = unsafe yardstick_sockets_open(node.port, 1) else {
            throw NodeProcessFault(reason: "a client cannot connect")
        }
        unsafe self.socket = socket
        self.node = node
    }

    deinit { unsafe yardstick_sockets_close(socket) }

    /// Asks, and waits for the answer and for a message that holds `mark`.
    ///
    /// - Returns: the answer, and the nanoseconds until the mark came.
    func ask(
        _ method: String, _ parameters: String, until mark: String? = nil
    ) throws -> (text: String, nanoseconds: Double) {
        identifier += 1
        let name = "\"id\":\(identifier),"
        let text =
            "{\"jsonrpc\":\"2.0\",\(name)\"method\":\"\(method)\",\"params\":\(parameters)}"
        var room = [CChar](repeating: 0, count: NodeClient.room)
        let time = unsafe yardstick_sockets_ask(
            socket, 0, text, mark ?? name, name, &room, UInt64(room.count))
        let answer = String(
            decoding: room.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        guard time >= 0, !answer.contains("\"error\":") else {
            throw NodeProcessFault(reason: "\(method): " + answer)
        }
        return (answer, Double(time))
    }

    func signIn() throws {
        _ = try ask(
            "public/auth",
            "{\"grant_type\":\"client_credentials\",\"client_id\":\"\(node.identifier)\","
                + "\"client_secret\":\"\(node.secret)\"}")
    }

    /// The name of the first instrument.
    func firstInstrument() throws -> String {
        let text = try ask("public/get_instruments", "{\"currency\":\"any\"}").text
        guard let start = text.range(of: "\"instrument_name\":\""),
            let end = text[start.upperBound...].firstIndex(of: "\"")
        else { throw NodeProcessFault(reason: "there are no instruments: " + text.prefix(200)) }
        return String(text[start.upperBound..<end])
    }
}

/// What the disk itself takes.
enum DiskYardstick {
    private static let appends = 200
    /// About what a small block comes to.
    private static let bytes = 1_024

    /// The median of appending to a file and waiting for the disk, as a log does.
    static func appendNanoseconds(folder: String) -> Double {
        let path = folder + "/yardstick"
        guard let file = unsafe fopen(path, "w") else { return .infinity }
        defer {
            unsafe fclose(file)
            try? FileManager.default.removeItem(atPath: path)
        }
        let descriptor = unsafe fileno(file)
        let block = [UInt8](repeating: 7, count: bytes)
        let times = (0..<appends).map { _ in
            Measurement.nanoseconds {
                precondition(
                    unsafe write(descriptor, block, bytes) == bytes && fdatasync(descriptor) == 0,
                    "Invariant: the disk takes \(bytes) bytes")
            }
        }
        return times.sorted()[appends / 2]
    }
}
