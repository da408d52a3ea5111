/// The genesis that a new venue starts from: it must be one, and say what it is.
import Canonical
import Catalogue
import FixedPoint
import Ledger
import Oracle
import Testing

@testable import Documents

private func key(_ number: UInt8) -> PublicKey {
    PublicKey(Bytes32([UInt8](repeating: number, count: 32)))
}

private func template(publishers: Int = 3, name: String = "harbour") throws -> GenesisTemplate {
    GenesisTemplate(
        name: try #require(Symbol(Array(name.utf8))), time: 1_800_000_000, custodian: key(1),
        operator: key(2), publishers: (0..<publishers).map { key(UInt8(10 + $0)) })
}

private func genesis(_ text: String) throws -> Genesis {
    try GenesisDocument.genesis(GenesisFile(path: "genesis.json", bytes: Array(text.utf8)))
}

@Test(arguments: [1, 3, GenesisTemplate.mostPublishers])
func theTemplateIsAValidGenesis(_ publishers: Int) throws {
    let genesis = try genesis(try template(publishers: publishers).text)
    #expect(genesis.name.text == "harbour")
    #expect(genesis.time == Timestamp(nanoseconds: 1_800_000_000_000_000_000))
    #expect(genesis.custodian == key(1))
    #expect(genesis.operator == key(2))
    #expect(genesis.publishers.map(\.key) == (0..<publishers).map { key(UInt8(10 + $0)) })
    #expect(genesis.catalogue.instruments.map(\.symbol.text) == ["BTC-PERP", "ETH-PERP"])
    #expect(genesis.catalogue.listingRules.count == 2)
}

@Test func whatTheTemplateSaysIsWhatTheFileOfItsGenesisSays() throws {
    let first = try genesis(try template().text)
    #expect(try genesis(first.json).chain == first.chain)
}

@Test func otherKeysAreAnotherChain() throws {
    let first = try genesis(try template(publishers: 3).text)
    let second = try genesis(try template(publishers: 4).text)
    #expect(first.chain != second.chain)
}

@Test func everyContractThatTheTemplateListsByItselfFits() throws {
    let genesis = try genesis(try template().text)
    var catalogue = genesis.catalogue
    for (place, rule) in genesis.catalogue.listingRules.enumerated() {
        let underlying = genesis.catalogue.underlyings[place]
        let contracts = rule.contracts(
            after: genesis.time, index: underlying.listingPrice,
            highest: underlying.maximumIndexPrice)
        #expect(contracts.count > 20)
        for contract in contracts {
            let terms = try #require(rule.terms(of: contract))
            let instruments = try #require(
                terms.instruments(
                    of: contract, on: rule.underlying, named: underlying.symbol))
            try catalogue.list(instruments)
        }
    }
}

@Test func everyFieldThatTheFirstMarketExplainsStandsInTheSecondWithoutWords() throws {
    let (first, second) = (MarketTemplate.all[0], MarketTemplate.all[1])
    for (left, right) in [
        (first.underlying(publishers: 5), second.underlying(publishers: 5)),
        (first.listing, second.listing),
        (first.perpetualInstrument, second.perpetualInstrument),
    ] {
        let fields = left.split(separator: "\n").filter {
            !$0.drop { $0 == " " }.hasPrefix("//")
        }
        #expect(fields.count < left.split(separator: "\n").count)
        #expect(fields.count == right.split(separator: "\n").count)
        #expect(!right.contains("//"))
    }
}
