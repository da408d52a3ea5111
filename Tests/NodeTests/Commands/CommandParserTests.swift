/// Every command of the ledger as words, and every word that is none.
import Breakers
import Canonical
import Catalogue
import Documents
import FixedPoint
import Ledger
import Liquidation
import Markets
import Testing

@testable import Node

private let now = CommandBench.now
private let address = "0x" + String(repeating: "0b", count: 20)
private let publicKey = String(repeating: "0a", count: 32)

private func key(_ byte: UInt8) -> Bytes32 { Bytes32([UInt8](repeating: byte, count: 32)) }

private func parser() throws -> CommandParser {
    let template = GenesisTemplate(
        name: try #require(Symbol(Array("test".utf8))), time: now / 1_000_000_000,
        custodian: PublicKey(key(1)), operator: PublicKey(key(2)), publishers: [PublicKey(key(3))])
    let genesis = try GenesisDocument.genesis(
        GenesisFile(path: "genesis.json", bytes: Array(template.text.utf8)))
    let node = try RemoteNode(RemoteNode.standardAddress) { (_, _) throws(CommandFault) in
        throw CommandFault("no node", exit: ExitCode.unavailable)
    }
    return CommandParser(directory: VenueDirectory(genesis: genesis, node: node), now: now)
}

private let bitcoin = InstrumentIdentifier(0)
private let lots = Quantity(lots: 5_000)
private let price = Price(ticks: 97_000)
private let account = AccountIdentifier(7)
private let destination = Bytes32(
    [UInt8](repeating: 0, count: 12) + [UInt8](repeating: 11, count: 20))
private let arrival = Bytes32(Array("wire-1".utf8) + [UInt8](repeating: 0, count: 26))
private let units = Amount(microunits: 12_500_000)

