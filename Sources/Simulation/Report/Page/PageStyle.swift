/// The look of the replay page. Colours are told apart by people with any common colour vision:
/// blue for the mark, orange for the index, teal for money that is safe, purple-red for
/// liquidation.

/// The style sheet, inline in the page.
enum PageStyle {
    static let css = colors + layout + charts + options + prices + narrow

    private static let colors = """
        :root{color-scheme:light dark;--page:#f5f6f8;--card:#fff;--ink:#14181f;--soft:#5b6573;
        --faint:#8a94a3;--line:#e3e7ec;--grid:#edf0f3;--mark:#1f62d0;--index:#d17a00;
        --last:#9aa5b4;--stable:#0b8f7f;--liquidation:#b3246b;--deleveraged:#6f3fc4;
        --safe:#0b8f7f;--good:#0a7d5a;--good-back:#e4f5ee;--bad:#b3261e;--bad-back:#fbe9e7;
        --shadow:0 1px 2px rgba(16,24,40,.05),0 1px 8px rgba(16,24,40,.04)}
        @media (prefers-color-scheme:dark){:root{--page:#0e1116;--card:#161b22;--ink:#e8ecf2;
        --soft:#9ea9b8;--faint:#707c8c;--line:#262d37;--grid:#20262f;--mark:#6aa5ff;
        --index:#f2a63b;--last:#66717f;--stable:#3cc6b1;--liquidation:#ff79b4;
        --deleveraged:#b79bff;--safe:#3cc6b1;--good:#56d6a4;--good-back:#10281f;--bad:#ff8a80;
        --bad-back:#321715;--shadow:none}}
        .c-mark{--c:var(--mark)}.c-index{--c:var(--index)}.c-last{--c:var(--last)}
        .c-stable{--c:var(--stable)}.c-liquidation{--c:var(--liquidation)}
        .c-deleveraged{--c:var(--deleveraged)}.c-safe{--c:var(--safe)}

        """

    private static let layout = """
        *{box-sizing:border-box}
        body{margin:0;background:var(--page);color:var(--ink);line-height:1.45;
        font:15px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;
        font-variant-numeric:tabular-nums;-webkit-font-smoothing:antialiased}
        main,header>div{max-width:1240px;margin:0 auto;padding:0 24px}
        header{background:var(--card);border-bottom:1px solid var(--line);padding:26px 0 22px}
        .brand{display:flex;align-items:center;gap:10px;color:var(--soft);font-size:13px;
        letter-spacing:.04em}
        .brand svg{width:20px;height:20px;color:var(--mark)}
        .brand strong{color:var(--ink);letter-spacing:.02em;font-size:14px}
        h1{font-size:28px;line-height:1.2;letter-spacing:-.015em;margin:12px 0 4px;font-weight:650}
        .span{color:var(--soft);margin:0}
        h2{font-size:18px;letter-spacing:-.01em;margin:32px 0 12px;font-weight:650}
        .verdict{display:flex;flex-wrap:wrap;align-items:center;gap:8px 18px;margin-top:18px}
        .badge{display:inline-flex;align-items:center;gap:7px;border-radius:999px;
        padding:5px 13px 5px 10px;font-weight:600;font-size:14px;background:var(--good-back);
        color:var(--good)}
        .badge.bad{background:var(--bad-back);color:var(--bad)}
        .root{display:flex;align-items:center;gap:8px;min-width:0;color:var(--soft);font-size:14px;
        white-space:nowrap}
        code{font:13px/1.5 ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace}
        .root code{color:var(--ink);overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
        button{font:inherit;color:inherit;cursor:pointer;border:1px solid var(--line);
        background:var(--card);border-radius:8px}
        button:focus-visible,.plot:focus-visible{outline:2px solid var(--mark);outline-offset:2px}
        .copy{font-size:12px;padding:2px 9px;color:var(--soft)}.copy:hover{color:var(--ink)}
        .tiles{display:grid;grid-template-columns:repeat(4,minmax(0,1fr));gap:12px;
        margin:24px 0 0;padding:0}
        .tile{margin:0;background:var(--card);border:1px solid var(--line);border-radius:12px;
        padding:14px 16px;box-shadow:var(--shadow);min-width:0}
        .tile dt{color:var(--soft);font-size:13px}
        .tile dd{margin:3px 0 0;font-size:23px;font-weight:620;letter-spacing:-.02em}
        .tile small{display:block;color:var(--faint);font-size:12.5px;margin-top:1px;
        font-weight:400;letter-spacing:0}
        .tile.bad dd{color:var(--bad)}
        .tabs{display:flex;flex-wrap:wrap;gap:6px;overflow-x:auto;padding:2px 2px 10px;
        margin:0 -2px}
        .tabs button{padding:6px 14px;white-space:nowrap;color:var(--soft);font-weight:550;
        border-radius:999px}
        .tabs button[aria-selected=true]{background:var(--ink);color:var(--page);
        border-color:var(--ink)}
        section[hidden]{display:none}
        .grid-2{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:14px}
        .grid-2>.tall,.grid-2>.wide{grid-column:1/-1}
        .card{background:var(--card);border:1px solid var(--line);border-radius:12px;
        padding:16px 18px;box-shadow:var(--shadow);min-width:0}
        .card h3{margin:0 0 8px;font-size:15px;font-weight:620}
        table{border-collapse:collapse;width:100%;font-size:14px}
        td,th{padding:6px 0;border-top:1px solid var(--grid);text-align:left;font-weight:400;
        vertical-align:top}
        tr:first-child>*{border-top:0}th{color:var(--soft);padding-right:16px}
        td{text-align:right;overflow-wrap:anywhere}
        pre{background:var(--page);border:1px solid var(--line);border-radius:8px;margin:10px 0;
        padding:12px 14px;overflow-x:auto}
        .check p{margin:6px 0;color:var(--soft);max-width:84ch}.check p b{color:var(--ink)}
        .check p code{overflow-wrap:anywhere}
        footer{color:var(--faint);font-size:13px;padding:28px 0 40px}

        """

