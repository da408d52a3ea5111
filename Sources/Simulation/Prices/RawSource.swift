/// Prices as they stand in one file: exact, in 10⁻¹² per unit, before the unit of the underlying is
/// known, which may depend on other files. `PriceFile` makes them, `PriceFiles` turns them into
/// histories.

import Documents

/// A bar as read, in 10⁻¹² quote per unit.
struct RawBar {
    let start: UInt64
    let open: Int128
    var high: Int128
    var low: Int128
    var close: Int128
    /// 10⁻¹² of the file's unit of volume.
    var volume: Int128?
}

/// The bars of one venue and symbol in one file.
struct RawSource {
    let venue: String
    let symbol: PriceSymbol
    var bars: [RawBar] = []
    /// The time of the last row, which for trades is later than the start of its bar.
    var lastTime: UInt64 = 0
    /// Nanoseconds a bar covers.
    var duration = TimeText.minute
}
