/// A line of an account's statement: what moved its cash or its assets, with the balance behind it.
/// Fills are kept as `FillRow`, and make their lines when they are read.

package import Canonical
package import FixedPoint
package import Ledger

/// What moved an account's money. The numbers stand in databases: none is used again.
package enum EntryKind: UInt8, CaseIterable, Sendable {
    case trade = 0
    case deposit = 1
    case withdrawal = 2
    case transfer = 3
    /// Funding that was due when a position changed.
    case funding = 4
    /// The end of a contract.
    case delivery = 5
    /// On a debt of the quote asset.
    case interest = 6
    case liquidationFee = 7
    /// Closed against another account without a book.
    case deleverage = 8
    /// The insurance fund, or others, paid this account's loss.
    case lossCovered = 9
    /// This account paid a part of another's loss.
    case lossPaid = 10
    /// A slice of a position changed hands in a backstop's auction, or was closed for a provider.
    case slice = 11
    /// The discount of slices.
    case slicePayment = 12
    /// A provider's share of fees.
    case backstopPay = 13
    /// A maker's rebate of an epoch.
    case makerRebate = 14
}

/// What an amount is of.
package enum EntryCurrency: Equatable, Sendable {
    /// Micro-units of the compartment's collateral.
    case quote
    /// Lots of spot.
    case asset(InstrumentIdentifier)

    var instrument: InstrumentIdentifier? {
        if case .asset(let instrument) = self { instrument } else { nil }
    }
}

/// What more there is to say of a line.
package enum EntryDetail: Equatable, Sendable {
    case none
    /// Where it came from, by the custodian's reference, or where it went.
    case outside(Bytes32)
    case settlement(SettlementKind)
    /// By what measure it was closed against another.
    case closing(Deleverage)
    /// By what sum it pays a part of another's loss.
    case demand(LossDemand)
}

/// One line.
package struct EntryRow: HistoryRow {
    package var account: AccountIdentifier
    /// The number of the event behind it.
    package var event: UInt64
    /// Among the account's lines of that event, from 0.
    package var line: UInt8
    package var time: Timestamp
    package var kind: EntryKind
    package var currency: EntryCurrency
    /// Signed; in the unit of the currency.
    package var change: Int64
    /// After it.
    package var balance: Int64
    package var instrument: InstrumentIdentifier?
    package var group: InstrumentGroup?
    /// Lots after it.
    package var position: Quantity?
    /// Lots that it moved; not negative.
    package var quantity: Quantity?
    /// What was realised.
    package var profit: Amount?
    /// The account on the other side.
    package var other: AccountIdentifier?
    package var detail = EntryDetail.none

    package static let table = Table(
        "entries", key: 3,
        [
            .integer("account"), .integer("event"), .integer("line"), .integer("time"),
            .integer("kind"), .integer("asset").optional, .integer("change"),
            .integer("balance"), .integer("instrument").optional,
            .integer("market").optional, .integer("position").optional,
            .integer("quantity").optional,
            .integer("profit").optional, .integer("other").optional,
            .integer("detail_kind"), .bytes("detail").optional,
        ],
        indexes: [TableIndex(columns: ["account", "kind", "event"])])

    package func put(into values: inout RowValues) {
        values.put(account)
        values.put(event)
        values.put(UInt64(line))
        values.put(time)
        values.put(UInt64(kind.rawValue))
        values.put(currency.instrument)
        values.put(change)
        values.put(balance)
        values.put(instrument)
        values.put(group.map { .integer($0.number) } ?? .null)
        values.put(position)
        values.put(quantity)
        values.put(profit)
        values.put(other)
        switch detail {
        case .none:
            values.put(UInt64(0))
            values.put(.null)
        case .outside(let place):
            values.put(UInt64(1))
            values.put(place.bytes)
        case .settlement(let kind):
            values.put(UInt64(2))
            values.put([kind.rawValue])
        case .closing(let deleverage):
            values.put(UInt64(3))
            values.put(deleverage.canonicalBytes)
        case .demand(let demand):
            values.put(UInt64(4))
            values.put(demand.canonicalBytes)
        }
    }
}

extension EntryRow {
    package init(from fields: inout RowFields) throws(HistoryFault) {
        account = try fields.account()
        event = try fields.whole()
        line = try fields.whole()
        time = try fields.timestamp()
        kind = try fields.choice()
        currency = try fields.optionalInstrument().map { .asset($0) } ?? .quote
        change = try fields.integer()
        balance = try fields.integer()
        instrument = try fields.optionalInstrument()
        group = try fields.optionalInteger().map { InstrumentGroup(number: $0) }
        position = try fields.optionalQuantity()
        quantity = try fields.optionalQuantity()
        profit = try fields.optionalQuantity()
        other = try fields.optionalAccount()
        detail = try fields.detail()
    }
}

extension RowFields {
    mutating func detail() throws(HistoryFault) -> EntryDetail {
        switch try integer() {
        case 0:
            guard try optionalBytes() == nil else { throw damaged }
            return .none
        case 1:
            guard let place = try optionalBytes32() else { throw damaged }
            return .outside(place)
        case 2: return .settlement(try value(of: SettlementKind.self))
        case 3: return .closing(try value(of: Deleverage.self))
        case 4: return .demand(try value(of: LossDemand.self))
        default: throw damaged
        }
    }
}
