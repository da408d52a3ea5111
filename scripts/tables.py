#!/usr/bin/env python3
"""Makes the tables of Sources/FixedPoint from 40-digit functions and checks their stated bounds.

    python3 -m venv /tmp/tables && /tmp/tables/bin/pip install mpmath==1.4.1
    /tmp/tables/bin/python scripts/tables.py            # compares with what is checked in
    /tmp/tables/bin/python scripts/tables.py --write    # writes the files

Ends with 1 where a file differs, and stops where a bound does not hold.
"""
import pathlib
import sys

from mpmath import chebyfit, exp, log, mp, mpf, ncdf, nint, npdf, polyval

mp.dps = 40
ROOT = pathlib.Path(__file__).resolve().parent.parent
WIDTH = 100
UNIT = mpf(2) ** 40


def fixed(number, bits):
    """The nearest multiple of 2^-bits, as a whole number."""
    return int(nint(number * mpf(2) ** bits))


def interpolant(function, degree):
    """Chebyshev interpolant on -1 ... 1, the constant first."""
    return list(reversed(chebyfit(function, [-1, 1], degree + 1)))


def error(coefficients, function, steps):
    """The largest distance at evenly spaced points."""
    points = [2 * mpf(step) / steps - 1 for step in range(steps + 1)]
    descending = list(reversed(coefficients))
    return max(abs(polyval(descending, point) - function(point)) for point in points)


def rows(numbers):
    """Numbers in lines of the width of the sources."""
    lines, line = [], " " * 8
    for number in numbers:
        text = f"{number},"
        if len(line) + len(text) + 1 > WIDTH:
            lines.append(line.rstrip())
            line = " " * 8
        line += text + " "
    return "\n".join(lines + [line.rstrip()])


def piecewise(function, first, last, per_unit, degree, bound):
    """Polynomials by segment, all coefficients in 2^-62; the bound is in 2^-40."""
    numbers, worst = [], 0
    half = mpf(1) / (2 * per_unit)
    for segment in range(first * per_unit, last * per_unit):
        middle = mpf(segment) / per_unit + half
        local = lambda t: function(middle + half * t)
        coefficients = interpolant(local, degree)
        worst = max(worst, error(coefficients, local, 20))
        numbers += [fixed(coefficient, 62) for coefficient in coefficients]
    assert worst * UNIT < bound, f"{worst * UNIT} is not below {bound}"
    return numbers


def normal_table():
    coefficients = piecewise(lambda x: ncdf(-x), 0, 8, 16, 5, mpf("0.11"))
    return f"""/// The upper tail of the normal distribution, `1 − Φ(x)` for x in `0 ..< 8`, as 128 polynomials of
/// degree five, each on a sixteenth: the Chebyshev interpolants of the 40-digit function, within
/// 0.11·2⁻⁴⁰ of it. Made by `scripts/tables.py`, which checks that bound again.

enum NormalTable {{
    /// Segments per unit, as a power of two.
    static let segmentBits: Int64 = 4
    /// Coefficients of a segment, the constant first.
    static let degree = 5
    /// In 2⁻⁶²; the variable runs from −1 to 1 over the segment.
    static let coefficients: [Int64] = [
{rows(coefficients)}
    ]
}}
"""


def tail_ratio_table():
    coefficients = piecewise(lambda x: ncdf(-x) / npdf(x), 2, 13, 8, 5, mpf("0.7"))
    return f"""/// The upper tail of the normal distribution over its density, `(1 − Φ(x)) / φ(x)` for x in
/// `2 ..< 13` (Mills 1926), as 88 polynomials of degree five, each on an eighth: the Chebyshev
/// interpolants of the 40-digit function, within 0.7·2⁻⁴⁰ of it. Made by `scripts/tables.py`, which
/// checks that bound again.

enum TailRatioTable {{
    /// Where the table starts and ends.
    static let start: Int64 = 2
    static let end: Int64 = 13
    /// Segments per unit, as a power of two.
    static let segmentBits: Int64 = 3
    /// Coefficients of a segment, the constant first.
    static let degree = 5
    /// In 2⁻⁶²; the variable runs from −1 to 1 over the segment.
    static let coefficients: [Int64] = [
{rows(coefficients)}
    ]
}}
"""


