/// The encoding of commands: a tag, then the fields in the order of their declaration.

public import Canonical
import FixedPoint

extension Command: CanonicalValue {
    /// The first byte of a command; never used again for another.
    private enum Tag: UInt8 {
        case place = 1
        case amend = 2
        case cancel = 3
        case cancelClient = 4
        case cancelAll = 5
        case withdraw = 6
        case transfer = 7
        case openAccount = 32
        case deposit = 33
        case depositInsurance = 34
        case setFeeTier = 64
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
        case .openAccount: .openAccount
        case .deposit: .deposit
        case .depositInsurance: .depositInsurance
        case .setFeeTier: .setFeeTier
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
        case .withdraw(let amount, let destination):
            encoder.append(amount)
            encoder.append(destination)
        case .transfer(let amount, let target):
            encoder.append(amount)
            encoder.append(target)
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
        case .setFeeTier(let tier, let account):
            encoder.append(tier)
            encoder.append(account)
        }
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        let start = decoder.offset
        switch Tag(rawValue: try decoder.byte()) {
        case .place: self = .place(try decoder.value())
        case .amend: self = .amend(try decoder.value())
        case .cancel: self = .cancel(try decoder.value())
        case .cancelClient: self = .cancelClient(try decoder.value())
        case .cancelAll: self = .cancelAll(try decoder.optional())
        case .withdraw:
            self = .withdraw(try decoder.quantity(), destination: try decoder.bytes32())
        case .transfer: self = .transfer(try decoder.quantity(), to: try decoder.value())
        case .openAccount:
            self = .openAccount(owner: try decoder.value(), compartment: try decoder.value())
        case .deposit:
            self = .deposit(
                try decoder.quantity(), to: try decoder.value(), reference: try decoder.bytes32())
        case .depositInsurance:
            self = .depositInsurance(try decoder.quantity(), to: try decoder.value())
        case .setFeeTier: self = .setFeeTier(try decoder.uint16(), of: try decoder.value())
        case nil: throw DecodingFault(.unknownTag, at: start)
        }
    }
}
