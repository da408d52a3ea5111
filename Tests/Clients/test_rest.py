"""CCXT over HTTP: the class `deribit` as it comes from PyPI, with nothing but `urls` overridden."""

import unittest

import ccxt

import venue

PERPETUAL = "BTC/USDC:USDC"
PERPETUAL_NAME = "BTC_USDC-PERPETUAL"


def client(secret=None):
    """CCXT's client of the venue."""
    exchange = ccxt.deribit({
        "apiKey": venue.running.client_id, "secret": secret or venue.running.client_secret,
        "enableRateLimit": False, "timeout": 20_000})
    exchange.urls["api"]["rest"] = venue.running.url
    return exchange


class Client(unittest.TestCase):
    """What all tests over HTTP share: one client that has loaded the markets."""

    @classmethod
    def setUpClass(cls):
        cls.exchange = client()
        cls.exchange.load_markets()

    def tearDown(self):
        self.exchange.cancel_all_orders(PERPETUAL)
        self.flatten()

    def flatten(self):
        for position in self.exchange.fetch_positions([PERPETUAL]):
            if position["contracts"]:
                side = "sell" if position["side"] == "long" else "buy"
                self.exchange.create_order(
                    PERPETUAL, "market", side, abs(position["contracts"]), None,
                    {"reduce_only": True})

    def book(self):
        return self.exchange.fetch_order_book(PERPETUAL)

    def resting_price(self):
        """A price that does not trade and is near enough to be allowed."""
        return round(self.book()["bids"][0][0] * 0.97)

    def position(self):
        """Signed, in units of the underlying."""
        position = self.exchange.fetch_position(PERPETUAL)
        size = position["contracts"] or 0
        return -size if position["side"] == "short" else size