private let written: [(String, Command)] = [
    (
        "open-account \(publicKey)",
        .openAccount(
            owner: .ed25519(PublicKey(key(10))), compartment: CompartmentIdentifier(0))
    ),
    ("deposit 12.5 7 wire-1", .deposit(units, to: account, reference: arrival)),
    (
        "deposit 12.5 7 \(publicKey)", .deposit(units, to: account, reference: key(10))
    ),
    ("deposit-insurance 12.5 MAIN", .depositInsurance(units, to: CompartmentIdentifier(0))),
    (
        "deposit-asset BTC-PERP 0.5 7 wire-1",
        .depositAsset(bitcoin, lots, to: account, reference: arrival)
    ),
    ("set-fee-tier 1 7", .setFeeTier(1, of: account)),
    ("start-auction BTC-PERP 60", .startAuction(bitcoin, length: .seconds(60))),
    ("halt ETH-PERP", .halt(InstrumentIdentifier(1))),
    (
        "set-rescue trigger=120 target=150 from=8,9 daily=12.5 keeps=12.5 gives=12.5",
        .setRescue(
            RescueTerms(
                rebalancing: RebalancingTerms(
                    trigger: Ratio(basisPoints: 12_000), target: Ratio(basisPoints: 15_000),
                    sources: [AccountIdentifier(8), AccountIdentifier(9)], dailyMost: units),
                giving: GivingTerms(keeps: units, dailyMost: units)))
    ),
    (
        "set-rescue hedge=110 share=50 band=1 notional=12.5",
        .setRescue(
            RescueTerms(
                hedge: HedgeTerms(
                    level: Ratio(basisPoints: 11_000), share: Ratio(basisPoints: 5_000),
                    band: Ratio(basisPoints: 100), dailyMost: units)))
    ),
    ("clear-rescue", .setRescue(nil)),
    ("set-maker 7 yes", .setMaker(true, of: account)),
    ("set-maker 7 no", .setMaker(false, of: account)),
    (
        "raise-level halt market ETH-PERP 60",
        .raiseLevel(.instrument(InstrumentIdentifier(1)), .halted, for: .seconds(60))
    ),
    (
        "raise-level reduce underlying ETH 600",
        .raiseLevel(.underlying(UnderlyingIdentifier(1)), .reduceOnly, for: .seconds(600))
    ),
    (
        "raise-level auction all MAIN 600",
        .raiseLevel(.compartment(CompartmentIdentifier(0)), .auctionOnly, for: .seconds(600))
    ),
    ("cancel-withdrawal", .cancelWithdrawal),
    (
        "buy BTC-PERP 0.5 97000",
        .place(OrderRequest(instrument: bitcoin, side: .buy, limit: price, quantity: lots))
    ),
    (
        "sell BTC-PERP 0.5 market reduce-only",
        .place(
            OrderRequest(
                instrument: bitcoin, side: .sell, limit: nil, quantity: lots,
                timeInForce: .immediateOrCancel, reduceOnly: true))
    ),
    (
        "buy BTC-PERP 0.5 97000 post-only client=9 label=a",
        .place(
            OrderRequest(
                instrument: bitcoin, side: .buy, limit: price, quantity: lots, postOnly: true,
                clientIdentifier: ClientOrderIdentifier(9), label: Label([97]) ?? Label()))
    ),
    (
        "buy BTC-PERP 0.5 97000 fok",
        .place(
            OrderRequest(
                instrument: bitcoin, side: .buy, limit: price, quantity: lots,
                timeInForce: .fillOrKill))
    ),
    (
        "amend 4 BTC-PERP 0.5 97000",
        .amend(
            AmendRequest(
                order: OrderIdentifier(4), limit: price, remaining: lots, postOnly: false))
    ),
    ("cancel 4", .cancel(OrderIdentifier(4))),
    ("cancel client=4", .cancelClient(ClientOrderIdentifier(4))),
    ("cancel-all", .cancelAll(nil)), ("cancel-all BTC-PERP", .cancelAll(bitcoin)),
    ("cancel-label a", .cancelLabel(Label([97]) ?? Label())),
    (
        "quote BTC-PERP 97000 0.5 97001 0.5",
        .quote(
            QuoteRequest(
                instrument: bitcoin, bid: price, bidQuantity: lots, ask: Price(ticks: 97_001),
                askQuantity: lots))
    ),
    ("cancel-quotes", .cancelQuotes(nil)),
    (
        "set-protection BTC 5 60 12.5",
        .setProtection(
            UnderlyingIdentifier(0), window: .seconds(5), freeze: .seconds(60), limit: units)
    ),
    ("reset-protection 1", .resetProtection(UnderlyingIdentifier(1))),
    ("transfer 12.5 7", .transfer(units, to: account)),
    ("transfer-asset BTC-PERP 0.5 7", .transferAsset(bitcoin, lots, to: account)),
    ("withdraw 12.5 \(address)", .withdraw(units, destination: destination)),
    (
        "withdraw-asset BTC-PERP 0.5 \(publicKey)",
        .withdrawAsset(bitcoin, lots, destination: key(10))
    ),
    (
        "set-agent 3 \(address) trade 30",
        .setAgent(
            3,
            AgentGrant(
                key: .ethereum(EthereumAddress([UInt8](repeating: 11, count: 20))), scope: .trade,
                expiry: Timestamp(nanoseconds: now + 30 * 86_400 * 1_000_000_000)))
    ),
    (
        "set-agent 3 \(address) trade 30 band=0.25 loss=12.5",
        .setAgent(
            3,
            AgentGrant(
                key: .ethereum(EthereumAddress([UInt8](repeating: 11, count: 20))), scope: .trade,
                expiry: Timestamp(nanoseconds: now + 30 * 86_400 * 1_000_000_000),
                limits: AgentLimits(
                    priceBand: Ratio(billionths: 2_500_000),
                    dailyLoss: Amount(microunits: 12_500_000))))
    ),
    ("revoke-agent 32", .setAgent(32, nil)),
    ("rotate-master \(publicKey)", .rotateMaster(.ed25519(PublicKey(key(10))))),
    ("allow-destination \(address)", .allowDestination(destination)),
    ("remove-destination \(address)", .removeDestination(destination)),
    ("open-subaccount", .openSubaccount(CompartmentIdentifier(0))),
    (
        "set-backstop 50 10 12.5 ETH:12.5:7 BTC:100:9",
        .setBackstop(
            BackstopLimits(
                markets: [
                    BackstopMarket(
                        underlying: UnderlyingIdentifier(0),
                        notional: Amount(microunits: 100_000_000),
                        loss: Amount(microunits: 9_000_000)),
                    BackstopMarket(
                        underlying: UnderlyingIdentifier(1), notional: units,
                        loss: Amount(microunits: 7_000_000)),
                ], sliceShare: Ratio(basisPoints: 5_000),
                leastDiscount: Ratio(basisPoints: 1_000), marginLeft: units))
    ),
    ("give-backstop-notice", .giveBackstopNotice), ("leave-backstop", .leaveBackstop),
]

