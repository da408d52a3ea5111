/// How byte strings lie in their words.
import Canonical
import Testing

@Test func bytesKeepTheirOrderAndCompareFirstByteFirst() {
    let bytes = (0..<32).map { UInt8($0) }
    let value = Bytes32(bytes)
    #expect(value.bytes == bytes)
    #expect(value[31] == 31)
    #expect(value.bit(15))
    var later = bytes
    later[0] = 1
    later[31] = 0
    #expect(value < Bytes32(later))
}