class MarketData(Client):
    def test_all_kinds_of_instruments_are_loaded_with_their_terms(self):
        markets = self.exchange.markets.values()
        for kind in ["swap", "future", "option"]:
            self.assertTrue(any(market[kind] for market in markets), kind)
        for market in markets:
            self.assertTrue(market["linear"], market["symbol"])
            self.assertFalse(market["inverse"], market["symbol"])
            self.assertEqual(market["settle"], "USDC")
            self.assertGreater(market["precision"]["amount"], 0)
            self.assertGreater(market["precision"]["price"], 0)
            self.assertGreaterEqual(market["taker"], market["maker"])
            if market["option"]:
                self.assertGreater(market["strike"], 0)
                self.assertIn(market["optionType"], ["call", "put"])
            if not market["swap"]:
                self.assertGreater(market["expiry"], self.exchange.milliseconds())
        self.assertEqual(self.exchange.market(PERPETUAL)["id"], PERPETUAL_NAME)

    def test_time_and_status(self):
        self.assertLess(abs(self.exchange.fetch_time() - self.exchange.milliseconds()), 60_000)
        self.assertEqual(self.exchange.fetch_status()["status"], "ok")

    def test_a_book_is_sorted_not_crossed_and_on_the_grid(self):
        book = self.book()
        market = self.exchange.market(PERPETUAL)
        bids, asks = book["bids"], book["asks"]
        self.assertGreater(len(bids), 1)
        self.assertGreater(len(asks), 1)
        self.assertEqual([row[0] for row in bids], sorted({row[0] for row in bids}, reverse=True))
        self.assertEqual([row[0] for row in asks], sorted({row[0] for row in asks}))
        self.assertLess(bids[0][0], asks[0][0])
        for price, amount in bids + asks:
            self.assertEqual(price % market["precision"]["price"], 0)
            lots = amount / market["precision"]["amount"]
            self.assertAlmostEqual(lots, round(lots), places=6)
            self.assertGreater(lots, 0)

    def test_a_ticker_agrees_with_itself_and_with_the_index(self):
        ticker = self.exchange.fetch_ticker(PERPETUAL)
        self.assertLess(ticker["bid"], ticker["ask"])
        self.assertLessEqual(ticker["low"], ticker["high"])
        self.assertGreater(ticker["baseVolume"], 0)
        for name in ["last", "markPrice"]:
            self.assertLess(abs(ticker[name] / ticker["indexPrice"] - 1), 0.05, name)
        index = self.exchange.public_get_get_index_price({"index_name": "btc_usd"})["result"]
        self.assertLess(abs(float(index["index_price"]) / ticker["indexPrice"] - 1), 0.02)

    def test_tickers_of_a_currency_are_of_its_instruments(self):
        tickers = self.exchange.fetch_tickers(params={"code": "BTC"})
        self.assertIn(PERPETUAL, tickers)
        for symbol in tickers:
            self.assertEqual(self.exchange.market(symbol)["base"], "BTC")

    def test_trades_come_in_order_with_names_that_are_unique(self):
        trades = self.exchange.fetch_trades(PERPETUAL, limit=50)
        self.assertEqual(len(trades), 50)
        self.assertEqual(len({trade["id"] for trade in trades}), 50)
        times = [trade["timestamp"] for trade in trades]
        self.assertEqual(times, sorted(times))
        for trade in trades:
            self.assertGreater(trade["price"], 0)
            self.assertGreater(trade["amount"], 0)
            self.assertIn(trade["side"], ["buy", "sell"])

    def test_candles_are_whole_and_a_minute_apart(self):
        candles = self.exchange.fetch_ohlcv(PERPETUAL, "1m", limit=60)
        self.assertGreater(len(candles), 30)
        for time, start, high, low, end, volume in candles:
            self.assertEqual(time % 60_000, 0)
            self.assertGreaterEqual(high, max(start, end))
            self.assertLessEqual(low, min(start, end))
            self.assertGreater(low, 0)
            self.assertGreaterEqual(volume, 0)
        steps = {later[0] - earlier[0] for earlier, later in zip(candles, candles[1:])}
        self.assertEqual(steps, {60_000})

    def test_funding_now_and_before(self):
        self.assertLess(abs(self.exchange.fetch_funding_rate(PERPETUAL)["fundingRate"]), 0.01)
        history = self.exchange.fetch_funding_rate_history(PERPETUAL)
        self.assertGreater(len(history), 0)
        for row in history:
            self.assertLess(abs(row["fundingRate"]), 0.01)
            self.assertGreater(row["indexPrice"], 0)

    def test_greeks_have_the_signs_of_their_options(self):
        options = [market for market in self.exchange.markets.values()
                   if market["option"] and market["base"] == "BTC"]
        for kind in ["call", "put"]:
            # One that expires within hours may be worth nothing any more.
            option = max((market for market in options if market["optionType"] == kind),
                         key=lambda market: market["expiry"])
            greeks = self.exchange.fetch_greeks(option["symbol"])
            low, high = (0, 1) if kind == "call" else (-1, 0)
            self.assertGreaterEqual(greeks["delta"], low)
            self.assertLessEqual(greeks["delta"], high)
            self.assertGreaterEqual(greeks["gamma"], 0)
            self.assertGreaterEqual(greeks["vega"], 0)
            self.assertGreater(greeks["markPrice"], 0)
            self.assertGreater(greeks["markImpliedVolatility"], 1)
            self.assertGreater(greeks["underlyingPrice"], 0)

    def test_an_option_chain_has_calls_and_puts(self):
        chain = self.exchange.fetch_option_chain("BTC")
        kinds = {self.exchange.market(symbol)["optionType"] for symbol in chain}
        self.assertEqual(kinds, {"call", "put"})

    def test_volatility_history_and_liquidations_answer(self):
        self.assertIsInstance(self.exchange.fetch_volatility_history("BTC"), list)
        self.assertIsInstance(self.exchange.fetch_liquidations(PERPETUAL), list)