def exponential_table():
    powers = [fixed(mpf(2) ** (mpf(i) / 64), 62) for i in range(64)]
    power = lambda t: mpf(2) ** ((t + 1) / 128)
    remainder = interpolant(power, 4)
    assert error(remainder, power, 100) < mpf("3e-15")
    inverses = [fixed(1 / (1 + (mpf(i) + mpf(1) / 2) / 64), 16) for i in range(64)]
    logarithms = [fixed(-log(mpf(inverse) / 2**16), 60) for inverse in inverses]
    return f"""/// The tables behind `Real.exp` and `Real.log`. Made by `scripts/tables.py`.

enum ExponentialTable {{
    /// 2^(i/64), in 2⁻⁶².
    static let powers: [UInt64] = [
{rows(powers)}
    ]
    /// 2^(g/64) for g in `0 ..< 1`, of the variable 2g − 1, within 3·10⁻¹⁵; in 2⁻⁶².
    static let remainder: [Int64] = [
{rows(fixed(coefficient, 62) for coefficient in remainder)}
    ]
    /// 1 / (1 + (i + ½)/64), rounded to 2⁻¹⁶.
    static let inverses: [UInt64] = [
{rows(inverses)}
    ]
    /// −ln of the inverses, in 2⁻⁶⁰.
    static let logarithms: [Int64] = [
{rows(logarithms)}
    ]
    /// ln 2, in 2⁻⁶⁰.
    static let logarithmOfTwo: Int64 = {fixed(log(2), 60)}
    /// 64 / ln 2, in 2⁻⁴⁰.
    static let powersPerUnit: Int64 = {fixed(64 / log(2), 40)}
}}
"""


def black_table():
    """Points for Tests/RiskTests/Pricing: exact values at inputs that are exact in 2^-40."""
    volatilities = ["1e-6", "1e-4", "0.003", "0.02", "0.1", "0.3", "0.7", "1.5", "3", "5", "8"]
    moneynesses = ["1e-4", "0.003", "0.03", "0.3", "0.7", "0.9", "0.99", "0.9999", "1", "1.0001",
                   "1.01", "1.1", "1.5", "4", "7.9", "8.1", "16", "90", "700", "1e4"]
    # Beside them moneynesses a few standard deviations from one, where the value bends.
    lines = []
    for volatility in volatilities:
        total = mpf(fixed(mpf(volatility), 40)) / UNIT
        bent = [exp(total * mpf(k) / 2) for k in (-6, -3, -1, 1, 3, 6)]
        for moneyness in [mpf(m) for m in moneynesses] + bent:
            share = mpf(fixed(moneyness, 40)) / UNIT
            if not mpf("1e-4") / 2 < share < 20_000:
                continue
            logarithm = log(share)
            upper = -logarithm / total + total / 2
            lower = upper - total
            value = ncdf(upper) - share * ncdf(lower)
            lines.append((int(share * UNIT), int(total * UNIT), fixed(value, 60),
                          fixed(ncdf(upper), 60), fixed(npdf(upper), 60)))
    body = "\n".join(
        f"    ({m}, {v}, {value}, {delta}, {density})," for m, v, value, delta, density in lines)
    return f"""/// Exact values of Black-76 at inputs that 2⁻⁴⁰ holds exactly: moneyness K/F and total volatility
/// in 2⁻⁴⁰; the value of a call, Φ(d₁) and φ(d₁) in 2⁻⁶⁰. Made by `scripts/tables.py` with 40
/// digits.

typealias ExactBlack = (
    moneyness: Int64, volatility: Int64, value: Int64, delta: Int64, density: Int64
)

let exactBlack: [ExactBlack] = [
{body}
]
"""


def main():
    files = {
        "Sources/FixedPoint/NormalTable.swift": normal_table(),
        "Sources/FixedPoint/TailRatioTable.swift": tail_ratio_table(),
        "Sources/FixedPoint/ExponentialTable.swift": exponential_table(),
        "Tests/RiskTests/Pricing/ExactBlack.swift": black_table(),
    }
    different = []
    for name, text in files.items():
        path = ROOT / name
        if "--write" in sys.argv[1:]:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        elif not path.exists() or path.read_text() != text:
            different.append(name)
    print(f"different: {', '.join(different)}" if different else "all as made here")
    return 1 if different else 0


sys.exit(main())
