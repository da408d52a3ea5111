/// What the doctor looks at of TLS: that its files are there and belong together, and how long the
/// certificate lasts.

import Documents

extension Doctor {
    private static let day: UInt64 = 86_400
    /// Days before its end at which a certificate should be renewed. Ours.
    private static let renewal: UInt64 = 14

    /// The certificate, its key and the authorities of clients.
    mutating func examineCertificate(_ configuration: NodeConfiguration) {
        let subject = DoctorCheck.certificate
        guard let path = configuration.certificate, let keyPath = configuration.certificateKey
        else { return }
        do throws(CommandFault) {
            let text = String(decoding: try FileAccess.read(path), as: UTF8.self)
            guard let certificate = CertificateFile(pem: text) else {
                report.blame(
                    subject, "\(path) holds no certificate in PEM",
                    "it begins with -----BEGIN CERTIFICATE-----")
                return
            }
            examineDates(certificate, path)
            let keyText = String(decoding: try FileAccess.read(keyPath), as: UTF8.self)
            report(certificate.match(keyText: keyText), path, keyPath)
            guard let authorities = configuration.clientAuthorities else { return }
            let list = String(decoding: try FileAccess.read(authorities), as: UTF8.self)
            let count = PEMBlock.all(in: list).count { $0.label == "CERTIFICATE" }
            if count == 0 {
                report.blame(
                    .clientAuthorities, "\(authorities) holds no certificate in PEM",
                    "put the authority's there")
            } else {
                report.ok(.clientAuthorities, "\(count) in \(authorities) may vouch for clients")
            }
        } catch {
            report.blame(subject, error.message, "api.tls.… in the configuration name the files")
        }
    }

    private mutating func examineDates(_ certificate: CertificateFile, _ path: String) {
        let now = context.now() / TimeText.second
        if now < certificate.notBefore {
            report.blame(
                .certificate, "\(path) is not valid yet",
                "set the clock, or take another certificate")
        } else if now > certificate.notAfter {
            let days = (now - certificate.notAfter) / Doctor.day
            report.blame(.certificate, "\(path) expired \(days) days ago", "renew it")
        } else {
            let days = (certificate.notAfter - now) / Doctor.day
            if days < Doctor.renewal {
                report.warn(.certificate, "\(path) expires in \(days) days", "renew it")
            } else {
                report.ok(.certificate, "\(path) is valid for \(days) days")
            }
        }
    }

    private mutating func report(
        _ match: CertificateFile.KeyMatch, _ path: String, _ keyPath: String
    ) {
        let subject = DoctorCheck.certificateKey
        switch match {
        case .matches: report.ok(subject, "\(keyPath) belongs to the certificate")
        case .differs:
            report.blame(
                subject, "\(keyPath) is not the key of \(path)", "take the two that belong together"
            )
        case .unreadable:
            report.blame(
                subject, "\(keyPath) holds no private key in PEM",
                "it begins with -----BEGIN PRIVATE KEY-----")
        case .encrypted:
            report.blame(
                subject, "\(keyPath) is encrypted, which the node cannot open",
                "openssl pkey -in \(keyPath) -out plain.key, readable by its owner alone")
        case .unknown:
            report.warn(
                subject, "\(keyPath) does not say whether it belongs to the certificate",
                "compare openssl pkey -pubout with openssl x509 -pubkey")
        }
    }
}