class Trading(Client):
    def test_an_order_rests_is_edited_and_cancelled(self):
        price = self.resting_price()
        order = self.exchange.create_order(
            PERPETUAL, "limit", "buy", 0.01, price, {"post_only": True, "label": "clients"})
        self.assertEqual(order["status"], "open")
        self.assertEqual(
            (order["type"], order["side"], order["price"], order["amount"], order["filled"]),
            ("limit", "buy", price, 0.01, 0))
        self.assertTrue(order["postOnly"])
        self.assertEqual(order["info"]["label"], "clients")
        self.assertIn(order["id"], [open["id"] for open in
                                    self.exchange.fetch_open_orders(PERPETUAL)])
        deep = self.exchange.fetch_order_book(PERPETUAL, 1000)
        self.assertIn(price, [row[0] for row in deep["bids"]])

        edited = self.exchange.edit_order(
            order["id"], PERPETUAL, "limit", "buy", 0.02, price - 10)
        self.assertEqual((edited["id"], edited["amount"], edited["price"]),
                         (order["id"], 0.02, price - 10))
        fetched = self.exchange.fetch_order(order["id"], PERPETUAL)
        self.assertEqual((fetched["status"], fetched["amount"], fetched["price"]),
                         ("open", 0.02, price - 10))
        self.assertEqual(fetched["info"]["label"], "clients")

        self.assertEqual(self.exchange.cancel_order(order["id"], PERPETUAL)["status"], "canceled")
        self.assertEqual(
            self.exchange.fetch_order(order["id"], PERPETUAL)["status"], "canceled")
        self.assertNotIn(order["id"], [open["id"] for open in
                                       self.exchange.fetch_open_orders(PERPETUAL)])

    def test_a_market_order_moves_position_and_balance_by_what_it_says(self):
        def balance():
            summary = self.exchange.private_get_get_account_summary({"currency": "USDC"})
            return float(summary["result"]["balance"])

        before = self.position()
        cash = balance()
        order = self.exchange.create_order(PERPETUAL, "market", "buy", 0.05)
        self.assertEqual((order["status"], order["type"]), ("closed", "market"))
        self.assertEqual((order["filled"], order["remaining"]), (0.05, 0))
        self.assertAlmostEqual(self.position(), before + 0.05, places=9)

        trades = self.exchange.fetch_order_trades(order["id"], PERPETUAL)
        self.assertAlmostEqual(sum(trade["amount"] for trade in trades), 0.05, places=9)
        cost = sum(trade["price"] * trade["amount"] for trade in trades)
        fee = sum(trade["fee"]["cost"] for trade in trades)
        self.assertAlmostEqual(order["average"], cost / 0.05, places=3)
        # The taker's fee, rounded up in the venue's favour by less than a millionth a fill.
        taker = self.exchange.market(PERPETUAL)["taker"]
        self.assertAlmostEqual(fee, cost * taker, delta=0.001)
        self.assertEqual({trade["takerOrMaker"] for trade in trades}, {"taker"})
        # From no position a purchase costs its fee and nothing else.
        self.assertEqual(before, 0)
        self.assertAlmostEqual(balance(), cash - fee, places=6)
        self.assertIn(trades[0]["id"], [trade["id"] for trade in
                                        self.exchange.fetch_my_trades(PERPETUAL)])
        self.assertIn(order["id"], [closed["id"] for closed in
                                    self.exchange.fetch_closed_orders(PERPETUAL)])

    def test_my_trade_has_the_name_that_all_see(self):
        order = self.exchange.create_order(PERPETUAL, "market", "buy", 0.01)
        mine = {trade["id"] for trade in self.exchange.fetch_order_trades(order["id"], PERPETUAL)}
        public = {trade["id"] for trade in self.exchange.fetch_trades(PERPETUAL, limit=1000)}
        self.assertLessEqual(mine, public)

    def test_a_position_is_told_with_margin_and_entry(self):
        order = self.exchange.create_order(PERPETUAL, "market", "sell", 0.03)
        [position] = self.exchange.fetch_positions([PERPETUAL])
        self.assertEqual((position["side"], abs(position["contracts"])), ("short", 0.03))
        self.assertAlmostEqual(position["entryPrice"], order["average"], places=3)
        self.assertGreater(position["initialMargin"], position["maintenanceMargin"])
        self.assertGreater(position["maintenanceMargin"], 0)
        balance = self.exchange.fetch_balance()["USDC"]
        self.assertLess(balance["free"], balance["total"])
        self.assertGreater(balance["used"], 0)

    def test_reduce_only_closes_and_never_opens(self):
        self.exchange.create_order(PERPETUAL, "market", "buy", 0.02)
        order = self.exchange.create_order(
            PERPETUAL, "market", "sell", 0.02, None, {"reduce_only": True})
        self.assertEqual((order["status"], order["filled"]), ("closed", 0.02))
        self.assertTrue(order["info"]["reduce_only"])
        self.assertEqual(self.position(), 0)
        with self.assertRaises(ccxt.ExchangeError):
            self.exchange.create_order(
                PERPETUAL, "market", "sell", 0.02, None, {"reduce_only": True})
        self.assertEqual(self.position(), 0)

    def test_post_only_slides_or_is_refused_and_never_takes(self):
        through = self.book()["asks"][0][0] + 100
        # CCXT always sends reject_post_only with it; without, the order slides.
        with self.assertRaises(ccxt.InvalidOrder) as caught:
            self.exchange.create_order(
                PERPETUAL, "limit", "buy", 0.01, through, {"post_only": True})
        self.assertIn("post_only_reject", str(caught.exception))
        placed = self.exchange.private_get_buy({
            "instrument_name": PERPETUAL_NAME, "amount": 0.01, "price": through,
            "post_only": True})["result"]
        self.assertLess(float(placed["order"]["price"]), through)
        self.assertEqual(placed["trades"], [])
        for trade in self.exchange.fetch_order_trades(placed["order"]["order_id"], PERPETUAL):
            self.assertEqual(trade["takerOrMaker"], "maker")

    def test_immediate_or_cancel_and_fill_or_kill(self):
        low = self.resting_price()
        order = self.exchange.create_order(
            PERPETUAL, "limit", "buy", 0.01, low, {"timeInForce": "IOC"})
        self.assertEqual((order["status"], order["filled"]), ("canceled", 0))
        with self.assertRaises(ccxt.ExchangeError):
            self.exchange.create_order(
                PERPETUAL, "limit", "buy", 0.01, low, {"timeInForce": "FOK"})

    def test_a_stop_waits_for_its_trigger(self):
        trigger = round(self.book()["bids"][0][0] * 0.9)
        order = self.exchange.create_order(
            PERPETUAL, "stop_market", "sell", 0.01, None,
            {"trigger": "mark_price", "trigger_price": trigger, "triggerPrice": trigger})
        self.assertEqual(order["info"]["order_state"], "untriggered")
        self.assertEqual(float(order["info"]["trigger_price"]), trigger)
        self.assertEqual(self.exchange.cancel_order(order["id"])["status"], "canceled")

    def test_all_orders_are_cancelled_at_once(self):
        price = self.resting_price()
        for step in range(3):
            self.exchange.create_order(PERPETUAL, "limit", "buy", 0.01, price - step)
        self.assertEqual(len(self.exchange.fetch_open_orders(PERPETUAL)), 3)
        self.exchange.cancel_all_orders(PERPETUAL)
        self.assertEqual(self.exchange.fetch_open_orders(PERPETUAL), [])


