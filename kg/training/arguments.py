"""What the commands share that count or fit upon annotated papers and write into the model's folder."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any


def parser(description: str | None) -> argparse.ArgumentParser:
    """Return a parser that takes ``gold``, ``model`` and ``--sets``: more may be added."""
    made = argparse.ArgumentParser(description=description)
    made.add_argument("gold", type=Path)
    made.add_argument("model", type=Path)
    made.add_argument("--sets", nargs="+", default=["train", "extra"])
    return made


def write_counts(file: Path, counts: Any) -> None:
    """Write ``counts`` as JSON that is the same to the byte for the same counts; the folder is made."""
    file.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(counts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    file.write_text(text + "\n", "utf8")
