/// An order from its admission to its end. It follows from events, and from the signed request
/// where that says what no event does: label, display, the wish to be post-only.

package import Canonical
package import FixedPoint
package import Ledger
package import Markets

/// Where an order is in its life.
package enum OrderState: UInt8, Sendable {
    /// It waits for its trigger.
    case untriggered = 0
    case open = 1
    case filled = 2
    case cancelled = 3
    /// Its trigger fired, and as a new order it was refused.
    case rejected = 4

    package var isFinal: Bool {
        switch self {
        case .untriggered, .open: false
        case .filled, .cancelled, .rejected: true
        }
    }
}

/// One order.
package struct OrderRow: HistoryRow {
    package var number: OrderIdentifier
    package var account: AccountIdentifier
    package var instrument: InstrumentIdentifier
    package var group: InstrumentGroup
    package var flags: OrderFlags
    package var client: ClientOrderIdentifier
    package var created: Timestamp
    package var updated: Timestamp
    /// The event that admitted it.
    package var accepted: UInt64
    /// The event that ended it.
    package var ended: UInt64?
    package var state: OrderState
    /// Why it ended.
    package var reason: CloseReason?
    /// Nil of a market order.
    package var limit: Price?
    /// All lots, those that have traded included.
    package var quantity: Quantity
    package var filled = Quantity.zero
    /// Σ ticks × lots of its fills.
    package var filledTicks: Int128 = 0
    /// Negative is a rebate.
    package var fees = Amount.zero
    /// The trigger that it has or had.
    package var trigger: Trigger?
    package var isTriggered = false
    /// Why it was refused when its trigger fired.
    package var refusal: Refusal?
    package var isReplaced = false
    package var display: Quantity?
    package var isPostOnly = false
    package var rejectsPostOnly = false
    package var label = Label()

    package static let table = Table(
        "orders", key: 1, isChanging: true,
        [
            .integer("number"), .integer("account"), .integer("instrument"),
            .integer("market"), .integer("flags"), .integer("client"), .integer("created"),
            .integer("updated"), .integer("accepted"), .integer("ended").optional,
            .integer("state"), .integer("reason").optional, .integer("limit_price").optional,
            .integer("quantity"), .integer("filled"), .text("filled_ticks"), .integer("fees"),
            .integer("trigger_kind").optional, .integer("trigger_reference").optional,
            .integer("trigger_price").optional, .integer("triggered"),
            .integer("refusal").optional, .integer("replaced"), .integer("display").optional,
            .integer("post_only"), .integer("rejects_post_only"), .text("label"),
        ],
        indexes: [
            TableIndex(columns: ["account", "ended"]),
            TableIndex(columns: ["account", "instrument", "ended"]),
            TableIndex(columns: ["account", "label", "number"], condition: "label <> ''"),
            TableIndex(columns: ["number"], condition: "ended IS NULL"),
        ])

    package func put(into values: inout RowValues) {
        values.put(number)
        values.put(account)
        values.put(instrument)
        values.put(group.number)
        values.put(flags)
        // All 64 bits are the client's.
        values.put(Int64(bitPattern: client.number))
        values.put(created)
        values.put(updated)
        values.put(accepted)
        values.put(optional: ended)
        values.put(UInt64(state.rawValue))
        values.put(optional: reason.map { UInt64($0.rawValue) })
        values.put(limit)
        values.put(quantity)
        values.put(filled)
        values.put(wide: filledTicks)
        values.put(fees)
        values.put(optional: trigger.map { UInt64($0.kind.rawValue) })
        values.put(optional: trigger.map { UInt64($0.reference.rawValue) })
        values.put(trigger?.price)
        values.put(isTriggered)
        values.put(optional: refusal.map { UInt64($0.rawValue) })
        values.put(isReplaced)
        values.put(display)
        values.put(isPostOnly)
        values.put(rejectsPostOnly)
        values.put(label)
    }
}

extension OrderRow {
    package init(from fields: inout RowFields) throws(HistoryFault) {
        number = try fields.order()
        account = try fields.account()
        instrument = try fields.instrument()
        group = InstrumentGroup(number: try fields.integer())
        flags = try fields.flags()
        client = ClientOrderIdentifier(UInt64(bitPattern: try fields.integer()))
        created = try fields.timestamp()
        updated = try fields.timestamp()
        accepted = try fields.whole()
        ended = try fields.optionalWhole()
        state = try fields.choice()
        reason = try fields.optionalChoice()
        limit = try fields.optionalQuantity()
        quantity = try fields.quantity()
        filled = try fields.quantity()
        filledTicks = try fields.wide()
        fees = try fields.quantity()
        let kind: TriggerKind? = try fields.optionalChoice()
        let reference: TriggerReference? = try fields.optionalChoice()
        let price: Price? = try fields.optionalQuantity()
        if let kind, let reference, let price {
            trigger = Trigger(kind, on: reference, at: price)
        }
        isTriggered = try fields.boolean()
        refusal = try fields.optionalChoice()
        isReplaced = try fields.boolean()
        display = try fields.optionalQuantity()
        isPostOnly = try fields.boolean()
        rejectsPostOnly = try fields.boolean()
        label = try fields.label()
    }
}

extension RowValues {
    mutating func put(_ flags: OrderFlags) {
        let bytes = flags.canonicalBytes
        put(UInt64(bytes[0]) | UInt64(bytes[1]) << 8)
    }
}

extension RowFields {
    mutating func flags() throws(HistoryFault) -> OrderFlags {
        let bits: UInt16 = try whole()
        do throws(DecodingFault) {
            return try OrderFlags(canonicalBytes: [
                UInt8(truncatingIfNeeded: bits), UInt8(truncatingIfNeeded: bits >> 8),
            ])
        } catch {
            throw damaged
        }
    }
}
