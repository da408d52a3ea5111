/// All methods, by the part of the API that they belong to.

enum MethodTable {
    /// In the order of the reference; names are unique.
    static let all: [Method] =
        SessionMethods.all + MarketMethods.all + ChainMethods.all + CertificateMethods.all
        + CredentialMethods.all + UserChannelMethods.all + TradingMethods.all + AccountMethods.all
        + ScenarioMethods.all
}
