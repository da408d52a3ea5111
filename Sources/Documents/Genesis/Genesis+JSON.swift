/// A genesis as the JSON that `GenesisDocument` reads.

import Canonical
import Catalogue
import FixedPoint
package import Ledger
import Liquidation
import Oracle
import Risk

extension Genesis {
    /// The text of a genesis file. It states margins by the preset, so the rules must be the
    /// preset's.
    package var json: String {
        JSONWriter.text(
            of: .object([
                ("name", .text(name.text)),
                ("time", .unsigned(time.nanoseconds / TimeText.second)),
                ("pricingStepSeconds", .unsigned(pricingStep.nanoseconds / TimeText.second)),
                ("orderLimit", .integer(Int64(orderLimit))),
                (
                    "openingAuctionSeconds",
                    .integer(Int64(openingAuction.nanoseconds / 1_000_000_000))
                ),
                ("custodian", .text(custodian.storage.hexadecimal)),
                ("operator", .text(`operator`.storage.hexadecimal)),
                (
                    "publishers",
                    .list(
                        publishers.map { publisher in
                            .object([
                                publisher.kind == .signer
                                    ? ("key", .text(publisher.key.storage.hexadecimal))
                                    : ("kind", .text("\(publisher.kind)")),
                                ("weight", .integer(Int64(publisher.weight))),
                            ])
                        })
                ),
                ("compartments", .list(catalogue.compartments.map(\.jsonValue))),
                (
                    "feeTiers",
                    .list(
                        catalogue.feeTiers.map {
                            .object([("maker", .ratio($0.maker)), ("taker", .ratio($0.taker))])
                        })
                ),
                ("underlyings", .list(catalogue.underlyings.indices.map(underlying))),
                ("instruments", .list(catalogue.instruments.indices.map(instrument))),
                ("listings", .list(catalogue.listingRules.map(listing))),
                ("liquidation", liquidation.jsonValue), ("safeguards", safeguardsJSON),
            ]))
    }

    private func underlying(_ place: Int) -> JSONValue {
        let entry = catalogue.underlyings[place]
        let oracle = oracles[place]
        let margin = margins[place]
        return .object([
            ("symbol", .text(entry.symbol.text)),
            ("quoteCurrency", .text(entry.quoteCurrency.text)),
            ("fractionBits", .integer(entry.fractionBits)),
            ("maximumIndexPrice", .micro(entry.maximumIndexPrice.units)),
            ("listingPrice", .micro(entry.listingPrice.units)),
            (
                "oracle",
                .object([
                    ("quorum", .ratio(oracle.quorum)),
                    ("liquidationAgeSeconds", .seconds(oracle.liquidationAge)),
                    ("reduceOnlyAgeSeconds", .seconds(oracle.reduceOnlyAge)),
                    ("haltAgeSeconds", .seconds(oracle.haltAge)),
                    ("stableHourlyMove", .ratio(oracle.stableHourlyMove)),
                    ("referenceVolatility", .ratio(oracle.surface.referenceVolatility)),
                    ("future", oracle.future.jsonValue), ("option", oracle.option.jsonValue),
                    (
                        "settlement",
                        .object([
                            ("windowSeconds", .seconds(oracle.settlement.window)),
                            ("coverage", .ratio(oracle.settlement.coverage)),
                            (
                                "observationSeconds",
                                .seconds(oracle.settlement.observationWeight)
                            ),
                        ])
                    ),
                    ("aggregation", aggregation(oracle.aggregation)),
                ])
            ),
            // What no preset makes has no text; the reader then asks for it by name.
            ("margin", GenesisDocument.json(of: margin) ?? .object([])),
        ])
    }
}

extension ModelParameters {
    fileprivate var jsonValue: JSONValue {
        .object([
            ("premiumClamp", .ratio(premiumClamp)),
            ("premiumAveragingSeconds", .seconds(premiumAveraging)),
            ("impactNotional", .micro(impactNotional.units)),
        ])
    }
}

extension Compartment {
    fileprivate var jsonValue: JSONValue {
        .object([
            ("symbol", .text(symbol.text)), ("asset", .text(asset.text)),
            ("vaultLimit", .micro(vaultLimit.units)),
            ("insuranceShare", .ratio(insuranceShare)),
            ("insuranceTarget", .micro(insuranceTarget.units)),
            ("insuranceDailyShare", .ratio(insuranceDailyShare)),
            ("insuranceAccountShare", .ratio(insuranceAccountShare)),
            ("debtLimit", .micro(debt.accountLimit.units)),
            ("debtShare", .ratio(debt.vaultShare)), ("debtInterest", .ratio(debt.interest)),
        ])
    }
}

extension LiquidationParameters {
    fileprivate var jsonValue: JSONValue {
        .object([
            ("exitLevel", .ratio(exitLevel)), ("auctionLevel", .ratio(auctionLevel)),
            ("firstBand", .ratio(firstBand)), ("lastBand", .ratio(lastBand)),
            ("bandSeconds", .seconds(bandTime)), ("fee", .ratio(fee)),
            ("depthShare", .ratio(depthShare)), ("optionDepthShare", .ratio(optionDepthShare)),
            ("depthSeconds", .seconds(depthWindow)), ("auctionSeconds", .seconds(auctionTime)),
            ("firstDiscount", .ratio(firstDiscount)), ("lastDiscount", .ratio(lastDiscount)),
        ])
    }
}

extension JSONValue {
    /// A count of 10^-digits as a decimal, without trailing zeros.
    static func decimal(_ value: Int64, digits: Int) -> JSONValue {
        let text = String(value.magnitude)
        let padded = String(repeating: "0", count: max(0, digits + 1 - text.count)) + text
        var fraction = String(padded.suffix(digits))
        while fraction.hasSuffix("0") { fraction.removeLast() }
        let whole = (value < 0 ? "-" : "") + padded.dropLast(digits)
        return .number(fraction.isEmpty ? whole : whole + "." + fraction)
    }

    static func ratio(_ ratio: Ratio) -> JSONValue { decimal(ratio.units, digits: 9) }

    static func seconds(_ span: Duration) -> JSONValue {
        .unsigned(span.nanoseconds / TimeText.second)
    }
}