class Money(Client):
    def test_balance_adds_up(self):
        balance = self.exchange.fetch_balance()["USDC"]
        self.assertGreater(balance["total"], 900_000)
        self.assertLessEqual(balance["free"], balance["total"])

    def test_the_deposit_is_listed_and_nothing_else_moved(self):
        [deposit] = self.exchange.fetch_deposits("USDC")
        self.assertEqual(
            (deposit["amount"], deposit["currency"], deposit["status"]),
            (1_000_000, "USDC", "ok"))
        self.assertEqual(self.exchange.fetch_withdrawals("USDC"), [])
        self.assertEqual(self.exchange.fetch_transfers("USDC"), [])

    def test_accounts_and_fees(self):
        self.assertEqual([account["id"] for account in self.exchange.fetch_accounts()],
                         [str(venue.running.account)])
        fees = self.exchange.fetch_trading_fees()[PERPETUAL]
        self.assertEqual((fees["maker"], fees["taker"]),
                         tuple(self.exchange.market(PERPETUAL)[key] for key in ["maker", "taker"]))

    def test_a_credential_cannot_take_money_out(self):
        with self.assertRaises(ccxt.PermissionDenied):
            self.exchange.withdraw("USDC", 1, "anywhere")
        with self.assertRaises(ccxt.PermissionDenied):
            self.exchange.transfer("USDC", 1, str(venue.running.account), "0")


