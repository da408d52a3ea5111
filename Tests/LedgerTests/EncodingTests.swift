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

    @Test func `commands and transactions are read as they were written`() throws {
        var random = SeededGenerator(seed: 61)
        for round in 0..<12 {
            let all = SampleCommands.all(&random)
            for command in all { try check(command, &random) }
            let signer: Signer =
                [
                    .custodian, .operator, .account(AccountIdentifier(UInt32(round))),
                    .agent(AccountIdentifier(UInt32(round)), slot: 1 + UInt8(round)), .guardian,
                ][round % 5]
            try check(
                Transaction(
                    chain: Digest(SampleCommands.bytes32(&random)), signer: signer, nonce: .max,
                    expiry: Timestamp(nanoseconds: UInt64(round)), commands: all,
                    signature: SampleCommands.signature(&random)), &random,
                changes: 200)
        }
    }

    @Test func `blocks, receipts and events of a random life are read as they were written`() throws
    {
        let chance = try RandomVenue(seed: 62)
        var random = SeededGenerator(seed: 63)
        for _ in 0..<10 {
            let outcome = try chance.step()
            try check(try #require(chance.venue.blocks.last), &random, changes: 20)
            for receipt in outcome.receipts { try check(receipt, &random, changes: 4) }
            for event in outcome.events { try check(event, &random, changes: 4) }
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
