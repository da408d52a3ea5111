"""A drawing as SVG: a card with its own ground, in the colours of day or night as the reader's
system has it, so that it can be read on any page."""

from xml.sax.saxutils import escape

STYLE = """
  .card { fill: #ffffff; stroke: #d8dee6 } text { fill: #24303c } .soft { fill: #5b6875 }
  .grid { stroke: #e4e9ef } .axis { stroke: #5b6875 } .a { stroke: #1f6feb } .b { stroke: #b35900 }
  .c { stroke: #15803d } .fa { fill: #1f6feb } .fb { fill: #b35900 } .fc { fill: #15803d }
  .band { fill: #1f6feb; opacity: 0.12 } .warm { fill: #b35900; opacity: 0.14 }
  .line { fill: none; stroke-width: 2.5; stroke-linejoin: round }
  .dash { stroke-dasharray: 5 4; fill: none; stroke-width: 1.5 }
  @media (prefers-color-scheme: dark) {
    .card { fill: #151b23; stroke: #343e4a } text { fill: #e2e8ef } .soft { fill: #9aa7b4 }
    .grid { stroke: #28313c } .axis { stroke: #9aa7b4 } .a { stroke: #6cb0ff }
    .b { stroke: #f0a35e } .c { stroke: #56d27f }
    .fa { fill: #6cb0ff } .fb { fill: #f0a35e } .fc { fill: #56d27f }
  }
"""


class Drawing:
    """Shapes by their pixels; y goes down."""

    def __init__(self, width, height, title):
        self.width = width
        self.height = height
        self.parts = [f"<title>{escape(title)}</title>", f"<style>{STYLE}</style>"]
        self.rectangle(0.5, 0.5, width - 1, height - 1, "card", radius=8)
        self.text(20, 28, title, size=15, weight=600)

    def rectangle(self, x, y, width, height, style, radius=0):
        self.parts.append(f'<rect class="{style}" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" '
                          f'height="{height:.1f}" rx="{radius}"/>')

    def line(self, points, style):
        path = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
        self.parts.append(f'<path class="{style}" d="M{path}"/>')

    def dot(self, x, y, style, radius=5):
        self.parts.append(f'<circle class="{style}" cx="{x:.1f}" cy="{y:.1f}" r="{radius}"/>')

    def text(self, x, y, words, style="", anchor="start", size=13, weight=400):
        self.parts.append(f'<text class="{style}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" '
                          f'font-size="{size}" font-weight="{weight}">{escape(words)}</text>')

    def svg(self):
        head = (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} {self.height}" '
                'font-family="system-ui, sans-serif" role="img">')
        return "\n".join([head, *self.parts, "</svg>", ""])


class Chart:
    """A field of a drawing with scales of its own."""

    def __init__(self, drawing, box, horizontal, vertical):
        self.drawing = drawing
        self.left, self.top, self.right, self.bottom = box
        self.horizontal = horizontal
        self.vertical = vertical

    def x(self, value):
        low, high = self.horizontal
        return self.left + (value - low) / (high - low) * (self.right - self.left)

    def y(self, value):
        low, high = self.vertical
        return self.bottom - (value - low) / (high - low) * (self.bottom - self.top)

    def at(self, points):
        return [(self.x(x), self.y(y)) for x, y in points]

    def grid(self, across, up, x_label, y_label):
        """Lines at values, each with its words."""
        for value in across:
            self.drawing.line([(self.x(value), self.top), (self.x(value), self.bottom)], "grid")
            self.drawing.text(self.x(value), self.bottom + 18, x_label(value), "soft", "middle", 12)
        for value in up:
            self.drawing.line([(self.left, self.y(value)), (self.right, self.y(value))], "grid")
            self.drawing.text(self.left - 8, self.y(value) + 4, y_label(value), "soft", "end", 12)
