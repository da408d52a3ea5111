/// Where in an answer a value stands: a path such as `/result/XXBTZUSD/c/0`. Source: RFC 6901; `-`
/// (the place behind the last) names nothing here.

package import JSON

/// A path into a JSON value.
package struct JSONPointer: Equatable, Sendable {
    /// As it was written.
    package let text: String
    private let steps: [String]

    /// - Returns: nil where the text is no pointer: it begins with `/` or is empty (the whole), and
    ///   `~` is written `~0`, `/` inside a name `~1`.
    package init?(_ text: String) {
        self.text = text
        guard !text.isEmpty else {
            steps = []
            return
        }
        guard text.hasPrefix("/") else { return nil }
        var steps: [String] = []
        for part in text.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
            guard let step = JSONPointer.unescaped(part) else { return nil }
            steps.append(step)
        }
        self.steps = steps
    }

    /// The path of one step.
    init(step: String) {
        text = "/" + step
        steps = [step]
    }

    private static func unescaped(_ part: Substring) -> String? {
        var step = ""
        var isEscape = false
        for character in part {
            switch (isEscape, character) {
            case (true, "0"): step.append("~")
            case (true, "1"): step.append("/")
            case (true, _): return nil
            case (false, "~"):
                isEscape = true
                continue
            case (false, _): step.append(character)
            }
            isEscape = false
        }
        return isEscape ? nil : step
    }

    /// What stands there; nil where nothing does.
    package func value(in root: JSON.Value) -> JSON.Value? {
        var value = root
        for step in steps {
            let next: JSON.Value? =
                if let elements = value.elements {
                    JSONPointer.place(step).flatMap {
                        elements.indices.contains($0) ? elements[$0] : nil
                    }
                } else {
                    value[step]
                }
            guard let next else { return nil }
            value = next
        }
        return value
    }

    /// A place in a list: digits without a leading zero.
    private static func place(_ step: String) -> Int? {
        guard step == "0" || !step.hasPrefix("0"),
            step.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return nil }
        return Int(step)
    }
}
