/// Who stands behind compartments, in the genesis file that `rampart init` writes: the defaults of
/// `docs/backstop.md`, for its one compartment.

/// The blocks `backstops` and `makers`.
enum BackstopTemplate {
    static let text = """
            // Who may stand behind accounts under liquidation, by compartment, in their order
            // (docs/backstop.md). Providers commit an account of their own and earn these shares
            // of trading fees, after the insurance fund's, and of liquidation fees.
            "backstops": [
              {
                "tradingShare": 0.1,
                "liquidationShare": 0.5,
                // How long a provider stands on after it has given notice, and how long its other
                // limits wait: no bid is pulled when it is needed.
                "noticeSeconds": 604800,
                "limitDelaySeconds": 3600,
                // What all of them together may lose in the markets of one underlying by what is
                // open; the least with which an account joins, and how many may.
                "marketLoss": 5000000,
                "minimum": 10000,
                "providers": 64
              }
            ],
            // What committed makers owe the perpetuals of a compartment: 'size' on each side within
            // 'reach' of the mark, for so much of the time and of the time of stress (a raised
            // level, or an index that moved by 'stressMove' in five minutes). Those who stood share
            // 'feeShare' of trading fees every hour; stress counts 'stressWeight' times.
            "makers": [
              {
                "reach": 0.003,
                "size": 50000,
                "presence": 0.8,
                "stressPresence": 0.6,
                "stressMove": 0.03,
                "stressWeight": 5,
                "feeShare": 0.1
              }
            ]
        """
}
