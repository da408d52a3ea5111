/// Engine values as text: for reports and messages only, never inside the engine.

package import Canonical

extension Symbol {
    /// The characters as a string.
    package var text: String { String(decoding: characters, as: UTF8.self) }
}

extension Bytes32 {
    /// 64 lower-case hexadecimal digits, the first byte first.
    package var hexadecimal: String {
        let digits = Array("0123456789abcdef")
        return String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }
}
