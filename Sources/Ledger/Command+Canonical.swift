/// The encoding of commands: a tag, then the fields in the order of their declaration.

import Breakers
public import Canonical
import Catalogue
import FixedPoint
import Liquidation

extension Command: CanonicalValue {
    /// The first byte of a command; never used again for another.
    enum Tag: UInt8 {
        case place = 1
        case amend = 2
        case cancel = 3
        case cancelClient = 4
        case cancelAll = 5
        case withdraw = 6
        case transfer = 7
        case cancelLabel = 8
        case quote = 9
        case cancelQuotes = 10
        case setProtection = 11
        case resetProtection = 12
        case withdrawAsset = 13
        case transferAsset = 14
        case combo = 16
        case blockTrade = 17
        case requestForQuote = 18
        case setAgent = 19
        case rotateMaster = 20
        case allowDestination = 21
        case removeDestination = 22
        case openSubaccount = 23
        case cancelWithdrawal = 24
        case openAccount = 32
        case deposit = 33
        case depositInsurance = 34
        case depositAsset = 35
        case setFeeTier = 64
        case startAuction = 65
        case halt = 66
        case listContract = 67
        case setMaker = 68
        case raiseLevel = 72
        case setBackstop = 80
        case giveBackstopNotice = 81
        case leaveBackstop = 82
        case setRescue = 90
    }