class Refusals(Client):
    """Every error must reach a client as the class that CCXT has for it."""

    def refuses(self, error, amount, price, **parameters):
        with self.assertRaises(error) as caught:
            self.exchange.create_order(PERPETUAL, "limit", "buy", amount, price, parameters)
        return str(caught.exception)

    def test_more_than_the_account_can_carry_is_insufficient_funds(self):
        # Orders of the largest size until margin is gone; the first ones may fit.
        largest = float(self.exchange.market(PERPETUAL)["info"]["max_order_amount"])
        amount = self.exchange.amount_to_precision(PERPETUAL, largest * 0.9)
        price = self.resting_price()
        with self.assertRaises(ccxt.InsufficientFunds):
            for _ in range(10):
                self.exchange.create_order(PERPETUAL, "limit", "buy", float(amount), price)

    def test_too_large_an_order_is_invalid(self):
        self.assertIn("invalid_amount",
                      self.refuses(ccxt.InvalidOrder, 10_000, self.resting_price()))

    def test_what_is_off_the_grid_is_refused_by_name(self):
        request = {"instrument_name": PERPETUAL_NAME, "amount": 0.01, "price": 90_000}
        for name, value in [("amount", 0.00001), ("price", 90_000.5)]:
            with self.assertRaises(ccxt.BadRequest) as caught:
                self.exchange.private_get_buy({**request, name: value})
            self.assertIn(f'"param":"{name}"', str(caught.exception))

    def test_an_unknown_instrument_is_refused_by_name(self):
        for call in [self.exchange.public_get_ticker, self.exchange.private_get_get_position]:
            with self.assertRaises(ccxt.ExchangeError) as caught:
                call({"instrument_name": "BTC-NO-SUCH"})
            self.assertIn('"param":"instrument_name"', str(caught.exception))

    def test_orders_that_are_not_there_are_not_found(self):
        for name in ["99999999", "BTC-12", "-1", "x"]:
            with self.assertRaises(ccxt.OrderNotFound):
                self.exchange.fetch_order(name, PERPETUAL)
            with self.assertRaises(ccxt.OrderNotFound):
                self.exchange.cancel_order(name, PERPETUAL)
            with self.assertRaises(ccxt.OrderNotFound):
                self.exchange.edit_order(name, PERPETUAL, "limit", "buy", 0.01, 90_000)

    def test_an_order_is_cancelled_once(self):
        order = self.exchange.create_order(
            PERPETUAL, "limit", "buy", 0.01, self.resting_price())
        self.exchange.cancel_order(order["id"], PERPETUAL)
        with self.assertRaises(ccxt.InvalidOrder):
            self.exchange.cancel_order(order["id"], PERPETUAL)

    def test_a_wrong_secret_is_an_authentication_error(self):
        stranger = client(secret="x" * 43)
        with self.assertRaises(ccxt.AuthenticationError):
            stranger.fetch_balance()
        self.assertGreater(self.exchange.fetch_balance()["USDC"]["total"], 0)


if __name__ == "__main__":
    raise SystemExit("run these tests with run.py or scripts/clients.sh")
