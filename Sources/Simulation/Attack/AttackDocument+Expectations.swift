/// What a scenario file expects: one measure an entry, with at least one bound.

import Documents
import FixedPoint
import Ledger

extension AttackDocument {
    private static let bounds = ["least", "most"]
    private static let runs = ["with", "without"]
    /// A whole number of things is read as it stands, an amount in micro-units.
    private static let amountDigits = 6

    func readExpectations() throws(InputFault) -> [AttackExpectation] {
        let fields = try JSONFields(
            try root.value("expect"), name: "the expectations", file: file,
            known: AttackDocument.runs)
        var expectations: [AttackExpectation] = []
        for (place, run) in AttackDocument.runs.enumerated() {
            let items = try fields.list(run)
            guard !items.isEmpty else { throw fields.fault(run, "is empty") }
            for (number, item) in items.enumerated() {
                expectations.append(
                    try expectation(
                        item, name: "expectation \(number + 1) \(run)", isDefended: place == 0))
            }
        }
        try checkThatEventsHappen(expectations)
        return expectations
    }

    private func expectation(
        _ node: JSONNode, name: String, isDefended: Bool
    ) throws(InputFault) -> AttackExpectation {
        let measures = AttackMeasure.allCases.map(\.rawValue)
        let fields = try JSONFields(
            node, name: name, file: file, known: measures + AttackDocument.bounds)
        let named = AttackMeasure.allCases.filter { fields.has($0.rawValue) }
        guard let measure = named.first, named.count == 1 else {
            throw InputFault(
                file: file, line: node.line,
                reason: "\(name) names \(named.count) measures, not one of "
                    + measures.joined(separator: ", "))
        }
        let subject = try fields.text(measure.rawValue)
        try check(subject, of: measure, fields)
        let isSingle = measure == .untouched
        let least = try isSingle ? 1 : bound("least", of: measure, fields)
        let most = try isSingle ? nil : bound("most", of: measure, fields)
        guard least != nil || most != nil else {
            throw fields.fault(measure.rawValue, "has neither 'least' nor 'most'")
        }
        if let least, let most, most < least {
            throw fields.fault("most", "is below 'least'")
        }
        return AttackExpectation(
            isDefended: isDefended, measure: measure, of: subject, least: least, most: most,
            line: node.line)
    }

    private func bound(
        _ key: String, of measure: AttackMeasure, _ fields: JSONFields
    ) throws(InputFault) -> Int64? {
        guard fields.has(key) else { return nil }
        return try fields.decimal(
            key, digits: measure.isCount ? 0 : AttackDocument.amountDigits)
    }

    /// That what a measure is taken of exists.
    private func check(
        _ subject: String, of measure: AttackMeasure, _ fields: JSONFields
    ) throws(InputFault) {
        let names: [String] =
            switch measure.subject {
            case .accounts: accounts.map(\.name) + accounts.map(\.group)
            case .compartment: compartments.map(\.name)
            case .instrument: markets.map(\.instrument)
            case .underlying: underlyings
            case .refusal: Refusal.allCases.map { "\($0)" }
            case .event: [subject]
            }
        guard !names.contains(subject) else { return }
        let list = measure.subject == .refusal ? "the refusals" : names.joined(separator: ", ")
        throw fields.fault(measure.rawValue, "is '\(subject)', not one of \(list)")
    }

    /// Nothing lists the names of events, so a name that is misspelt would never be counted, and
    /// 'at most none' always hold: one of the runs must expect it to happen.
    private func checkThatEventsHappen(
        _ expectations: [AttackExpectation]
    ) throws(InputFault) {
        for entry in expectations where entry.measure == .event {
            let happens = expectations.contains {
                $0.measure == .event && $0.of == entry.of && $0.least ?? 0 > 0
            }
            guard happens else {
                throw InputFault(
                    file: file, line: entry.line,
                    reason: "'event' is '\(entry.of)', which neither run expects to happen once")
            }
        }
    }
}
