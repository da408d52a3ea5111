/// Everything that can be configured, in one table: the file that `rampart init` writes, the
/// environment, the flags, `--help` and the checks all follow from it.

/// One thing that can be set. The raw value is its name in the configuration file; in the
/// environment `api.listen` is `RAMPART_API_LISTEN`, on the command line `--api.listen`.
package enum Setting: String, CaseIterable, Sendable {
    case genesis = "chain.genesis"
    case data = "data.directory"
    case listen = "api.listen"
    case origins = "api.origins"
    case certificate = "api.tls.certificate"
    case certificateKey = "api.tls.key"
    case clientAuthorities = "api.tls.client-authorities"
    case connections = "api.connections"
    case connectionsPerAddress = "api.connections-per-address"
    case messageBytes = "api.message-bytes"
    case queueBytes = "api.queue-bytes"
    case idleSeconds = "api.idle-seconds"
    case credits = "api.credits"
    case creditsPerSecond = "api.credits-per-second"
    case waitingRequests = "api.waiting-requests"
    case credentials = "api.credentials"
    case passphraseFile = "api.passphrase-file"
    case blockInterval = "block.interval-ms"
    case blockIdle = "block.idle-ms"
    case blockTransactions = "block.transactions"
    case leavesEvery = "store.leaves-every"
    case keepBlocks = "store.keep-blocks"
    case queueTransactions = "admission.queue"
    case accountRate = "admission.account-rate"
    case accountBurst = "admission.account-burst"
    case workers = "admission.workers"
    case leader = "follow.leader"
    case followToken = "follow.token-file"
    case leaderAuthorities = "follow.authorities"
    case synchronous = "follow.synchronous"
    case history = "history.database"
    case dashboardFolder = "dashboard.folder"
    case dashboardCharts = "dashboard.charts"
    case backups = "backup.directory"
    case logFile = "log.file"
    case logLevel = "log.level"
    case logFormat = "log.format"

    /// What a value must look like.
    package enum Form: Equatable, Sendable {
        case text
        case path
        case address
        case list
        case number(ClosedRange<Int>)
        case choice([String])
    }

    package var form: Form {
        switch self {
        case .genesis, .data, .certificate, .certificateKey, .clientAuthorities, .credentials,
            .passphraseFile, .followToken, .leaderAuthorities, .dashboardFolder, .dashboardCharts,
            .backups, .logFile:
            .path
        case .listen: .address
        case .leader, .history: .text
        case .origins: .list
        case .connections: .number(1...100_000)
        case .connectionsPerAddress: .number(1...100_000)
        case .messageBytes: .number(1_024...16_777_216)
        case .queueBytes: .number(65_536...268_435_456)
        case .idleSeconds: .number(5...86_400)
        case .credits, .creditsPerSecond: .number(1...1_000_000_000_000)
        case .waitingRequests: .number(1...1_000_000)
        case .blockInterval: .number(0...10_000)
        case .blockIdle: .number(50...60_000)
        case .blockTransactions: .number(1...65_536)
        case .leavesEvery: .number(1...100_000)
        case .keepBlocks: .number(0...1_000_000_000)
        case .queueTransactions: .number(64...1_000_000)
        case .accountRate: .number(1...10_000_000)
        case .accountBurst: .number(1...10_000_000)
        case .workers: .number(1...64)
        case .synchronous: .choice(["no", "yes"])
        case .logLevel: .choice(["debug", "info", "warning", "error"])
        case .logFormat: .choice(["text", "json"])
        }
    }

    /// The value where nothing sets it; empty is unset.
    package var standard: String {
        switch self {
        case .genesis: "genesis.json"
        case .data: "data"
        case .listen: "127.0.0.1:8645"
        case .origins, .certificate, .certificateKey, .clientAuthorities, .credentials,
            .passphraseFile, .leader, .followToken, .leaderAuthorities, .history, .dashboardFolder,
            .backups, .logFile:
            ""
        case .dashboardCharts: "/usr/share/javascript/chart.js/chart.min.js"
        case .connections: "12000"
        case .connectionsPerAddress: "12000"
        case .messageBytes: "262144"
        case .queueBytes: "4194304"
        case .idleSeconds: "120"
        case .credits: "50000"
        case .creditsPerSecond: "10000"
        case .waitingRequests: "1000"
        case .blockInterval: "20"
        case .blockIdle: "1000"
        case .blockTransactions: "65536"
        case .leavesEvery: "500"
        case .keepBlocks: "0"
        case .queueTransactions: "65536"
        case .accountRate: "20000"
        case .accountBurst: "50000"
        case .workers: "2"
        case .synchronous: "no"
        case .logLevel: "info"
        case .logFormat: "text"
        }
    }

    /// What it means, for the file and for `--help`.
    package var meaning: String {
        switch self {
        case .genesis: "the genesis file of the chain"
        case .data: "the folder of the block log and the state"
        case .listen: "address and port of the API; anything but loopback needs TLS or a proxy"
        case .origins: "web pages that may call the API, as origins with commas; none but loopback"
        case .certificate: "PEM file of the server's certificate; empty is plain HTTP"
        case .certificateKey: "PEM file of the certificate's key"
        case .clientAuthorities:
            "PEM file of the authorities whose client certificates are required"
        case .connections: "most connections at a time"
        case .connectionsPerAddress: "most connections of one address at a time"
        case .messageBytes: "most bytes of a request"
        case .queueBytes: "most bytes that wait for one client; beyond it the client is closed"
        case .idleSeconds: "seconds after which a silent client is closed"
        case .credits: "credits that a caller saves up; most requests cost 500"
        case .creditsPerSecond: "credits that a caller gets in a second"
        case .waitingRequests: "requests of one client that may wait for their block"
        case .credentials: "the sealed file of API credentials; empty is none"
        case .passphraseFile:
            "the file with the passphrase of sealed files; or set RAMPART_PASSPHRASE"
        case .blockInterval: "least milliseconds between blocks"
        case .blockIdle: "milliseconds after which a block is made without work"
        case .blockTransactions: "most transactions in a block"
        case .leavesEvery: "blocks after which changed leaves are written to disk"
        case .keepBlocks: "blocks that are kept when pruning; 0 keeps all"
        case .queueTransactions: "most transactions that wait for a block"
        case .accountRate: "commands that an account may send in a second"
        case .accountBurst: "commands that an account may send at once"
        case .workers: "threads that check signatures"
        case .leader: "the node to follow as hot standby, such as ws://127.0.0.1:8645; empty leads"
        case .followToken: "the file with the secret that leader and follower share"
        case .leaderAuthorities:
            "PEM file of who signed the leader's certificate; empty trusts what the system trusts"
        case .synchronous: "whether a block counts only when a follower has stored it too"
        case .history:
            "the file of SQLite or the URL of PostgreSQL that keeps the past; empty is "
                + "history.sqlite in the data folder, none is none"
        case .dashboardFolder: "a folder whose files go before those of the built-in dashboard"
        case .dashboardCharts: "the file of Chart.js (Debian: libjs-chart.js) for the dashboard"
        case .backups: "the folder for the copies of 'rampart backup'; empty is none"
        case .logFile:
            "the file for log lines, opened anew at SIGHUP; empty is standard error"
        case .logLevel: "the least level that is logged"
        case .logFormat: "how log lines are written"
        }
    }

    /// Its name in the environment.
    package var environmentName: String {
        let body = rawValue.uppercased().map { $0 == "." || $0 == "-" ? "_" : $0 }
        return "RAMPART_" + String(body)
    }
}
