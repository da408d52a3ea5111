/// Certificates and keys of nobody, made for these tests by `openssl req -x509 -newkey …` in
/// November 2026; the private keys guard nothing.

/// PEM texts.
enum CertificateSamples {
    static let rsaCertificate = """
        -----BEGIN CERTIFICATE-----
        MIIB9DCCAV2gAwIBAgIUf33tQ1kou7Eg8FD0g6xuLf6RdK8wDQYJKoZIhvcNAQEL
        BQAwDDEKMAgGA1UEAwwBeDAeFw0yNjExMjExNjE1MzZaFw0zNjExMTgxNjE1MzZa
        MAwxCjAIBgNVBAMMAXgwgZ8wDQYJKoZIhvcNAQEBBQADgY0AMIGJAoGBAMIgq3mS
        Dt/HSerRP9RbXEUuZgF6zPUtaOWSa93yRK5jdN3zgXG8pc+Vs8rdsWYUbCpcu1nk
        M+5B3iA+DJ3QzhM0qRtDC2Q1PLCAWPfknKXkqv63kmq+iwJ2KWWjvZVPkE6nedFA
        cLcqfNWt2uAocZS1piUVWvjvwEEzCSfr2MLbAgMBAAGjUzBRMB0GA1UdDgQWBBQd
        +ZbB+zzvRIYKlRNC7D4hNnjN5jAfBgNVHSMEGDAWgBQd+ZbB+zzvRIYKlRNC7D4h
        NnjN5jAPBgNVHRMBAf8EBTADAQH/MA0GCSqGSIb3DQEBCwUAA4GBAG2wWGLyUsKO
        fkoqSYOfmV8yW7Iz0XqjFrosO79Bbat5mh2yWTLiHa26/0s/tosmiN+UHMQXmPeg
        K9PLiJa6DfAQzIxMrCOH5G6ivHaaFVSrUiHCHjCsimK+yC5n5MjNjQllMornzu+b
        1bM4GHxk6sAfTAOBaPywyzyuFhkLSWQN
        -----END CERTIFICATE-----
        """

    static let rsaKey = """
        -----BEGIN PRIVATE KEY-----
        MIICeAIBADANBgkqhkiG9w0BAQEFAASCAmIwggJeAgEAAoGBAMIgq3mSDt/HSerR
        P9RbXEUuZgF6zPUtaOWSa93yRK5jdN3zgXG8pc+Vs8rdsWYUbCpcu1nkM+5B3iA+
        DJ3QzhM0qRtDC2Q1PLCAWPfknKXkqv63kmq+iwJ2KWWjvZVPkE6nedFAcLcqfNWt
        2uAocZS1piUVWvjvwEEzCSfr2MLbAgMBAAECgYEAl97FJ8OrXUhkvI7dV73trrXA
        2bF/fOP8p3Voa+dn8eIfALDK+Pbz5TWhxbiwW0Lo6C9J5uZP9jqTkzfX2PMM87wa
        vWzP/SOBsWE7cil5g6Az4LEPrnX7ymPPgoJ1mhUydtb0MzSIVnTN4xwO/XK57DyE
        VEYdJtK7OnKXdiImgAkCQQD74bgzqmj/5MUnVTWlH8e36ItqdSOOHwAdZP/Y7Txx
        quN14KrDztLqX52ulpoEZyr8sggIAw6DGkHSWTCZ7K7/AkEAxU02trwUh+E8BrWu
        GfEC5TTOrgh5bRi1M2Jv1qWai/UBxdjzeVMC08wxCDVztskLN2FjU9Qb2z/yvHIR
        fFSIJQJBAOhvMilTPxOsy5ZxVlCrVATNLiIuOIJE7zkw47wNqDKIbOBxU4PfztiD
        JaJfzX70qUGJFEo4b+Lhjw4KSgQw2ocCQQC/wZaurUdK9MZRQxxNzCbjO5qwHD5f
        oMbjhQVrWZJF+j7Z2kxwGxTBYlA5STIIcYb8MSPHYnwccB9rtXV3H/UdAkBmH8fH
        Hy5ObNI8lnueyal5f3jV2nIhCdFX3fX1Rj7XmDGzLvIGu/lMGgVDaCrL1pGvw9jt
        fp2rybtj+sKw+sS+
        -----END PRIVATE KEY-----
        """

