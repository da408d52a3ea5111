/// The page at `/`: markets, a book, trades and a price chart, live over the same API that every
/// client speaks. One text without anything from elsewhere, so it works without a network.

/// The page for people.
enum VenuePage {
    static let html = """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Rampart</title>
        <style>\(style)</style>
        </head>
        <body>
        <header>
          <h1>Rampart</h1>
          <div id="chain" class="quiet">connecting…</div>
          <div id="state" class="pill">…</div>
        </header>
        <main>
          <section id="markets">
            <h2>Markets</h2>
            <div class="scroll"><table><thead><tr>
              <th>instrument</th><th>mark</th><th>24 h</th><th>open int.</th><th>funding</th>
            </tr></thead><tbody id="linear"></tbody></table></div>
          </section>
          <section id="chart">
            <h2><span id="title">…</span> <span id="last" class="price"></span></h2>
            <svg id="candles" viewBox="0 0 720 260" preserveAspectRatio="none" role="img"
              aria-label="one-minute candles"></svg>
            <div id="scale" class="quiet"></div>
          </section>
          <section id="book">
            <h2>Book</h2>
            <table><thead><tr><th>amount</th><th>price</th></tr></thead>
              <tbody id="asks"></tbody>
              <tbody><tr><td colspan="2" id="spread" class="quiet"></td></tr></tbody>
              <tbody id="bids"></tbody></table>
          </section>
          <section id="trades">
            <h2>Trades</h2>
            <table><thead><tr><th>time</th><th>price</th><th>amount</th></tr></thead>
              <tbody id="tape"></tbody></table>
          </section>
          <section id="options">
            <h2>Options <select id="expiry" aria-label="expiry"></select></h2>
            <div class="scroll"><table><thead><tr>
              <th>call mark</th><th>delta</th><th>IV</th><th>strike</th>
              <th>IV</th><th>delta</th><th>put mark</th>
            </tr></thead><tbody id="chainRows"></tbody></table></div>
          </section>
        </main>
        <footer class="quiet">JSON-RPC: <code>/api/v2</code> · WebSocket: <code>/ws/api/v2</code> ·
          <a href="/api/v2/openapi.json">reference</a> · <a href="/metrics">metrics</a></footer>
        <script>\(script)</script>
        </body>
        </html>
        """
}
