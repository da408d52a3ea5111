/// Named values in one call, for objects with many of them.

import Canonical
import Catalogue
import FixedPoint
import JSON

extension JSONWriter {
    mutating func put(_ name: String, _ text: String) {
        self.name(name)
        string(text)
    }

    mutating func put(_ name: String, _ flag: Bool) {
        self.name(name)
        boolean(flag)
    }

    mutating func put<Number: BinaryInteger>(_ name: String, _ value: Number) {
        self.name(name)
        integer(value)
    }

    /// Units of 10⁻ᵈ.
    mutating func put(_ name: String, _ units: Int64, decimals: Int) {
        self.name(name)
        decimal(units, decimals: decimals)
    }

    /// Units of 10⁻ᵈ.
    mutating func put(_ name: String, wide units: Int128, decimals: Int) {
        self.name(name)
        decimal(units, decimals: decimals)
    }

    mutating func put(_ name: String, _ amount: Amount) {
        put(name, amount.units, decimals: APIDecimals.price)
    }

    mutating func put(_ name: String, _ price: IndexPrice) {
        put(name, price.units, decimals: APIDecimals.price)
    }

    /// Milliseconds since 1970.
    mutating func put(_ name: String, _ time: Timestamp) { put(name, time.milliseconds) }

    mutating func putNull(_ name: String) {
        self.name(name)
        null()
    }

    /// An order price.
    mutating func put(_ name: String, _ price: Price, of instrument: Instrument) {
        put(
            name, wide: Int128(price.ticks) * Int128(instrument.tickSize.units),
            decimals: APIDecimals.price)
    }

    /// Lots as an amount of the underlying.
    mutating func put(_ name: String, _ lots: Quantity, of instrument: Instrument) {
        put(
            name, wide: Int128(lots.lots) * Int128(instrument.lotSize), decimals: APIDecimals.amount
        )
    }
}
