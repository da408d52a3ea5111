/// Everything that the doctor looks at, each with what it asks, why that matters, and what to do:
/// what `rampart doctor --explain NAME` says, and what stands under a finding that is not in order.

/// One thing that is looked at. The raw value is its name in the report.
enum DoctorCheck: String, CaseIterable {
    case configuration
    case genesis
    case clock
    case time
    case data
    case disk
    case database
    case history
    case backups = "back-ups"
    case credentials
    case passphraseFile = "passphrase file"
    case followToken = "follow token"
    case certificate = "tls"
    case certificateKey = "tls key"
    case clientAuthorities = "tls clients"
    case keys
    case listening
    case address
    case node
    case prices
    case standby
    case openFiles = "open files"
    case swap
    case processor
    case charts
    case log

    /// What is looked at.
    var question: String {
        switch self {
        case .configuration: "Is the configuration file there, and does every line say something?"
        case .genesis: "Can the genesis be read, and is it one that a venue may run on?"
        case .clock: "Does the clock stand after the time of the genesis?"
        case .time: "Does something keep the clock right (chrony, systemd-timesyncd)?"
        case .data: "Can the data folder be written, and is there room?"
        case .disk: "How long does a synced write take, and when will the disk be full?"
        case .database: "Does the chain on disk open, is it of this genesis, and is it whole?"
        case .history: "Can the database of the history be reached, and is it one?"
        case .backups: "Is there a back-up, of this chain, and how old is it?"
        case .credentials: "Do the API credentials open, are they private, and do they last?"
        case .passphraseFile: "Is the file with the passphrase its owner's alone?"
        case .followToken: "Is the secret of leader and standby its owner's alone?"
        case .certificate: "Is the certificate one, and how long does it last?"
        case .certificateKey: "Does the key belong to the certificate, and is it private?"
        case .clientAuthorities: "Who may vouch for clients?"
        case .keys: "Are the keys that 'rampart init' made their owner's alone?"
        case .listening: "Who can reach the API, and is what they send encrypted?"
        case .address: "Can the address be taken?"
        case .node: "Does the node that runs here answer, and is it ready?"
        case .prices: "How old are the prices of the node that runs here, and who is silent?"
        case .standby: "Has the node that runs here a standby, and how far is that behind?"
        case .openFiles: "May the node open as many files as it has connections?"
        case .swap: "Does the machine move memory to its disk?"
        case .processor: "Has the processor the instructions that the program is built for?"
        case .charts: "Is the charting library of the dashboard there?"
        case .log: "Can the log file be written?"
        }
    }

    /// Why it matters.
    var why: String {
        switch self {
        case .configuration: "a node does not start with a line that it does not understand"
        case .genesis: "the genesis is the chain's identity; another one is another chain"
        case .clock: "a block's time is the clock's, and no block is before the genesis"
        case .time:
            "a clock that runs away makes fresh prices look old, and halts markets for it"
        case .data: "a node that cannot write stops: it acknowledges nothing that is not on disk"
        case .disk: "every block waits for one synced write before anyone is told of it"
        case .database: "what was acknowledged must be there before anything goes on from it"
        case .history:
            "past trades, orders and statements come from it; trading does not wait for it"
        case .backups: "without one, a lost disk is a lost venue where there is no standby"
        case .credentials: "the node refuses to start with a file that it cannot open"
        case .passphraseFile: "who reads it opens every sealed file"
        case .followToken: "who has it gets every block, and can hold a synchronous leader up"
        case .certificate: "clients refuse a certificate that is over"
        case .certificateKey:
            "without its key a certificate proves nothing; who has both is the venue"
        case .clientAuthorities: "without an authority nobody can connect"
        case .keys: "the custodian's key makes money, a publisher's makes prices"
        case .listening: "without TLS, passwords and orders cross the network in the clear"
        case .address: "a node without its address serves nobody"
        case .node: "clients and monitors go by the same answer"
        case .prices: "without a fresh index markets take orders only that reduce, then halt"
        case .standby: "a synchronous leader without a follower stands still"
        case .openFiles: "each connection is an open file; at the limit clients are turned away"
        case .swap: "a ledger that is read back from a disk answers in milliseconds, not in micros"
        case .processor: "the program ends at the first instruction that is not there"
        case .charts: "the dashboard shows tables in place of charts without it"
        case .log: "a node whose log file cannot be opened does not start"
        }
    }

    /// What to do in general; a finding says what to do in particular.
    var remedy: String {
        switch self {
        case .configuration: "'rampart help node' lists every setting; 'rampart init' makes a file"
        case .genesis: "mend the line that is named, before the first start only"
        case .clock, .time:
            "install chrony, or switch systemd-timesyncd on (timedatectl set-ntp true)"
        case .data: "give the folder to the node's user, and room to the disk"
        case .disk:
            "take an SSD with a cache that survives a power cut; prune with store.keep-blocks"
        case .database: "docs/storage.md has a line for each refusal; keep a copy of the folder"
        case .history: "start the database, or set history.database; it is rebuilt from the chain"
        case .backups: "run 'rampart backup' by a timer (Operations/systemd/rampart-backup.timer)"
        case .credentials: "make new ones in time with 'rampart credentials new'"
        case .passphraseFile, .followToken, .keys: "chmod 600, owned by the node's user"
        case .certificate, .certificateKey, .clientAuthorities: "name files that belong together"
        case .listening: "set api.tls.certificate and api.tls.key, or put a proxy in front"
        case .address: "stop what has it, or change api.listen"
        case .node: "its log says why; /ready says it in a word"
        case .prices: "look at the publishers: 'rampart publish --config FILE --once'"
        case .standby: "start the standby, or the leader with follow.synchronous no"
        case .openFiles: "raise LimitNOFILE of the unit, or ulimit -n"
        case .swap: "swapoff -a, or vm.swappiness = 1"
        case .processor: "take a processor with AVX2"
        case .charts: "apt-get install libjs-chart.js, or set dashboard.charts"
        case .log: "make its folder, owned by the node's user; or leave log.file empty for journald"
        }
    }

    /// The text of `--explain`.
    var explanation: String {
        """
        \(rawValue)
          asks  \(question)
          why   \(why)
          do    \(remedy)

        """
    }
}
