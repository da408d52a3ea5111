/// The directions in which a division may round. There is no default: every caller names the
/// direction, and its comment says whom that favours (DESIGN 3, STYLE rule 4).
@frozen
public enum Rounding: Sendable {
    /// Toward negative infinity.
    case down
    /// Toward positive infinity.
    case up
    /// Toward zero: the magnitude shrinks.
    case towardZero
    /// Away from zero: the magnitude grows.
    case awayFromZero
}
