/// Quantities of the ledger as decimals of the API, and back: prices in quote for one unit of the
/// underlying, amounts in units of the underlying, money in the quote asset. What comes in must lie
/// on the grid of its instrument; nothing is rounded.

package import Catalogue
package import FixedPoint
package import JSON

/// How many decimals there are.
package enum APIDecimals {
    /// Of 10⁻⁶ quote: prices and money.
    package static let price = 6
    /// Of 10⁻⁹ units: amounts.
    package static let amount = 9
    /// Of 10⁻⁹: ratios.
    package static let ratio = 9
    /// Of 10⁻¹²: gamma.
    package static let gamma = 12
}

extension Instrument {
    /// An order price as the API writes it.
    package func value(_ price: Price) -> JSON.Value {
        .number(JSON.Number(micros(price), decimals: APIDecimals.price))
    }

    /// An amount as the API writes it; of a sold one negative.
    package func value(_ quantity: Quantity) -> JSON.Value {
        .number(JSON.Number(nanos(quantity), decimals: APIDecimals.amount))
    }

    func micros(_ price: Price) -> Int128 { Int128(price.ticks) * Int128(tickSize.units) }

    func nanos(_ quantity: Quantity) -> Int128 { Int128(quantity.lots) * Int128(lotSize) }

    /// The lots of an amount.
    ///
    /// - Throws: -32602 where it is not positive, or no whole number of lots.
    package func lots(
        of amount: JSON.Number, parameter: String
    ) throws(APIError) -> Quantity {
        guard let units = amount.scaled(by: APIDecimals.amount), units > 0 else {
            throw .parameter(parameter, "must be positive, with at most 9 decimals")
        }
        guard units % lotSize == 0 else {
            throw APIError(
                .invalidParams,
                data: [
                    JSON.Member("reason", .string("must be a multiple of the contract size")),
                    JSON.Member("param", .string(parameter)),
                    JSON.Member("contract_size", value(Quantity(lots: 1))),
                ])
        }
        return Quantity(lots: units / lotSize)
    }

    /// The ticks of a price.
    ///
    /// - Throws: -32602 where it is not positive, or no whole number of ticks.
    package func ticks(
        of price: JSON.Number, parameter: String
    ) throws(APIError) -> Price {
        guard let units = price.scaled(by: APIDecimals.price), units > 0 else {
            throw .parameter(parameter, "must be positive, with at most 6 decimals")
        }
        guard units % tickSize.units == 0 else {
            throw APIError(
                .invalidParams,
                data: [
                    JSON.Member("reason", .string("must conform to tick size")),
                    JSON.Member("param", .string(parameter)),
                    JSON.Member("tick_size", value(Price(ticks: 1))),
                ])
        }
        return Price(ticks: units / tickSize.units)
    }
}

extension IndexPrice {
    /// As the API writes it.
    package var value: JSON.Value {
        .number(JSON.Number(Int128(units), decimals: APIDecimals.price))
    }
}

extension Amount {
    /// As the API writes it.
    package var value: JSON.Value {
        .number(JSON.Number(Int128(units), decimals: APIDecimals.price))
    }
}

extension Ratio {
    /// As the API writes it.
    package var value: JSON.Value {
        .number(JSON.Number(Int128(units), decimals: APIDecimals.ratio))
    }

    /// In percent.
    package var percent: JSON.Value {
        .number(JSON.Number(Int128(units) * Ratio.hundred, decimals: APIDecimals.ratio))
    }

    private static var hundred: Int128 { 100 }
}

extension Real {
    /// In so many decimals, rounded down.
    ///
    /// - Parameters:
    ///   - decimals: in `0 ... 12`.
    ///   - factor: times this first, such as 100 for percent.
    package func value(decimals: Int, times factor: Int64 = 1) -> JSON.Value {
        var scaled = Int128(bits) * Int128(factor)
        for _ in 0..<decimals { scaled *= 10 }
        return .number(JSON.Number(scaled >> Int128(Real.fractionBits), decimals: decimals))
    }
}

extension JSON.Value {
    /// A whole number.
    package static func integer(_ value: Int64) -> JSON.Value { .number(JSON.Number(value)) }

    /// An instant in milliseconds since 1970.
    package static func instant(_ time: Timestamp) -> JSON.Value { .integer(time.milliseconds) }
}

/// Members of an object on their way.
package struct Fields {
    package private(set) var members: [JSON.Member] = []

    package init() {}

    package mutating func add(_ name: String, _ value: JSON.Value) {
        members.append(JSON.Member(name, value))
    }

    package mutating func add(_ name: String, _ text: String) { add(name, .string(text)) }

    package var value: JSON.Value { .object(members) }
}
