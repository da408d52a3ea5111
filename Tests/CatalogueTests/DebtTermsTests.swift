/// What debts cost and how many there may be: exact figures, and the last micro-unit.
import Canonical
import Catalogue
import FixedPoint
import Testing

private func terms(
    limit: Int64 = 0, share: Int64 = 0, interest: Int64 = 100_000_000
) -> DebtTerms {
    DebtTerms(
        accountLimit: Amount(microunits: limit), vaultShare: Ratio(billionths: share),
        interest: Ratio(billionths: interest))
}

private struct InterestRow: Sendable {
    let debt: Int64
    let minutes: UInt64
    let most: Int64
    let interest: Int64
}

/// 10 % a year: a debt of 5,256,000 µ costs exactly one micro-unit a minute.
@Test(arguments: [
    InterestRow(debt: 0, minutes: 1, most: .max, interest: 0),
    InterestRow(debt: 1, minutes: 1, most: .max, interest: 1),
    InterestRow(debt: 5_256_000, minutes: 1, most: .max, interest: 1),
    InterestRow(debt: 5_256_001, minutes: 1, most: .max, interest: 2),
    InterestRow(debt: 5_256_000, minutes: 0, most: .max, interest: 0),
    InterestRow(debt: 1_000_000, minutes: 525_600, most: .max, interest: 100_000),
    InterestRow(debt: 1_000_000, minutes: 525_600, most: 99_999, interest: 99_999),
    InterestRow(debt: 1_000_000, minutes: 1, most: 0, interest: 0),
    InterestRow(debt: .max, minutes: .max / 60_000_000_000, most: .max, interest: .max),
])
private func interestIsRoundedUpAndNeverMoreThanItMayBe(_ row: InterestRow) {
    let interest = terms().interest(
        on: Amount(microunits: row.debt), minutes: row.minutes,
        most: Amount(microunits: row.most))
    #expect(interest.units == row.interest)
}

@Test func aMinuteAtATimeCostsNoLessThanAllAtOnce() {
    for debt in [1, 999, 5_255_999, 5_256_001, 123_456_789_012] as [Int64] {
        let amount = Amount(microunits: debt)
        let once = terms().interest(on: amount, minutes: 60, most: .max)
        let minute = terms().interest(on: amount, minutes: 1, most: .max)
        #expect(minute.units * 60 >= once.units && minute.units * 60 <= once.units + 60)
    }
}

@Test func theCapIsAShareOfTheVaultRoundedDown() {
    let quarter = terms(share: 250_000_000)
    for (vault, cap) in [(0, 0), (3, 0), (4, 1), (7, 1), (8, 2), (1 << 56, 1 << 54)] {
        #expect(quarter.cap(vault: Amount(microunits: Int64(vault))).units == Int64(cap))
    }
    #expect(terms(share: 1_000_000_000).cap(vault: .max) == .max)
    #expect(DebtTerms.none.cap(vault: .max) == .zero)
}

@Test func aConversionEndsAtHalfOfTheLimit() {
    #expect(terms(limit: 1_001).conversionTarget.units == 500)
    #expect(DebtTerms.none.conversionTarget == .zero)
}

@Test func debtTermsAreReadAsTheyWereWritten() throws {
    let value = terms(limit: 1, share: 2, interest: 3)
    #expect(try DebtTerms(canonicalBytes: value.canonicalBytes) == value)
}
