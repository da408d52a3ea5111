"""The pictures of docs/concepts, drawn from what the engine computes or from the arithmetic that
the pages show. The files in the repository must be what this draws; RAMPART_WRITE_REFERENCE=1
writes them anew.

    figures.py PROGRAMS     PROGRAMS is the folder of the built rampart-lab"""

import json
import os
import subprocess
import sys
import tempfile

import reference
from drawing import Chart, Drawing

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FOLDER = "docs/images/concepts"


def money(value):
    return f"{'−' if value < 0 else ''}${abs(value):,.0f}"


def profile(programs, name):
    """The scenarios of a portfolio with volatility down: price move and profit."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "result.json")
        subprocess.run(
            [os.path.join(programs, "rampart-lab"), "margin",
             os.path.join(ROOT, "docs/examples", name + ".json"), "--json", path],
            check=True, stdout=subprocess.DEVNULL)
        with open(path) as file:
            result = json.load(file)
    scenarios = result["underlyings"][0]["maintenance"]["scenarios"]
    return sorted((one["move"], one["profit"]) for one in scenarios
                  if one["text"].startswith("price") and one["text"].endswith("volatility down"))


def margin(programs):
    drawing = Drawing(
        720, 380, "What one bitcoin gains or loses by the price move, volatility down")
    chart = Chart(drawing, (80, 50, 680, 330), (-0.12, 0.12), (-8000, 8000))
    chart.grid([-0.12, -0.08, -0.04, 0, 0.04, 0.08, 0.12], [-7200, -3600, 0, 3600, 7200],
               lambda value: f"{value:+.0%}".replace("-", "−").replace("+0%", "0 %")
               .replace("%", " %").replace("  ", " "), money)
    for name, style, words, place in [
            ("perpetual", "a", "the perpetual alone", (0.055, 5000)),
            ("hedged", "b", "with a put at 58,000", (0.055, 700))]:
        points = profile(programs, name)
        drawing.line(chart.at(points), f"line {style}")
        worst = min(points, key=lambda point: point[1])
        drawing.dot(chart.x(worst[0]), chart.y(worst[1]), f"f{style}")
        drawing.text(chart.x(worst[0]) + 12, chart.y(worst[1]) + (4 if style == "a" else -18),
                     f"worst: {money(worst[1])}", f"f{style}", weight=600)
        drawing.text(chart.x(place[0]), chart.y(place[1]), words, f"f{style}",
                     "end" if style == "a" else "start", weight=600)
    return drawing


def liquidation(_):
    drawing = Drawing(
        720, 330, "Equity against maintenance margin, before, in and after a liquidation")
    chart = Chart(drawing, (80, 56, 700, 270), (0, 3), (0, 6500))
    chart.grid([], [0, 2000, 4000, 6000], lambda _: "", money)
    closed = 0.1926
    cases = [
        ("bought at 50,005", 6000 - 25 - 5, 0.065 * 50_000),
        ("at 47,000: equity is the lower", 2970, 0.065 * 47_000),
        ("0.1926 of it sold: 1.2 times", 2970 - closed * 5 - closed * 46_995 * 0.001,
         (1 - closed) * 0.065 * 47_000),
    ]
    for place, (words, equity, maintenance) in enumerate(cases):
        for offset, value, style in [(0.22, equity, "fa"), (0.54, maintenance, "fb")]:
            x = chart.x(place + offset)
            drawing.rectangle(x, chart.y(value), 58, chart.y(0) - chart.y(value), style, 3)
            drawing.text(x + 29, chart.y(value) - 7, money(value), style, "middle", 12, 600)
        drawing.text(chart.x(place + 0.5), 292, words, "soft", "middle", 12)
    drawing.text(chart.x(0.26), 316, "■ equity", "fa", weight=600)
    drawing.text(chart.x(0.66), 316, "■ maintenance margin", "fb", weight=600)
    return drawing


def prices(_):
    drawing = Drawing(720, 250, "Six venues, the cut, and the median of what is left")
    chart = Chart(drawing, (40, 60, 590, 190), (59_860, 60_200), (0, 1))
    drawing.rectangle(chart.x(60_030 - 150), 60, chart.x(60_180) - chart.x(59_880), 130, "band")
    drawing.text(chart.x(60_030), 80, "within 150 of the first median, 60,030", "soft", "middle",
                 12)
    drawing.line([(40, 190), (680, 190)], "axis")
    for value in [59_900, 60_000, 60_100]:
        drawing.text(chart.x(value), 212, f"{value:,}", "soft", "middle", 12)
    drawing.text(600, 212, "…", "soft", "middle", 12)
    for number, value in enumerate([59_990, 60_010, 60_020, 60_040, 60_060]):
        drawing.dot(chart.x(value), 160, "fa", 6)
        drawing.text(chart.x(value), 182 if number % 2 else 146, f"{value:,}", "", "middle", 11)
    drawing.line([(chart.x(60_020), 96), (chart.x(60_020), 134)], "dash c")
    drawing.text(chart.x(60_020) - 6, 112, "index 60,020", "fc", "end", weight=600)
    drawing.dot(650, 160, "fb", 6)
    drawing.text(650, 146, "66,000", "", "middle", 11)
    drawing.text(650, 212, "cut: outlier", "fb", "middle", 12, 600)
    drawing.text(20, 236, "Not to scale right of the dots.", "soft", size=12)
    return drawing


def breakers(_):
    drawing = Drawing(720, 360, "What venues say, what the index does, and where the market stops")
    chart = Chart(drawing, (80, 50, 680, 310), (0, 60), (44_500, 50_500))
    drawing.rectangle(chart.x(27), 50, chart.x(60) - chart.x(27), 260, "warm")
    chart.grid([0, 10, 20, 30, 40, 50, 60], [45_000, 46_000, 48_000, 50_000],
               lambda value: f"{value} s", lambda value: f"{value:,}")
    drawing.line(chart.at([(0, 50_000), (10, 50_000), (20, 45_000), (60, 45_000)]), "line b")
    index = [(0, 50_000)]
    for second in range(1, 61):
        told = 50_000 - 500 * min(max(second - 10, 0), 10)
        index.append((second, max(told, index[-1][1] * 0.995)))
    drawing.line(chart.at(index), "line a")
    drawing.line(chart.at([(0, 46_000), (60, 46_000)]), "dash c")
    drawing.text(chart.x(59), chart.y(46_000) - 8, "8 % below the minute's highest", "fc", "end",
                 12, 600)
    drawing.text(chart.x(14.6), chart.y(47_300), "the venues", "fb", "end", weight=600)
    drawing.text(chart.x(19.5), chart.y(48_000), "the index", "fa", weight=600)
    drawing.text(chart.x(43.5), 72, "auctions only: a price every 10 s", "fb", "middle",
                 weight=600)
    for second in [37, 47, 57]:
        drawing.dot(chart.x(second), chart.y(45_000), "fb", 4)
    return drawing


def main(arguments):
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    faults = [
        fault for draw in [margin, liquidation, prices, breakers]
        for fault in reference.compared(f"{FOLDER}/{draw.__name__}.svg", draw(arguments[0]).svg())]
    for fault in faults:
        print("docs: " + fault, file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