@Test func everyCommandCanBeWritten() throws {
    let parser = try parser()
    for (text, command) in written {
        let words = text.split(separator: " ").map(String.init)
        #expect(try parser.commands(words) == [command], "\(text)")
    }
    let verbs = written.map { $0.0.prefix { $0 != " " } } + ["list-contract"]
    for verb in CommandSyntax.verbs { #expect(verbs.contains { $0 == verb }, "\(verb)") }
}

@Test func contractsAreListedByTheRuleOfTheGenesis() throws {
    let parser = try parser()
    let rules = try #require(parser.directory.genesis).catalogue.listingRules
    let expiry = Timestamp(nanoseconds: 1_830_240_000_000_000_000)
    let future = try parser.commands(["list-contract", "ETH", "future", "2027-12-31"])
    #expect(
        future == [
            .listContract(
                .future(expiry: expiry), on: UnderlyingIdentifier(1),
                try #require(rules[1].futures?.terms))
        ])
    let pair = try parser.commands(["list-contract", "BTC", "pair", "2027-12-31", "100000"])
    #expect(
        pair == [
            .listContract(
                .pair(expiry: expiry, strike: IndexPrice(micros: 100_000_000_000)),
                on: UnderlyingIdentifier(0), try #require(rules[0].options?.terms))
        ])
}

@Test(
    arguments: [
        ("", "a command is missing"), ("hlat BTC-PERP", "did you mean 'halt'?"),
        ("halt", "halt needs INSTRUMENT"), ("halt BTC-PERP now", "one word too many"),
        ("set-maker 7 maybe", "not yes or no"),
        ("raise-level up market BTC-PERP 60", "not auction"),
        ("raise-level halt me BTC-PERP 60", "not all, underlying or market"),
        ("halt BTC-PERP then", "a command is missing"),
        ("deposit 1.0000001 0 x", "more than 6 decimals"), ("deposit 0 0 x", "not above zero"),
        ("deposit -1 0 x", "'-1'"), ("deposit 1e3 0 x", "'1e3'"), ("deposit . 0 x", "'.'"),
        ("deposit 1. 0 x", "'1.'"), ("deposit .5 0 x", "'.5'"),
        ("deposit 9223372036855 0 x", "too large"), ("deposit 1 4294967296 x", "ACCOUNT"),
        ("deposit 1 0 \(String(repeating: "x", count: 32))", "1 to 31 bytes"),
        ("deposit-insurance 1 MIAN", "did you mean 'MAIN'?"), ("deposit-insurance 1 1", "'1'"),
        ("buy BTC-PERP 0.00005 97000", "not a multiple of the lot 0.0001"),
        ("buy BTC-PERP 1 97000.5", "not a multiple of the tick 1"),
        ("buy BTC-PERP 1", "PRICE or market"), ("buy BTC-PERP 1 5 gtc", "no term of an order"),
        ("cancel client=0", "client is '0'"), ("cancel x", "ORDER is 'x'"),
        ("cancel-label \u{e9}", "printable ASCII"), ("withdraw 1 0x12", "no destination"),
        ("withdraw 1 \(String(repeating: "0b", count: 20))", "no destination"),
        ("set-agent 0 \(address) trade 1", "SLOT is '0'"),
        ("set-agent 33 \(address) trade 1", "SLOT is '33'"),
        ("set-agent 1 \(address) all 1", "no scope"),
        ("set-agent 1 \(address) trade 366", "DAYS is '366'"),
        ("set-agent 1 ab trade 1", "no public key"),
        ("set-agent 1 \(address) trade 1 band=0.009", "band is 0.01 to 5"),
        ("set-agent 1 \(address) trade 1 band=5.0000001", "band is 0.01 to 5"),
        ("set-agent 1 \(address) trade 1 loss=0.999999", "loss 1 to 1000000"),
        ("set-agent 1 \(address) trade 1 loss=1000000.000001", "loss 1 to 1000000"),
        ("set-agent 1 \(address) trade 1 limit=1", "no limit of an agent"),
        ("list-contract BTC swap 2027-12-31", "not future or pair"),
        ("list-contract BTC future 2027-13-31", "not a day"),
        ("list-contract BTC future tomorrow", "not a day"),
        ("list-contract BTC pair 2027-12-31", "needs STRIKE"),
    ])
func whatIsNoCommandIsRefused(_ text: String, _ message: String) throws {
    let parser = try parser()
    let words = text.split(separator: " ").map(String.init)
    let fault = #expect(throws: CommandFault.self) { try parser.commands(words) }
    #expect(fault?.exit == ExitCode.usage)
    #expect(fault?.message.contains(message) == true, "\(fault?.message ?? "")")
}

@Test func aTransactionHoldsSixtyFourCommands() throws {
    let parser = try parser()
    let words = Array(repeating: ["cancel-all"], count: 64).joined(separator: ["then"])
    #expect(try parser.commands(Array(words)).count == 64)
    #expect(throws: CommandFault.self) {
        try parser.commands(Array(words) + ["then", "cancel-all"])
    }
}

@Test(arguments: [
    (Int64(1_500_000), 6, "1.5"), (1, 9, "0.000000001"), (0, 6, "0"), (7_000, 3, "7"),
])
func decimalsAreWrittenWithoutTrailingZeros(_ units: Int64, _ digits: Int, _ text: String) {
    #expect(ExactDecimal.text(units, digits: digits) == text)
}
