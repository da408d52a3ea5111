/// How the page looks: light or dark as the reader's system says, columns that fold on small
/// screens.

extension VenuePage {
    static let style = """
        :root { color-scheme: light dark;
          --ink: #1c2430; --quiet: #667085; --line: #e3e7ee; --paper: #f6f7fa; --card: #fff;
          --up: #0a7f54; --down: #c0392b; --accent: #2a5bd7; }
        @media (prefers-color-scheme: dark) { :root {
          --ink: #e6eaf2; --quiet: #8b96a8; --line: #263042; --paper: #0f141c; --card: #171e29;
          --up: #3ecf8e; --down: #ff7b6b; --accent: #7ea2ff; } }
        * { box-sizing: border-box; }
        body { margin: 0; font: 14px/1.45 system-ui, sans-serif; color: var(--ink);
          background: var(--paper); }
        header { display: flex; gap: 16px; align-items: baseline; padding: 14px 20px; }
        h1 { font-size: 20px; margin: 0; } h2 { font-size: 14px; margin: 0 0 8px; }
        main { display: grid; gap: 12px; padding: 0 20px 20px;
          grid-template-columns: minmax(440px, 5fr) minmax(360px, 6fr) minmax(200px, 3fr); }
        section { background: var(--card); border: 1px solid var(--line); border-radius: 8px;
          padding: 12px 14px; min-width: 0; }
        #chart { grid-column: 2; } #book { grid-column: 3; grid-row: 1 / span 2; }
        #options { grid-column: 1 / span 2; } #trades { grid-column: 3; grid-row: 3; }
        #markets { grid-row: 1 / span 1; } #options { grid-row: 2 / span 2; }
        @media (max-width: 1000px) { main { display: block; } section { margin-bottom: 12px; } }
        table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
        th { color: var(--quiet); font-weight: 500; text-align: right; padding: 2px 6px; }
        td { text-align: right; padding: 2px 6px; white-space: nowrap; }
        #markets th:first-child, #linear td:first-child, #trades th:first-child,
        #tape td:first-child { text-align: left; }
        #linear tr { cursor: pointer; } #linear tr:hover { background: var(--paper); }
        #linear tr.chosen td:first-child { color: var(--accent); font-weight: 600; }
        .scroll { max-height: 420px; overflow: auto; } .quiet { color: var(--quiet); }
        .pill { margin-left: auto; border: 1px solid var(--line); border-radius: 99px;
          padding: 2px 10px; }
        .up { color: var(--up); } .down { color: var(--down); }
        #asks td, #bids td { background-repeat: no-repeat; background-position: right; }
        #asks td:last-child { color: var(--down); } #bids td:last-child { color: var(--up); }
        #spread { text-align: center; } #candles { width: 100%; height: 260px; }
        #chainRows td:nth-child(4) { text-align: center; font-weight: 600;
          background: var(--paper); }
        #options th:nth-child(4) { text-align: center; }
        .price { font-variant-numeric: tabular-nums; } select { font: inherit; }
        footer { padding: 0 20px 20px; } code { font-size: 13px; } a { color: var(--accent); }
        """
}
