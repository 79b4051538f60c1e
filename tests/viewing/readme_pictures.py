"""The README's pictures of the page: ``python tests/viewing/readme_pictures.py GRAPH FOLDER``.

Writes ``page.png``, the page of the graph folder GRAPH as it opens, and ``page-chosen.png``, the same
with a concept chosen, as a real browser shows them.
"""

from __future__ import annotations

import io
import sys
import tempfile
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))

from kg.tables import Graph
from kg.viewing import page
from viewing.browser import Window, started

SIZE = (1280, 720)


def main() -> None:
    """Write the pictures."""
    from PIL import Image

    graph, folder = Graph.load(sys.argv[1]), Path(sys.argv[2])
    chosen = max(
        graph.rows("concepts"), key=lambda row: (row["type"] == "TASK", row["paper_count"], row["id"])
    )
    with tempfile.TemporaryDirectory() as place, started(Path(place) / "profile") as driver:
        file = Path(place) / "page.html"
        file.write_text(page(graph), encoding="utf-8")
        window = Window(driver)
        window.resize(*SIZE)
        for name, fragment in (("page", ""), ("page-chosen", f"#{chosen['id']}")):
            window.open(file, fragment)
            window.settle()
            shot = Image.open(io.BytesIO(driver.get_screenshot_as_png()))
            shot.convert("RGB").save(folder / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
