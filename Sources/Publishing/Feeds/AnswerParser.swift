/// Answers of feeds and of the node as JSON values. Apart from what reads them, because files that
/// people write have a reader of their own with the same names.

package import JSON

/// Parses answers.
package final class AnswerParser {
    /// Books nest three deep; a venue's envelope adds a few.
    private static let deepest = 24
    private static let mostValues = 2_000_000
    private let parser: JSONParser

    /// - Parameter bytes: the most that an answer may hold.
    /// - Returns: nil without memory.
    package init?(bytes: Int) {
        do throws(JSONFault) {
            parser = try JSONParser(
                JSONParser.Limits(
                    bytes: bytes, depth: AnswerParser.deepest, values: AnswerParser.mostValues))
        } catch {
            return nil
        }
    }

    /// - Throws: `malformed`.
    package func value(of bytes: [UInt8]) throws(Finding) -> JSON.Value {
        do throws(JSONFault) {
            return try parser.parse(bytes)
        } catch {
            switch error {
            case .tooLong: throw .tooLong
            case .duplicateMember: throw .malformed("no JSON: a name stands twice")
            default: throw .malformed("no JSON: \(error)")
            }
        }
    }
}