    static let rsaKeyOfItsOwnFormat = """
        -----BEGIN RSA PRIVATE KEY-----
        MIICXgIBAAKBgQDCIKt5kg7fx0nq0T/UW1xFLmYBesz1LWjlkmvd8kSuY3Td84Fx
        vKXPlbPK3bFmFGwqXLtZ5DPuQd4gPgyd0M4TNKkbQwtkNTywgFj35Jyl5Kr+t5Jq
        vosCdillo72VT5BOp3nRQHC3KnzVrdrgKHGUtaYlFVr478BBMwkn69jC2wIDAQAB
        AoGBAJfexSfDq11IZLyO3Ve97a61wNmxf3zj/Kd1aGvnZ/HiHwCwyvj28+U1ocW4
        sFtC6OgvSebmT/Y6k5M319jzDPO8Gr1sz/0jgbFhO3IpeYOgM+CxD651+8pjz4KC
        dZoVMnbW9DM0iFZ0zeMcDv1yuew8hFRGHSbSuzpyl3YiJoAJAkEA++G4M6po/+TF
        J1U1pR/Ht+iLanUjjh8AHWT/2O08carjdeCqw87S6l+drpaaBGcq/LIICAMOgxpB
        0lkwmeyu/wJBAMVNNra8FIfhPAa1rhnxAuU0zq4IeW0YtTNib9almov1AcXY83lT
        AtPMMQg1c7bJCzdhY1PUG9s/8rxyEXxUiCUCQQDobzIpUz8TrMuWcVZQq1QEzS4i
        LjiCRO85MOO8DagyiGzgcVOD387YgyWiX81+9KlBiRRKOG/i4Y8OCkoEMNqHAkEA
        v8GWrq1HSvTGUUMcTcwm4zuasBw+X6DG44UFa1mSRfo+2dpMcBsUwWJQOUkyCHGG
        /DEjx2J8HHAfa7V1dx/1HQJAZh/Hxx8uTmzSPJZ7nsmpeX941dpyIQnRV9319UY+
        15gxsy7yBrv5TBoFQ2gqy9aRr8PY7X6dq8m7Y/rCsPrEvg==
        -----END RSA PRIVATE KEY-----
        """

    static let curveCertificate = """
        -----BEGIN CERTIFICATE-----
        MIIBbTCCAROgAwIBAgIUGLnatcz6bw1a3grm3Mk1NiAo7dswCgYIKoZIzj0EAwIw
        DDEKMAgGA1UEAwwBeDAeFw0yNjExMjExNjE1MzZaFw0zNjExMTgxNjE1MzZaMAwx
        CjAIBgNVBAMMAXgwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAARPyjKdR0Dta4B9
        YRVuxTvq0tqBKLHvs89DhdoeSKu8/rLJGxx6vCDAyfaxm+0c0gUkzSkWuEFBKD3O
        sM1wpTsGo1MwUTAdBgNVHQ4EFgQUG4LQ/8kO4JLvtKn7S6+XikztVGAwHwYDVR0j
        BBgwFoAUG4LQ/8kO4JLvtKn7S6+XikztVGAwDwYDVR0TAQH/BAUwAwEB/zAKBggq
        hkjOPQQDAgNIADBFAiEAsO2jQygIpwSCtxK5rMM/9npas6quD2T3KlaTAxgSAAoC
        IGNbqAweLA/sE8pUZVe6qEXerkiHgEZYRO8zvzvKpapH
        -----END CERTIFICATE-----
        """

    static let curveKey = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgwAKOeMGCX655m8qV
        5pZls5CPhYFpKmzyOXIfbCUOVWGhRANCAARPyjKdR0Dta4B9YRVuxTvq0tqBKLHv
        s89DhdoeSKu8/rLJGxx6vCDAyfaxm+0c0gUkzSkWuEFBKD3OsM1wpTsG
        -----END PRIVATE KEY-----
        """

    static let curveKeyWithoutPoint = """
        -----BEGIN EC PRIVATE KEY-----
        MDECAQEEIMACjnjBgl+ueZvKleaWZbOQj4WBaSps8jlyH2wlDlVhoAoGCCqGSM49
        AwEH
        -----END EC PRIVATE KEY-----
        """

    static let edwardsCertificate = """
        -----BEGIN CERTIFICATE-----
        MIIBLjCB4aADAgECAhRafCn19VTfxFs5DiwH53Si8iz2rzAFBgMrZXAwDDEKMAgG
        A1UEAwwBeDAgFw0yNjExMjExNjE1MzZaGA8yMTI2MTAyODE2MTUzNlowDDEKMAgG
        A1UEAwwBeDAqMAUGAytlcAMhALPu7rZs941iTt6V7mxCtJsTdelZJDoEI0gGrhYc
        z42Bo1MwUTAdBgNVHQ4EFgQUeNWHqqfP4b+4Yo+H5lAHHALPhXIwHwYDVR0jBBgw
        FoAUeNWHqqfP4b+4Yo+H5lAHHALPhXIwDwYDVR0TAQH/BAUwAwEB/zAFBgMrZXAD
        QQAb5WIg+f7EbwhRg9BURCmqj0nTI0Z9aaDWnaZwTtID1Eg0WodIwVc7Tjwyj1Ln
        myoPIpjlx4MPR6o6B6yyDQAC
        -----END CERTIFICATE-----
        """

    static let edwardsKey = """
        -----BEGIN PRIVATE KEY-----
        MC4CAQAwBQYDK2VwBCIEICzvqmukE/LNy3onyVoBGdUrS2DzaNvAywCvoc7YqBQ5
        -----END PRIVATE KEY-----
        """

    static let encryptedKey = """
        -----BEGIN ENCRYPTED PRIVATE KEY-----
        MIGbMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAi1yPhDWhZNgAICCAAw
        DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEOeFitL+Tv2eb2RFfJ9071sEQEEb
        ei9QFzN4FcLMejVqgaugnyZtXc9cv16t/mYKNmWH03B+IS1scf5aWy6lCtItYtBJ
        ej3zplThWXsjS6aAmq0=
        -----END ENCRYPTED PRIVATE KEY-----
        """
}
