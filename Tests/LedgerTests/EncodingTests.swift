/// The canonical encoding of everything that enters and leaves: what is written is read back the
/// same, and what was changed is either refused or is exactly what the new bytes say.

import Canonical
import Catalogue
import FixedPoint
import Ledger
import Markets
import Oracle
import TestKit
import Testing

@Suite struct EncodingTests {
    /// Encodes, decodes, and then changes one byte at a time.
    private func check<Value: CanonicalValue & Equatable>(
        _ value: Value, _ random: inout SeededGenerator, changes: Int = 40
    ) throws {
        let bytes = value.canonicalBytes
        #expect(try Value(canonicalBytes: bytes) == value)
        #expect(throws: DecodingFault.self) { try Value(canonicalBytes: bytes + [0]) }
        #expect(throws: DecodingFault.self) { try Value(canonicalBytes: Array(bytes.dropLast())) }
        for _ in 0..<changes {
            var changed = bytes
            let place = Int.random(in: 0..<bytes.count, using: &random)
            changed[place] ^= UInt8.random(in: 1...255, using: &random)
            guard let other = try? Value(canonicalBytes: changed) else { continue }
            #expect(other.canonicalBytes == changed)
            #expect(other != value)
        }
    }

    private func number(_ random: inout SeededGenerator) -> Int64 {
        [0, 1, -1, .max, .min, Int64.random(in: .min ... .max, using: &random)].randomElement(
            using: &random) ?? 0
    }

    private func bytes32(_ random: inout SeededGenerator) -> Bytes32 {
        Bytes32((0..<32).map { _ in UInt8.random(in: 0...255, using: &random) })
    }

    private func label(_ random: inout SeededGenerator) -> Label {
        let count = Int.random(in: 0...Label.byteLimit, using: &random)
        return Label((0..<count).map { _ in UInt8.random(in: 0x20...0x7E, using: &random) })
            ?? Label()
    }

    /// An order with any terms at all.
    private func request(
        _ instrument: InstrumentIdentifier, _ random: inout SeededGenerator
    ) -> OrderRequest {
        func flip() -> Bool { Bool.random(using: &random) }
        return OrderRequest(
            instrument: instrument, side: flip() ? .buy : .sell,
            limit: flip() ? nil : Price(ticks: number(&random)),
            quantity: Quantity(lots: number(&random)),
            timeInForce: TimeInForce.allCases.randomElement(using: &random) ?? .goodTillTime,
            postOnly: flip(), slides: flip(), reduceOnly: flip(),
            clientIdentifier: ClientOrderIdentifier(.random(in: 0 ... .max, using: &random)),
            selfTrade: SelfTradePrevention.allCases.randomElement(using: &random) ?? .cancelBoth,
            isProtected: flip(),
            expiry: flip()
                ? nil : Timestamp(nanoseconds: .random(in: 0 ... .max, using: &random)),
            display: flip() ? nil : Quantity(lots: number(&random)),
            trigger: flip()
                ? nil
                : Trigger(
                    flip() ? .stop : .take, on: flip() ? .mark : .index,
                    at: Price(ticks: number(&random))),
            pair: ClientOrderIdentifier(.random(in: 0 ... .max, using: &random)),
            label: label(&random))
    }