    private static let charts = """
        .chart{margin:0;background:var(--card);border:1px solid var(--line);border-radius:12px;
        padding:14px 18px 12px;box-shadow:var(--shadow);min-width:0}
        figcaption{display:flex;flex-wrap:wrap;align-items:baseline;gap:2px 10px;min-height:48px}
        figcaption h3{margin:0;font-size:15px;font-weight:620}
        .note{color:var(--faint);font-size:13px}
        .legend{list-style:none;display:flex;flex-wrap:wrap;gap:2px 16px;margin:0;padding:0;
        font-size:13px;color:var(--soft);flex-basis:100%}
        .legend li{white-space:nowrap}
        .legend output{color:var(--ink);font-weight:550}
        .key{display:inline-block;width:14px;height:3px;border-radius:2px;background:var(--c);
        vertical-align:middle;margin:0 6px 2px 0}
        .key.dot{width:8px;height:8px;border-radius:50%}
        .frame{position:relative;padding:0 62px 24px 0;margin-top:8px}
        .plot{position:relative;height:190px;cursor:crosshair;touch-action:pan-y;border-radius:4px}
        .tall .plot{height:330px}
        .plot svg{position:absolute;inset:0;width:100%;height:100%;overflow:hidden}
        .plot svg path{vector-effect:non-scaling-stroke;fill:none;stroke-linejoin:round}
        svg .grid{stroke:var(--grid)}svg .zero{stroke:var(--faint)}
        svg .line{stroke:var(--c);stroke-width:1.6;stroke-linecap:round}
        svg .line.c-last{stroke-width:1.1}svg .line.c-stable{stroke-dasharray:5 4}
        .plot svg .area{fill:var(--c);opacity:.13}
        .plot svg .bars{fill:var(--c)}
        svg .dots{stroke:var(--c);stroke-width:6;stroke-linecap:round;opacity:.85}
        .rows{position:absolute;top:0;bottom:24px;right:0;width:56px}
        .columns{position:absolute;left:0;right:62px;bottom:0;height:20px}
        .rows span,.columns span{position:absolute;color:var(--faint);font-size:12px;
        white-space:nowrap}
        .rows span{transform:translateY(-50%)}.columns span{transform:translateX(-50%)}
        .columns .first{transform:none}
        .cross{position:absolute;top:0;bottom:0;width:1px;background:var(--soft);display:none;
        pointer-events:none}
        .when{position:absolute;bottom:-23px;transform:translateX(-50%);display:none;
        background:var(--ink);color:var(--page);font-size:12px;font-weight:500;border-radius:5px;
        padding:1px 7px;white-space:nowrap;pointer-events:none;z-index:1}
        .on .cross,.on.here .when{display:block}

        """

