/// Certificates and keys as OpenSSL writes them, and as they are damaged.
import Canonical
import Testing

@testable import Node

private typealias Samples = CertificateSamples

@Test(
    arguments: [
        (Samples.rsaCertificate, Samples.rsaKey),
        (Samples.rsaCertificate, Samples.rsaKeyOfItsOwnFormat),
        (Samples.curveCertificate, Samples.curveKey),
        (Samples.edwardsCertificate, Samples.edwardsKey),
    ])
func aKeyBelongsToItsCertificate(_ certificate: String, _ key: String) throws {
    let certificate = try #require(CertificateFile(pem: certificate))
    #expect(certificate.match(keyText: key) == .matches)
}

@Test(
    arguments: [
        (Samples.rsaCertificate, Samples.curveKey, CertificateFile.KeyMatch.differs),
        (Samples.curveCertificate, Samples.edwardsKey, .differs),
        (Samples.edwardsCertificate, Samples.rsaKey, .differs),
        (Samples.curveCertificate, Samples.curveKeyWithoutPoint, .unknown),
        (Samples.edwardsCertificate, Samples.encryptedKey, .encrypted),
        (Samples.edwardsCertificate, Samples.edwardsCertificate, .unreadable),
        (Samples.edwardsCertificate, "", .unreadable),
    ])
func otherKeysAreToldApart(
    _ certificate: String, _ key: String, _ match: CertificateFile.KeyMatch
) throws {
    let certificate = try #require(CertificateFile(pem: certificate))
    #expect(certificate.match(keyText: key) == match)
}

@Test func theDatesOfACertificateAreRead() throws {
    let short = try #require(CertificateFile(pem: Samples.rsaCertificate))
    // 2026-11-21 16:15:36 and 2036-11-18 16:15:36.
    #expect(short.notBefore == 1_795_277_736)
    #expect(short.notAfter == 2_110_637_736)
    // 2126-10-28 16:15:36, in four digits.
    let long = try #require(CertificateFile(pem: Samples.edwardsCertificate))
    #expect(long.notAfter == 4_948_877_736)
}

@Test(
    arguments: [
        (UInt8(0x17), "491231235959Z", UInt64(2_524_607_999)),
        (0x17, "991231235959Z", 946_684_799), (0x18, "20500101000000Z", 2_524_608_000),
        (0x18, "99991231235959Z", UInt64.max),
    ])
func timesHaveTwoDigitsOrFour(_ tag: UInt8, _ text: String, _ seconds: UInt64) {
    let element = DERReader.Element(tag: tag, content: Array(text.utf8))
    #expect(CertificateFile.seconds(element) == seconds)
}

@Test(
    arguments: [
        (UInt8(0x17), "4912312359Z"), (0x17, "491231235959+0100"), (0x18, "491231235959Z"),
        (0x17, "20500101000000Z"), (0x17, "991331235959Z"), (0x04, "491231235959Z"), (0x17, ""),
    ])
func otherTimesAreRefused(_ tag: UInt8, _ text: String) {
    let element = DERReader.Element(tag: tag, content: Array(text.utf8))
    #expect(CertificateFile.seconds(element) == nil)
}

@Test func aCertificateThatIsCutOffAnywhereIsNone() throws {
    let block = try #require(PEMBlock.all(in: Samples.curveCertificate).first)
    for count in 0..<block.bytes.count {
        var reader = DERReader(Array(block.bytes[..<count]))
        #expect(reader.next() == nil)
    }
    #expect(CertificateFile(pem: "") == nil)
    #expect(CertificateFile(pem: Samples.curveKey) == nil)
}

@Test func damagedBytesNeverTrap() throws {
    let block = try #require(PEMBlock.all(in: Samples.curveCertificate).first)
    let whole = try #require(CertificateFile(pem: Samples.curveCertificate))
    for place in block.bytes.indices {
        for value: UInt8 in [0x00, 0x7f, 0x80, 0x84, 0xff] {
            var bytes = block.bytes
            bytes[place] = value
            _ = CertificateFile(der: bytes)
            _ = whole.match(key: PEMBlock(label: "PRIVATE KEY", bytes: bytes))
        }
    }
}