    private func commands(_ random: inout SeededGenerator) -> [Command] {
        let account = AccountIdentifier(UInt32.random(in: 0 ... .max, using: &random))
        let home = CompartmentIdentifier(UInt16.random(in: 0 ... .max, using: &random))
        let instrument = InstrumentIdentifier(UInt16.random(in: 0 ... .max, using: &random))
        let order = OrderIdentifier(UInt64.random(in: 0 ... .max, using: &random))
        let amount = Amount(microunits: number(&random))
        return [
            .place(request(instrument, &random)),
            .amend(
                AmendRequest(
                    order: order,
                    limit: Bool.random(using: &random) ? nil : Price(ticks: number(&random)),
                    remaining: Quantity(lots: number(&random)),
                    postOnly: Bool.random(using: &random),
                    trigger: Bool.random(using: &random) ? nil : Price(ticks: number(&random)))),
            .cancelLabel(label(&random)), .cancelQuotes(nil), .cancelQuotes(instrument),
            .quote(
                QuoteRequest(
                    instrument: instrument, bid: Price(ticks: number(&random)),
                    bidQuantity: Quantity(lots: number(&random)),
                    ask: Price(ticks: number(&random)),
                    askQuantity: Quantity(lots: number(&random)))),
            .setProtection(
                UnderlyingIdentifier(home.number),
                window: Duration(nanoseconds: .random(in: 0 ... .max, using: &random)),
                freeze: Duration(nanoseconds: .random(in: 0 ... .max, using: &random)),
                limit: amount),
            .resetProtection(UnderlyingIdentifier(home.number)), .unoffered(.combo),
            .unoffered(.blockTrade), .unoffered(.requestForQuote),
            .startAuction(
                instrument, length: Duration(nanoseconds: .random(in: 0 ... .max, using: &random))),
            .halt(instrument),
            .listContract(
                .pair(
                    expiry: Timestamp(nanoseconds: .random(in: 0 ... .max, using: &random)),
                    strike: IndexPrice(micros: number(&random))),
                on: UnderlyingIdentifier(home.number), TestGenesis.terms(compartment: home)),
            .cancel(order), .cancelClient(ClientOrderIdentifier(order.number)), .cancelAll(nil),
            .cancelAll(instrument), .withdraw(amount, destination: bytes32(&random)),
            .transfer(amount, to: account),
            .withdrawAsset(
                instrument, Quantity(lots: number(&random)), destination: bytes32(&random)),
            .transferAsset(instrument, Quantity(lots: number(&random)), to: account),
            .depositAsset(
                instrument, Quantity(lots: number(&random)), to: account,
                reference: bytes32(&random)),
            .openAccount(owner: PublicKey(bytes32(&random)), compartment: home),
            .deposit(amount, to: account, reference: bytes32(&random)),
            .depositInsurance(amount, to: home), .setFeeTier(home.number, of: account),
        ]
    }

    @Test func `commands and transactions are read as they were written`() throws {
        var random = SeededGenerator(seed: 61)
        for round in 0..<12 {
            let all = commands(&random)
            for command in all { try check(command, &random) }
            let signer: Signer =
                [.custodian, .operator, .account(AccountIdentifier(UInt32(round)))][round % 3]
            try check(
                Transaction(
                    chain: Digest(bytes32(&random)), signer: signer, nonce: .max,
                    expiry: Timestamp(nanoseconds: UInt64(round)), commands: all,
                    signature: Signature(r: bytes32(&random), s: bytes32(&random))), &random,
                changes: 200)
        }
    }

    @Test func `blocks and receipts of a random life are read as they were written`() throws {
        let chance = try RandomVenue(seed: 62)
        var random = SeededGenerator(seed: 63)
        for _ in 0..<10 {
            let outcome = try chance.step()
            try check(try #require(chance.venue.blocks.last), &random, changes: 20)
            for receipt in outcome.receipts { try check(receipt, &random, changes: 4) }
        }
    }

    @Test func `a genesis is read as it was written, and no changed byte stops the machine`() throws
    {
        var random = SeededGenerator(seed: 64)
        try check(try TestGenesis.genesis(), &random, changes: 4_000)
    }

    @Test func `a catalogue of the largest numbers is refused and does not stop the machine`() {
        let huge = Instrument(
            symbol: TestGenesis.symbol("HUGE"), underlying: UnderlyingIdentifier(0),
            compartment: TestGenesis.main,
            tickSize: IndexPrice(micros: .max - .max % 1_000_000_000),
            lotSize: .max, maximumPrice: Price(ticks: .max),
            maximumOrderQuantity: Quantity(lots: 1), positionLimit: Quantity(lots: 1),
            openInterestLimit: Quantity(lots: 1), priceBand: Ratio(basisPoints: 100))
        #expect(throws: CatalogueFault.self) {
            let plain = try TestGenesis.catalogue(TestGenesis.Options())
            _ = try Catalogue(
                compartments: plain.compartments, underlyings: plain.underlyings,
                instruments: [huge], feeTiers: plain.feeTiers)
        }
    }
}