    private var tag: Tag {
        switch self {
        case .place: .place
        case .amend: .amend
        case .cancel: .cancel
        case .cancelClient: .cancelClient
        case .cancelAll: .cancelAll
        case .withdraw: .withdraw
        case .transfer: .transfer
        case .cancelLabel: .cancelLabel
        case .quote: .quote
        case .cancelQuotes: .cancelQuotes
        case .setProtection: .setProtection
        case .resetProtection: .resetProtection
        case .unoffered(.combo): .combo
        case .unoffered(.blockTrade): .blockTrade
        case .unoffered(.requestForQuote): .requestForQuote
        case .setAgent: .setAgent
        case .rotateMaster: .rotateMaster
        case .allowDestination: .allowDestination
        case .removeDestination: .removeDestination
        case .openSubaccount: .openSubaccount
        case .setRescue: .setRescue
        case .openAccount: .openAccount
        case .deposit: .deposit
        case .depositInsurance: .depositInsurance
        case .withdrawAsset: .withdrawAsset
        case .transferAsset: .transferAsset
        case .depositAsset: .depositAsset
        case .setFeeTier: .setFeeTier
        case .startAuction: .startAuction
        case .halt: .halt
        case .listContract: .listContract
        case .cancelWithdrawal: .cancelWithdrawal
        case .setMaker: .setMaker
        case .raiseLevel: .raiseLevel
        case .setBackstop: .setBackstop
        case .giveBackstopNotice: .giveBackstopNotice
        case .leaveBackstop: .leaveBackstop
        }
    }

    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(tag.rawValue)
        switch self {
        case .place(let request): encoder.append(request)
        case .amend(let request): encoder.append(request)
        case .cancel(let order): encoder.append(order)
        case .cancelClient(let name): encoder.append(name)
        case .cancelAll(let instrument): encoder.append(instrument)
        case .cancelLabel(let label): encoder.append(label)
        case .quote(let request): encoder.append(request)
        case .cancelQuotes(let instrument): encoder.append(instrument)
        case .setProtection(let underlying, let window, let freeze, let limit):
            encoder.append(underlying)
            encoder.append(window.nanoseconds)
            encoder.append(freeze.nanoseconds)
            encoder.append(limit)
        case .resetProtection(let underlying): encoder.append(underlying)
        case .unoffered, .cancelWithdrawal, .giveBackstopNotice, .leaveBackstop: break
        case .setBackstop(let limits): encoder.append(limits)
        case .withdraw(let amount, let destination):
            encoder.append(amount)
            encoder.append(destination)
        case .transfer(let amount, let target):
            encoder.append(amount)
            encoder.append(target)
        case .setAgent, .rotateMaster, .allowDestination, .removeDestination, .openSubaccount,
            .setRescue:
            encodeKeyFields(into: &encoder)
        case .openAccount(let owner, let compartment):
            encoder.append(owner)
            encoder.append(compartment)
        case .deposit(let amount, let target, let reference):
            encoder.append(amount)
            encoder.append(target)
            encoder.append(reference)
        case .depositInsurance(let amount, let compartment):
            encoder.append(amount)
            encoder.append(compartment)
        case .withdrawAsset, .transferAsset, .depositAsset: encodeAssetFields(into: &encoder)
        case .setFeeTier(let tier, let account):
            encoder.append(tier)
            encoder.append(account)
        case .startAuction(let instrument, let length):
            encoder.append(instrument)
            encoder.append(length.nanoseconds)
        case .halt(let instrument): encoder.append(instrument)
        case .listContract(let contract, let underlying, let terms):
            encoder.append(contract)
            encoder.append(underlying)
            encoder.append(terms)
        case .setMaker, .raiseLevel: encodeBreakerFields(into: &encoder)
        }
    }

    /// The fields of the commands about levels.
    private func encodeBreakerFields(into encoder: inout CanonicalEncoder) {
        switch self {
        case .setMaker(let isMaker, let account):
            encoder.append(isMaker)
            encoder.append(account)
        case .raiseLevel(let scope, let level, let length):
            encoder.append(scope)
            encoder.append(level)
            encoder.append(length.nanoseconds)
        default: break
        }
    }

    /// The fields of the commands that move lots of an asset.
    private func encodeAssetFields(into encoder: inout CanonicalEncoder) {
        switch self {
        case .withdrawAsset(let instrument, let lots, let destination):
            encoder.append(instrument)
            encoder.append(lots)
            encoder.append(destination)
        case .transferAsset(let instrument, let lots, let target):
            encoder.append(instrument)
            encoder.append(lots)
            encoder.append(target)
        case .depositAsset(let instrument, let lots, let target, let reference):
            encoder.append(instrument)
            encoder.append(lots)
            encoder.append(target)
            encoder.append(reference)
        default: break
        }
    }

    /// The fields of the commands of an account's master.
    private func encodeKeyFields(into encoder: inout CanonicalEncoder) {
        switch self {
        case .setAgent(let slot, let grant):
            encoder.append(slot)
            encoder.append(grant)
        case .rotateMaster(let key): encoder.append(key)
        case .allowDestination(let address), .removeDestination(let address):
            encoder.append(address)
        case .openSubaccount(let compartment): encoder.append(compartment)
        case .setRescue(let terms): encoder.append(terms)
        default: break
        }
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        self = try Command(tag: try decoder.value(), from: &decoder)
    }

    /// Reads the fields behind a tag.
    init(tag: Tag, from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        switch tag {
        case .place: self = .place(try decoder.value())
        case .amend: self = .amend(try decoder.value())
        case .cancel: self = .cancel(try decoder.value())
        case .cancelClient: self = .cancelClient(try decoder.value())
        case .cancelAll: self = .cancelAll(try decoder.optional())
        case .cancelLabel: self = .cancelLabel(try decoder.value())
        case .quote: self = .quote(try decoder.value())
        case .cancelQuotes: self = .cancelQuotes(try decoder.optional())
        case .setProtection:
            self = .setProtection(
                try decoder.value(), window: Duration(nanoseconds: try decoder.uint64()),
                freeze: Duration(nanoseconds: try decoder.uint64()),
                limit: try decoder.quantity())
        case .resetProtection: self = .resetProtection(try decoder.value())
        case .combo: self = .unoffered(.combo)
        case .blockTrade: self = .unoffered(.blockTrade)
        case .requestForQuote: self = .unoffered(.requestForQuote)
        case .withdraw:
            self = .withdraw(try decoder.quantity(), destination: try decoder.bytes32())
        case .transfer: self = .transfer(try decoder.quantity(), to: try decoder.value())
        case .setAgent: self = .setAgent(try decoder.byte(), try decoder.optional())
        case .rotateMaster: self = .rotateMaster(try decoder.value())
        case .allowDestination: self = .allowDestination(try decoder.bytes32())
        case .removeDestination: self = .removeDestination(try decoder.bytes32())
        case .openSubaccount: self = .openSubaccount(try decoder.value())
        case .setRescue: self = .setRescue(try decoder.optional())
        case .openAccount:
            self = .openAccount(owner: try decoder.value(), compartment: try decoder.value())
        case .deposit:
            self = .deposit(
                try decoder.quantity(), to: try decoder.value(), reference: try decoder.bytes32())
        case .depositInsurance:
            self = .depositInsurance(try decoder.quantity(), to: try decoder.value())
        case .withdrawAsset, .transferAsset, .depositAsset:
            self = try Command(asset: tag, from: &decoder)
        case .setFeeTier: self = .setFeeTier(try decoder.uint16(), of: try decoder.value())
        case .startAuction:
            self = .startAuction(
                try decoder.value(), length: Duration(nanoseconds: try decoder.uint64()))
        case .halt: self = .halt(try decoder.value())
        case .listContract:
            self = .listContract(
                try decoder.value(), on: try decoder.value(), try decoder.value())
        case .cancelWithdrawal: self = .cancelWithdrawal
        case .setBackstop: self = .setBackstop(try decoder.value())
        case .giveBackstopNotice: self = .giveBackstopNotice
        case .leaveBackstop: self = .leaveBackstop
        case .setMaker: self = .setMaker(try decoder.boolean(), of: try decoder.value())
        case .raiseLevel:
            self = .raiseLevel(
                try decoder.value(), try decoder.value(),
                for: Duration(nanoseconds: try decoder.uint64()))
        }
    }
}

extension Command.Tag: CanonicalValue {
    func encode(into encoder: inout CanonicalEncoder) { encoder.append(rawValue) }

    init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        let start = decoder.offset
        guard let tag = Command.Tag(rawValue: try decoder.byte()) else {
            throw DecodingFault(.unknownTag, at: start)
        }
        self = tag
    }
}

extension Command {
    /// Reads the fields behind a tag of an asset's move.
    fileprivate init(asset tag: Tag, from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        let instrument: InstrumentIdentifier = try decoder.value()
        let lots: Quantity = try decoder.quantity()
        switch tag {
        case .withdrawAsset:
            self = .withdrawAsset(instrument, lots, destination: try decoder.bytes32())
        case .transferAsset: self = .transferAsset(instrument, lots, to: try decoder.value())
        default:
            self = .depositAsset(
                instrument, lots, to: try decoder.value(), reference: try decoder.bytes32())
        }
    }
}
