/// What the tests of order flow share: small files, and a verifier that costs nothing.
@testable import Documents
import Cryptography
import Markets

@testable import Simulation

/// Takes every signature for good, as a node does with those that admission has verified.
struct TrustingVerifier: SignatureVerifier {
    func verify(_ statements: [SignedStatement]) -> [Bool] {
        [Bool](repeating: true, count: statements.count)
    }
}

/// The flow of a file with `text`.
func orderFlow(
    _ text: String, named name: String = "flow.csv", beside: [(name: String, text: String)] = []
) throws -> OrderFlow {
    let folder = try ScratchFolder()
    for file in beside { _ = try folder.write(file.text, to: file.name) }
    return try OrderFlowFile.read(try folder.write(text, to: name))
}

/// How a file with `text` is refused, with the folder cut from the message; nil if it is not.
func flowRefusal(
    _ text: String, named name: String = "flow.csv", beside: [(name: String, text: String)] = []
) throws -> String? {
    do {
        _ = try orderFlow(text, named: name, beside: beside)
        return nil
    } catch let fault as OrderFlowFault {
        let file = fault.file.split(separator: "/").last ?? ""
        return file + String(fault.description.dropFirst(fault.file.count))
    }
}

/// Replays without real signatures.
func replayed(
    _ flow: OrderFlow, blockCommands: Int = 1
) throws(InputFault) -> OrderFlowReport {
    try OrderFlowReplay.run(
        flow, seed: 1, blockCommands: blockCommands, verifier: TrustingVerifier())
}

/// An order in whole units.
func order(_ number: UInt64, _ side: Side, price: Int64, size: Int64) -> OrderFlowOrder {
    OrderFlowOrder(
        identifier: number, side: side, price: price * 1_000_000_000, size: size * 1_000_000_000)
}

/// A flow of these actions, a second apart.
func flow(_ actions: [OrderFlowMessage.Action], isWindow: Bool = false) -> OrderFlow {
    OrderFlow(
        file: "test", format: .lobster,
        messages: actions.enumerated().map { place, action in
            OrderFlowMessage(
                time: 1_700_000_000_000_000_000 + UInt64(place) * 1_000_000_000, action: action)
        }, isWindow: isWindow)
}

let lobsterHeader = "time_s_after_midnight,type,order_id,size,price_x10000,direction\n"
let lobsterBookHeader = "ask_px_x10000,ask_size,bid_px_x10000,bid_size\n"
let bitstampHeader = "id,timestamp,exchange.timestamp,price,volume,action,direction\n"
let marketByOrderHeader =
    "ts_event,ts_recv,instrument_id,action,side,order_id,price,size,flags,sequence\n"

/// A row of a depth stream.
func depthLine(_ second: Int, _ json: String) -> String {
    "\(1_723_161_256 + second)000000000 \(json)\n"
}

let depthSnapshot = depthLine(
    0, #"{"lastUpdateId":100,"bids":[["99.5","2"],["99.0","5"]],"asks":[["100.0","3"]]}"#)

func depthUpdate(
    _ second: Int, first: Int, last: Int, previous: Int, bids: String = "", asks: String = ""
) -> String {
    depthLine(
        second,
        #"{"stream":"x@depth@0ms","data":{"e":"depthUpdate","U":\#(first),"u":\#(last),"#
            + #""pu":\#(previous),"b":[\#(bids)],"a":[\#(asks)]}}"#)
}

func depthTicker(_ second: Int, last: Int, bid: String, ask: String) -> String {
    depthLine(
        second,
        #"{"stream":"x@bookTicker","data":{"u":\#(last),"b":"\#(bid)","B":"1","#
            + #""a":"\#(ask)","A":"1"}}"#)
}
