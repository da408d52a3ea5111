/// What a symbol may consist of.
import Canonical
import Testing

@Test func symbolsKeepTheirCharactersAndRefuseOthers() throws {
    let text = Array("BTC-27MAR26-100000-C".utf8)
    let symbol = try #require(Symbol(text))
    #expect(symbol.characters == text)
    #expect(symbol.canonicalBytes.count == 32)
    #expect(try Symbol(canonicalBytes: symbol.canonicalBytes) == symbol)
    #expect(Symbol([]) == nil)
    #expect(Symbol(Array(repeating: 0x41, count: 33)) == nil)
    #expect(Symbol(Array(repeating: 0x41, count: 32)) != nil)
    #expect(Symbol(Array("BTC PERP".utf8)) == nil)
    #expect(Symbol(Array("ÄB".utf8)) == nil)
}

@Test func aSymbolWithAGapIsNotAnEncoding() {
    var bytes = [UInt8](repeating: 0, count: 32)
    bytes[0] = 0x41
    bytes[2] = 0x42
    #expect(throws: DecodingFault(.outOfRange, at: 0)) { try Symbol(canonicalBytes: bytes) }
    #expect(throws: DecodingFault(.outOfRange, at: 0)) {
        try Symbol(canonicalBytes: [UInt8](repeating: 0, count: 32))
    }
}
