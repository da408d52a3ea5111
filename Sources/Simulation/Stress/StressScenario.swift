/// Crashes of our own making: the course of a price over two hours, and how restless it is. Six
/// fall and one rises. The names of days say which day a course resembles in size and pace; no
/// market's data is in it. A seed moves its times, its depth and every step, in whole numbers only.

import Documents

/// A course that prices take.
package enum StressScenario: String, CaseIterable, Sendable {
    /// A quarter in an hour, in waves.
    case march2020 = "2020-03-12"
    /// A fifth in half an hour, and most of it back.
    case may2021 = "2021-05-19"
    /// A seventh in seven minutes.
    case october2025 = "2025-10-10"
    /// A ninth between two breaths.
    case gap
    /// A fifth without a pause to trade against.
    case bleed
    /// Down, half of it back, and down farther.
    case doubleDip = "double-dip"
    /// Up by a fifth in a quarter of an hour.
    case squeeze

    /// Minutes and the level in 10⁻⁶ of the opening: straight lines lie between.
    var course: [StressPath.Turn] {
        switch self {
        case .march2020:
            turns((0, 1_000), (15, 992), (28, 955), (36, 925), (44, 815), (49, 770), (53, 795))
                + turns((64, 748), (75, 800), (90, 790))
        case .may2021:
            turns((0, 1_000), (15, 985), (30, 930), (38, 885), (46, 785), (50, 835))
                + turns((62, 865), (90, 910))
        case .october2025:
            turns((0, 1_000), (15, 988), (28, 970), (34, 955), (38, 900), (41, 858), (44, 885))
                + turns((58, 925), (90, 930))
        case .gap:
            turns((0, 1_000), (20, 996), (30, 990), (31, 878), (40, 885), (90, 890))
        case .bleed: turns((0, 1_000), (12, 995), (80, 800), (90, 805))
        case .doubleDip:
            turns((0, 1_000), (15, 990), (24, 885), (36, 940), (46, 930), (56, 800), (90, 840))
        case .squeeze:
            turns((0, 1_000), (15, 1_010), (22, 1_080), (30, 1_215), (36, 1_180), (90, 1_150))
        }
    }

    /// Minutes of the part that is restless.
    var storm: ClosedRange<Int64> {
        switch self {
        case .march2020: 26...66
        case .may2021: 28...52
        case .october2025: 33...50
        case .gap: 29...40
        case .bleed: 12...80
        case .doubleDip: 15...62
        case .squeeze: 15...40
        }
    }

    private func turns(_ list: (minute: Int64, level: Int64)...) -> [StressPath.Turn] {
        list.map { StressPath.Turn(minute: $0.minute, level: $0.level * 1_000) }
    }

    /// What it is, in a few words.
    package var title: String {
        switch self {
        case .march2020: "a quarter in an hour, in waves"
        case .may2021: "a fifth in half an hour, and most of it back"
        case .october2025: "a seventh in seven minutes"
        case .gap: "a ninth in a minute"
        case .bleed: "a fifth without a pause"
        case .doubleDip: "down, half of it back, and down farther"
        case .squeeze: "up by a fifth in a quarter of an hour"
        }
    }
}

/// What a run's outside price does, before anybody on the venue trades.
package enum StressCourse: Sendable {
    case shipped(StressScenario)
    /// A move of so many 10⁻⁶ within an hour, down where negative.
    case slide(Int64)
    /// Steps of a real file, and its name.
    case recorded(name: String, steps: [Int64])

    package var name: String {
        switch self {
        case .shipped(let scenario): scenario.rawValue
        case .slide(let move): "slide of \(ReportText.decimal(move, scale: 4, digits: 1)) %"
        case .recorded(let name, _): name
        }
    }
}
