/// The configuration of a node, read and checked.

package import History
import Transport

/// An address and a port.
package struct ListenAddress: Equatable, Sendable {
    package var host: String
    package var port: UInt16

    /// Whether only this machine reaches it.
    package var isLoopback: Bool {
        host == "localhost" || host == "::1" || host.hasPrefix("127.")
    }

    /// `host:port`, with an IPv6 address in brackets; nil where it is not.
    package init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"),
            let port = UInt16(text[text.index(after: colon)...])
        else { return nil }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        guard !host.isEmpty else { return nil }
        self.host = String(host)
        self.port = port
    }

    package var text: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

/// What a node runs with.
package struct NodeConfiguration: Sendable {
    package var genesis: String
    package var data: String
    package var listen: ListenAddress
    package var origins: [String]
    package var certificate: String?
    package var certificateKey: String?
    package var clientAuthorities: String?
    package var connections: Int
    package var connectionsPerAddress: Int
    package var messageBytes: Int
    package var queueBytes: Int
    package var idleSeconds: Int
    package var credits: Int
    package var creditsPerSecond: Int
    package var waitingRequests: Int
    package var credentials: String?
    package var passphraseFile: String?
    /// Milliseconds.
    package var blockInterval: Int
    /// Milliseconds.
    package var blockIdle: Int
    package var blockTransactions: Int
    package var leavesEvery: Int
    package var keepBlocks: Int
    package var queueTransactions: Int
    package var accountRate: Int
    package var accountBurst: Int
    package var workers: Int
    package var leader: String?
    package var followToken: String?
    package var leaderAuthorities: String?
    package var isSynchronous: Bool
    package var history: HistoryLocation
    package var dashboardFolder: String?
    package var dashboardCharts: String?
    package var backups: String?
    package var logFile: String?
    package var logLevel: LogLevel
    package var logFormat: LogFormat

    /// Checks what the sources say.
    ///
    /// - Throws: `ConfigurationFault` that names the place of the first value that is refused.
    package init(_ source: ConfigurationSource) throws(ConfigurationFault) {
        for setting in Setting.allCases { try NodeConfiguration.check(setting, source) }
        func text(_ setting: Setting) -> String { source.value(setting).text }
        func optional(_ setting: Setting) -> String? { text(setting).isEmpty ? nil : text(setting) }
        func number(_ setting: Setting) -> Int { Int(text(setting)) ?? 0 }
        genesis = text(.genesis)
        data = text(.data)
        guard let address = ListenAddress(text(.listen)) else {
            throw ConfigurationFault("\(source.value(.listen).place): no address")
        }
        listen = address
        origins = text(.origins).split(separator: ",").map { String($0.trimmed) }
        certificate = optional(.certificate)
        certificateKey = optional(.certificateKey)
        clientAuthorities = optional(.clientAuthorities)
        connections = number(.connections)
        connectionsPerAddress = number(.connectionsPerAddress)
        messageBytes = number(.messageBytes)
        queueBytes = number(.queueBytes)
        idleSeconds = number(.idleSeconds)
        credits = number(.credits)
        creditsPerSecond = number(.creditsPerSecond)
        waitingRequests = number(.waitingRequests)
        credentials = optional(.credentials)
        passphraseFile = optional(.passphraseFile)
        blockInterval = number(.blockInterval)
        blockIdle = number(.blockIdle)
        blockTransactions = number(.blockTransactions)
        leavesEvery = number(.leavesEvery)
        keepBlocks = number(.keepBlocks)
        queueTransactions = number(.queueTransactions)
        accountRate = number(.accountRate)
        accountBurst = number(.accountBurst)
        workers = number(.workers)
        leader = optional(.leader)
        followToken = optional(.followToken)
        leaderAuthorities = optional(.leaderAuthorities)
        isSynchronous = text(.synchronous) == "yes"
        history = HistoryLocation(text(.history), folder: text(.data))
        dashboardFolder = optional(.dashboardFolder)
        dashboardCharts = optional(.dashboardCharts)
        backups = optional(.backups)
        logFile = optional(.logFile)
        logLevel = LogLevel(rawValue: text(.logLevel)) ?? .info
        logFormat = LogFormat(rawValue: text(.logFormat)) ?? .text
        try checkTogether(source)
    }

    private static func check(
        _ setting: Setting, _ source: ConfigurationSource
    ) throws(ConfigurationFault) {
        let value = source.value(setting)
        func refuse(_ wanted: String) -> ConfigurationFault {
            ConfigurationFault(
                "\(value.place): \(setting.rawValue) is '\(value.text)', not \(wanted)")
        }
        switch setting.form {
        case .text, .path, .list: break
        case .address:
            if ListenAddress(value.text) == nil {
                throw refuse("an address and a port, such as 127.0.0.1:8645")
            }
        case .number(let range):
            guard let number = Int(value.text), range.contains(number) else {
                throw refuse("a number from \(range.lowerBound) to \(range.upperBound)")
            }
        case .choice(let choices):
            guard choices.contains(value.text) else {
                throw refuse("one of " + choices.joined(separator: ", "))
            }
        }
    }

    /// What only two settings together show.
    private func checkTogether(_ source: ConfigurationSource) throws(ConfigurationFault) {
        if let leader, leaderEndpoint == nil {
            throw ConfigurationFault(
                "\(source.value(.leader).place): follow.leader is '\(leader)', not an address "
                    + "such as ws://127.0.0.1:8645 or, with TLS, wss://10.0.0.1:8645; "
                    + "follow.authorities is for wss only")
        }
        if (certificate == nil) != (certificateKey == nil) {
            throw ConfigurationFault(
                "api.tls.certificate and api.tls.key belong together; one of them is missing")
        }
        if clientAuthorities != nil, certificate == nil {
            throw ConfigurationFault(
                "api.tls.client-authorities needs api.tls.certificate and api.tls.key")
        }
        if accountBurst < accountRate / 1_000 {
            throw ConfigurationFault(
                "admission.account-burst is less than a thousandth of admission.account-rate")
        }
        if (leader != nil || isSynchronous), followToken == nil {
            throw ConfigurationFault(
                "follow.token-file is needed to follow or to be followed: both nodes name a file "
                    + "with the same secret, such as that of 'openssl rand -hex 32'")
        }
    }

    /// Where the leader takes followers; nil where this node leads.
    var leaderEndpoint: Endpoint? {
        guard let leader, leader.hasPrefix("ws") else { return nil }
        // The same address in the words of HTTP.
        guard
            var endpoint = RemoteNode.endpoint(
                "http" + leader.dropFirst("ws".count), authorities: leaderAuthorities)
        else { return nil }
        endpoint.path = FollowerHub.path
        // A leader that wants certificates of clients gets that of this node.
        endpoint.security?.certificateFile = certificate
        endpoint.security?.keyFile = certificateKey
        return endpoint
    }

    /// The text of a configuration file with every setting, its meaning and its default.
    package static var commentedFile: String {
        var text = """
            # Configuration of a Rampart node. Every line that is commented out shows the default.
            # The environment (RAMPART_API_LISTEN) and flags (--api.listen) go before this file.

            """
        for setting in Setting.allCases {
            text += "\n# \(setting.meaning)"
            if case .number(let range) = setting.form {
                text += " (\(range.lowerBound) to \(range.upperBound))"
            }
            if case .choice(let choices) = setting.form {
                text += " (\(choices.joined(separator: ", ")))"
            }
            text += "\n# \(setting.rawValue) = \(setting.standard)\n"
        }
        return text
    }
}

extension CommandLimits {
    init(_ configuration: NodeConfiguration) {
        self.init(rate: configuration.accountRate, burst: configuration.accountBurst)
    }
}
