#!/usr/bin/env python3
"""Draws what train.py logged: bits per byte against bytes read.

usage: loss_curve.py LOG.json CURVE.svg
"""
import json
import pathlib
import sys

WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 760, 420, 60, 20, 170, 50
COLOURS = ["#1b6ca8", "#c8553d", "#588b8b", "#8f5db7", "#b8860b", "#3d7a3d", "#a0527a", "#555555"]


class Axes:
    """From bytes and bits to places in the picture."""

    def __init__(self, most_bytes, least_bits, most_bits):
        self.most_bytes, self.least, self.most = most_bytes, least_bits, most_bits

    def x(self, count):
        return LEFT + (WIDTH - LEFT - RIGHT) * count / self.most_bytes

    def y(self, bits):
        share = (min(bits, self.most) - self.least) / (self.most - self.least)
        return TOP + (HEIGHT - TOP - BOTTOM) * (1 - share)

    def line(self, points, colour, width):
        places = " ".join(f"{self.x(x):.1f},{self.y(y):.1f}" for x, y in points)
        return f'<polyline points="{places}" fill="none" stroke="{colour}" stroke-width="{width}"/>'

    def grid(self):
        parts = []
        for tenth in range(round(self.least * 10), round(self.most * 10) + 1, 2):
            y = self.y(tenth / 10)
            parts.append(f'<path d="M{LEFT},{y:.1f}H{WIDTH - RIGHT}" stroke="#ddd"/>')
            parts.append(text(LEFT - 8, y + 4, f"{tenth / 10:.1f}", "end"))
        for i in range(6):
            count = self.most_bytes * i / 5
            parts.append(text(self.x(count), HEIGHT - BOTTOM + 18, f"{count / 1e6:.0f}", "middle"))
        middle = (LEFT + WIDTH - RIGHT) / 2
        parts.append(text(middle, HEIGHT - 12, "million bytes read", "middle"))
        parts.append(text(LEFT, TOP - 6, "bits per byte", "middle"))
        return parts


def text(x, y, words, anchor="start"):
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{words}</text>'


def drawn(log):
    held_out = [entry for entry in log if "valid" in entry]
    trained = [(entry["bytes"], entry["train"]) for entry in log if "train" in entry]
    axes = Axes(max(entry["bytes"] for entry in log), 1.2, 3.2)
    parts = axes.grid() + [axes.line(trained, "#bbbbbb", 1)]
    labels = [(trained[-1][1], "training mixture", "#999999")]
    for kind, colour in zip(held_out[0]["valid"], COLOURS):
        points = [(entry["bytes"], entry["valid"][kind]) for entry in held_out]
        parts.append(axes.line(points, colour, 2))
        labels.append((points[-1][1], f"{kind} {points[-1][1]:.2f}", colour))
    last = -100.0
    for bits, words, colour in sorted(labels, reverse=True):
        last = max(last + 15, axes.y(bits) + 4)
        label = text(WIDTH - RIGHT + 8, last, words)
        parts.append(label.replace("<text", f'<text fill="{colour}"'))
    head = (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
            'font-family="sans-serif" font-size="12">')
    return "\n".join([head, '<rect width="100%" height="100%" fill="white"/>', *parts, "</svg>\n"])


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    log = json.loads(pathlib.Path(sys.argv[1]).read_text())
    pathlib.Path(sys.argv[2]).write_text(drawn(log))


if __name__ == "__main__":
    main()
