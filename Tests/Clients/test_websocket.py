"""ccxt.pro over WebSocket: every stream that CCXT has for a market and for an account, while orders
move. The book that the client keeps must be the book that the venue tells over HTTP."""

import asyncio
import logging
import unittest

import ccxt.pro

import venue

PERPETUAL = "BTC/USDC:USDC"
# How long a stream may stay silent before the test fails.
PATIENCE = 30


class RecordingClient(ccxt.pro.deribit):
    """CCXT's client, which also notes the channels that are confirmed and the books it has had."""

    def __init__(self, config):
        super().__init__(config)
        self.confirmed = set()
        self.changes = []
        self.books = {}

    def handle_message(self, client, message):
        result = message.get("result")
        if isinstance(result, list):
            self.confirmed.update(channel for channel in result if isinstance(channel, str))
        super().handle_message(client, message)

    def handle_order_book(self, client, message):
        super().handle_order_book(client, message)
        data = message["params"]["data"]
        self.changes.append((data["type"], data.get("prev_change_id"), data["change_id"]))
        book = self.orderbooks[PERPETUAL]
        self.books[data["change_id"]] = (rows(book["bids"]), rows(book["asks"]))


def rows(side):
    """Price and amount, and no rows that are gone."""
    return [[row[0], row[1]] for row in side if row[1] > 0]


