/// Why a certificate does not convince. Each names what of it is wrong; the first that applies, in
/// the order of the cases, is the answer.

public import Canonical

/// What is wrong with a certificate.
public enum CertificateFault: Error, Equatable, Sendable {
    /// It belongs to another chain than the genesis makes.
    case chain(Culprit)
    /// The two headers do not follow one another.
    case headersNotConsecutive
    /// It is of another block than the second header.
    case height(expected: UInt64, found: UInt64)
    /// The account's leaf cannot be read.
    case accountMalformed
    /// The account's leaf does not stand under the root before.
    case accountLeaf
    /// A leaf cannot be read.
    case leafMalformed(key: [UInt8])
    /// A leaf that the certificate does not need.
    case leafUnexpected(key: [UInt8])
    /// A leaf that the account's positions need is missing.
    case leafMissing(key: [UInt8])
    /// The chain's facts are of another block.
    case chainFacts
    /// The prices of an underlying were stated for another time than the block's.
    case stalePrice(UnderlyingIdentifier)
    /// The leaves do not stand under the root after.
    case leaves
    /// An event cannot be read.
    case eventMalformed(place: UInt32)
    /// The events do not stand in the block's list at their places.
    case events
    /// No event says that anything was done to the account.
    case nothingDone
    /// An event does not concern the account.
    case eventForeign(place: UInt32)
    /// An amount is beyond what any account of this venue can come to.
    case beyondBounds
    /// A figure that the certificate claims is not what the leaves and the rules give.
    case claim(ClaimedFigure)
    /// What an event says was done is not what the rules allow.
    case step(place: UInt32, StepFault)

    /// Who names another chain.
    public enum Culprit: UInt8, Sendable {
        case certificate = 1
        case headerBefore = 2
        case header = 3
    }
}

/// A figure of `MarginClaim`.
public enum ClaimedFigure: Equatable, Sendable {
    case equity
    /// There are losses of other underlyings.
    case underlyings
    case scenario(UnderlyingIdentifier)
    case loss(UnderlyingIdentifier)
    case charges
}

/// Why a step is not what the rules allow. Numbers are never reused.
public enum StepFault: UInt8, Error, Sendable {
    /// Equity is not what it says.
    case equity = 1
    /// The requirement is not what it says.
    case requirement = 2
    /// The account is not below maintenance.
    case notBelowMaintenance = 3
    /// It was in liquidation already.
    case startedBefore = 4
    /// It is not in liquidation.
    case notInLiquidation = 5
    /// The order would add to the position.
    case addsRisk = 6
    /// More lots than it takes to reach the exit level.
    case tooManyLots = 7
    /// The limit is worse than the band allows.
    case outsideBand = 8
    /// It traded at a worse price than its limit, or on the other side.
    case beyondLimit = 9
    /// No order of this number was placed for the account.
    case unknownOrder = 10
    /// The notional is not price × lots.
    case notional = 11
    /// The fee is not the rule's.
    case fee = 12
    /// It was too early to close against the other side.
    case tooEarly = 13
    /// There is no such position.
    case position = 14
    /// The profit by which the counterparty is ranked is not what it says.
    case profit = 15
    /// More was paid than is missing.
    case tooMuch = 16
    /// The fund paid more than its caps allow.
    case fundCap = 17
    /// Positions are left.
    case notClosed = 18
    /// The debt is not what it says.
    case debt = 19
    /// Equity has not reached the exit level, and positions are left.
    case notRestored = 20
    /// More interest than the debt can bear in the time between the blocks.
    case interest = 21
    /// The settlement is not at the price that the instrument was settled at.
    case settlement = 22
    /// The fund and the owner paid not what the account is said to have lacked.
    case shortfall = 23
    /// The account was asked for more than the rule lets it be.
    case demand = 24
    /// There is no auction: equity is not below its level, or there is none.
    case noAuction = 25
    /// A slice is not the same share of every position.
    case slice = 26
    /// The discount is not the auction's, or more than the account's equity bears.
    case discount = 27
    /// The order would not lower the requirement, or not raise what is left of it.
    case uselessHedge = 28
    /// What the provider is said to have lost is not what its positions have.
    case loss = 29
}