    private static let options = """
        .plot svg .marked{stroke:var(--faint);stroke-dasharray:3 4}
        .facts{color:var(--soft);margin:0 0 12px}.facts b{color:var(--ink);font-weight:600}
        .chain{margin:14px 0 0;padding:0;overflow:hidden}
        .chain summary{cursor:pointer;padding:13px 18px;color:var(--soft);font-size:14px;
        display:flex;flex-wrap:wrap;gap:2px 18px;align-items:baseline;list-style:none}
        .chain summary::-webkit-details-marker{display:none}
        .chain summary::before{content:"▸";color:var(--faint);width:10px}
        .chain[open] summary::before{content:"▾"}
        .chain summary b{color:var(--ink);font-weight:620;font-size:15px}
        .chain summary:focus-visible{outline:2px solid var(--mark);outline-offset:-2px}
        .scroll{overflow-x:auto;border-top:1px solid var(--line)}
        .scroll table{font-size:13px;min-width:1000px}
        .scroll th,.scroll td{padding:4px 9px;text-align:right;white-space:nowrap;
        vertical-align:baseline}
        .scroll thead th{color:var(--faint);font-size:12px}
        .scroll thead tr:first-child th{text-align:center;color:var(--soft);font-weight:600;
        padding-top:8px}
        .scroll .side{border-left:1px solid var(--line)}
        .scroll tbody th{font-weight:620;color:var(--ink);background:var(--page)}
        .scroll .in{background:color-mix(in srgb,var(--mark) 7%,transparent)}
        .scroll .value{font-weight:600}
        .scroll .none{color:var(--faint)}
        .scroll .at td{padding:1px 9px;font-size:11.5px;text-align:center;color:var(--mark);
        border-top:1px solid var(--mark)}
        .settled{margin-top:14px;overflow:hidden;padding:16px 0 0}
        .settled h3{padding:0 18px}
        .settled .scroll td:first-child,.settled .scroll th:first-child{padding-left:18px}
        .settled .scroll td:last-child,.settled .scroll th:last-child{padding-right:18px}
        .settled .scroll thead tr:first-child th{text-align:right;font-weight:400}
        .settled .scroll thead tr:first-child th:first-child,.settled tbody th{text-align:left}
        .settled tbody th{background:none}

        """

    /// Ten venues after Okabe and Ito, and Tol: apart for most eyes, on white and on black.
    private static let prices = """
        .c-v0{--c:#0072b2}.c-v1{--c:#e69f00}.c-v2{--c:#009e73}.c-v3{--c:#cc79a7}.c-v4{--c:#56b4e9}
        .c-v5{--c:#d55e00}.c-v6{--c:#8a63d2}.c-v7{--c:#a5a100}.c-v8{--c:#9c5b3c}.c-v9{--c:#7f8a99}
        .c-bold{--c:var(--ink)}svg .line.c-bold{stroke-width:2.4}
        svg .line[class*=c-v]{stroke-width:1.2;opacity:.9}
        .tabs.below{margin-top:16px}
        .listed{margin-top:14px;overflow:hidden;padding:16px 0 0}
        .listed h3,.listed .note{padding:0 18px}.listed .note{margin:10px 0 14px}
        .listed .scroll table{min-width:0}.long .scroll{max-height:520px;overflow-y:auto}
        .card.long{padding-top:0}.chain.listed{padding-top:0}
        .listed .scroll thead tr:first-child th{text-align:right;font-weight:400}
        .listed .scroll th:first-child,.listed .scroll td:first-child{padding-left:18px}
        .listed .scroll th:last-child,.listed .scroll td:last-child{padding-right:18px}
        .listed .scroll thead tr:first-child th:first-child,.listed tbody th{text-align:left}
        .listed .scroll tbody th{background:none}
        .level-1{fill:#e0a526;--c:#e0a526}.level-2{fill:#d55e00;--c:#d55e00}
        .level-3{fill:#b3246b;--c:#b3246b}
        .lanes{margin-top:8px}.lane{display:flex;align-items:center;gap:10px;font-size:12.5px;
        color:var(--soft)}
        .lane>span{flex:0 0 108px;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
        .lane svg{flex:1;height:13px;background:var(--grid);border-radius:2px;margin:2px 0;
        min-width:0}
        .times{position:relative;flex:1;height:18px}
        .times span{position:absolute;transform:translateX(-50%);color:var(--faint);font-size:12px}

        """

    private static let narrow = """
        @media (max-width:760px){main,header>div{padding:0 14px}
        .grid-2{grid-template-columns:minmax(0,1fr)}h1{font-size:23px}.tabs{flex-wrap:nowrap}
        .tiles{grid-template-columns:repeat(2,minmax(0,1fr));gap:9px}.tile{padding:11px 13px}
        .tile dd{font-size:19px}.chart{padding:12px 12px 10px}.columns .minor{display:none}
        .tall .plot{height:260px}.plot{height:170px}.root{flex-basis:100%}.frame{padding-right:54px}
        .columns{right:54px}.rows{width:50px}.rows span,.columns span{font-size:11px}}
        @media print{.tabs,.copy{display:none}section[hidden]{display:block}}

        """
}
