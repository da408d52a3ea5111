/// Certificates of margin calls are handed on as they are kept.

import JSON
import Canonical
import Testing

@testable import Gateway

@Suite struct CertificateMethodsTests {
    private let method = "public/get_margin_call_certificate"

    @Test func `a certificate that is kept comes with its headers`() throws {
        let venue = try GatewayVenue()
        venue.gateway.certificates = { account, height in
            account.number == 3 && height == 9
                ? KeptCertificate(certificate: [1, 0xAB], headers: [2]) : nil
        }
        let result = try venue.result(method, #"{"account":3,"block_height":9}"#)
        #expect(result["certificate"]?.text == "01ab")
        #expect(result["headers"]?.text == "02")
        #expect(result["account"]?.number?.integer == 3)
        #expect(result["block_height"]?.number?.integer == 9)
    }

    @Test func `one that nobody keeps is not found`() throws {
        let venue = try GatewayVenue()
        let answer = try venue.call(method, #"{"account":3,"block_height":9}"#)
        #expect(answer.errorCode == 13_020)
    }
}