class Streams(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        self.exchange = RecordingClient({
            "apiKey": venue.running.client_id, "secret": venue.running.client_secret,
            "enableRateLimit": False, "timeout": 20_000})
        self.exchange.urls["api"]["rest"] = venue.running.url
        self.exchange.urls["api"]["ws"] = venue.running.websocket_url
        # unittest asks for the debug mode of asyncio, which warns of everything slow.
        logging.getLogger("asyncio").setLevel(logging.ERROR)
        await self.exchange.load_markets()

    async def asyncTearDown(self):
        await self.exchange.cancel_all_orders(PERPETUAL)
        for position in await self.exchange.fetch_positions([PERPETUAL]):
            if position["contracts"]:
                side = "sell" if position["side"] == "long" else "buy"
                await self.exchange.create_order(
                    PERPETUAL, "market", side, abs(position["contracts"]), None,
                    {"reduce_only": True})
        await self.exchange.close()

    async def soon(self, awaitable):
        return await asyncio.wait_for(awaitable, PATIENCE)

    async def resting_price(self):
        book = await self.exchange.fetch_order_book(PERPETUAL)
        return round(book["bids"][0][0] * 0.97)

    async def check_book(self, interval, matches):
        """Follows the book while it moves, until so many states of it were seen over HTTP too."""
        exchange = self.exchange
        following = asyncio.create_task(self.follow_book(interval))
        moving = asyncio.create_task(self.place_and_cancel())
        matched = set()
        deadline = asyncio.get_running_loop().time() + PATIENCE
        try:
            while len(matched) < matches:
                self.assertLess(asyncio.get_running_loop().time(), deadline,
                                f"only {len(matched)} states of the {interval} book were met")
                snapshot = await exchange.fetch_order_book(PERPETUAL, 10_000)
                # The stream may tell of the same block a moment later.
                for _ in range(20):
                    if snapshot["nonce"] in exchange.books:
                        break
                    await asyncio.sleep(0.01)
                kept = exchange.books.get(snapshot["nonce"])
                if kept is not None:
                    self.assertEqual(kept[0], rows(snapshot["bids"]))
                    self.assertEqual(kept[1], rows(snapshot["asks"]))
                    matched.add(snapshot["nonce"])
                for task in [following, moving]:
                    if task.done():
                        task.result()
        finally:
            following.cancel()
            moving.cancel()
            # A request under way may swallow its cancellation.
            await asyncio.wait({following, moving}, timeout=PATIENCE)
        kinds = [change[0] for change in exchange.changes]
        self.assertEqual(kinds, ["snapshot"] + ["change"] * (len(kinds) - 1))
        for earlier, later in zip(exchange.changes, exchange.changes[1:]):
            self.assertEqual(later[1], earlier[2], "a change was lost")
        for bids, asks in exchange.books.values():
            self.assertLess(bids[0][0], asks[0][0], "the book is crossed")

    async def follow_book(self, interval):
        while True:
            await self.soon(self.exchange.watch_order_book(PERPETUAL, None, {"interval": interval}))

    async def test_the_raw_book_is_the_book_of_the_venue_in_every_state(self):
        await self.check_book("raw", matches=15)

    async def test_the_paced_book_is_the_book_of_the_venue(self):
        await self.check_book("100ms", matches=5)

    async def place_and_cancel(self):
        price = await self.resting_price()
        while True:
            order = await self.exchange.create_order(PERPETUAL, "limit", "buy", 0.01, price)
            await self.exchange.cancel_order(order["id"], PERPETUAL)
            # Paced channels must find a state that lasts.
            await asyncio.sleep(0.15)

    async def test_ticker_trades_and_candles_come_by_themselves(self):
        async def market_orders():
            while True:
                await self.exchange.create_order(PERPETUAL, "market", "buy", 0.01)
                await self.exchange.create_order(PERPETUAL, "market", "sell", 0.01)

        trading = asyncio.create_task(market_orders())
        try:
            for _ in range(3):
                ticker = await self.soon(self.exchange.watch_ticker(PERPETUAL))
                self.assertLess(ticker["bid"], ticker["ask"])
                self.assertLess(abs(ticker["last"] / ticker["indexPrice"] - 1), 0.05)
            names = set()
            for _ in range(3):
                for trade in await self.soon(self.exchange.watch_trades(PERPETUAL)):
                    self.assertEqual(trade["symbol"], PERPETUAL)
                    self.assertGreater(trade["price"], 0)
                    self.assertGreater(trade["amount"], 0)
                    names.add(trade["id"])
            self.assertGreaterEqual(len(names), 3)
            candles = await self.soon(self.exchange.watch_ohlcv(PERPETUAL, "1m"))
            time, start, high, low, end, volume = candles[-1]
            self.assertEqual(time % 60_000, 0)
            self.assertGreaterEqual(high, max(start, end))
            self.assertLessEqual(low, min(start, end))
            self.assertGreater(volume, 0)
        finally:
            trading.cancel()
            await asyncio.wait({trading}, timeout=PATIENCE)

    async def test_an_order_is_told_from_its_beginning_to_its_end(self):
        watch = asyncio.create_task(self.exchange.watch_orders(PERPETUAL))
        await self.subscribed("user.orders.any.any.raw")
        order = await self.exchange.create_order(
            PERPETUAL, "limit", "buy", 0.01, await self.resting_price())
        [told] = await self.soon(watch)
        self.assertEqual((told["id"], told["status"], told["amount"]), (order["id"], "open", 0.01))
        watch = asyncio.create_task(self.exchange.watch_orders(PERPETUAL))
        await asyncio.sleep(0)
        await self.exchange.cancel_order(order["id"], PERPETUAL)
        told = (await self.soon(watch))[-1]
        self.assertEqual((told["id"], told["status"]), (order["id"], "canceled"))

    async def test_a_fill_is_told_with_its_fee_and_the_balance_that_it_leaves(self):
        trades = asyncio.create_task(self.exchange.watch_my_trades(PERPETUAL))
        # The first balance is what is, the second what the fill makes of it.
        before = await self.usdc()
        self.assertGreater(before["total"], 900_000)
        balance = asyncio.create_task(self.usdc())
        await self.subscribed("user.trades.any.any.raw")
        order = await self.exchange.create_order(PERPETUAL, "market", "buy", 0.05)
        told = await self.soon(trades)
        self.assertEqual({trade["order"] for trade in told}, {order["id"]})
        self.assertAlmostEqual(sum(trade["amount"] for trade in told), 0.05, places=9)
        self.assertGreater(sum(trade["fee"]["cost"] for trade in told), 0)
        after = await balance
        while after["free"] == before["free"]:
            after = await self.usdc()
        self.assertLess(after["free"], before["free"])

    async def usdc(self):
        """The next balance in USDC, which ccxt.pro keeps as a balance of its own by currency."""
        while True:
            balance = await self.soon(self.exchange.watch_balance())
            if "USDC" in balance:
                return dict(balance["USDC"]["USDC"])

    async def subscribed(self, channel):
        """Waits until the venue has confirmed a channel."""
        async def confirmed():
            while channel not in self.exchange.confirmed:
                await asyncio.sleep(0.01)

        await self.soon(confirmed())


if __name__ == "__main__":
    raise SystemExit("run these tests with run.py or scripts/clients.sh")
