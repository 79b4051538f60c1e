"""What names a pipeline: all that decides what it reads out of a text.

That is the source of this package and of what it takes from its neighbours, the files of the model,
the versions of the libraries whose work shows in the result, the Unicode tables of the interpreter, and
the options. Sources are taken as they are, so that no cache outlives a change that somebody forgot to
announce.
"""

from __future__ import annotations

import unicodedata
from dataclasses import asdict
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from kg.extraction.options import Options
from kg.text import digest

LIBRARIES = ("numpy", "onnxruntime", "spacy", "tokenizers")
#: Modules of `kg` outside this package on which what is read depends.
NEIGHBOURS = ("model.py", "plurals.py", "stems.py", "text.py")

_PACKAGE = Path(__file__).parent


def fingerprint(options: Options | None = None, *, model: Path | None = None) -> str:
    """Return 16 hex digits that change whenever an extraction may.

    ``model`` is a folder as `kg.extraction.encoder.Encoder.load` takes, None the shipped one.
    """
    sources = [*sorted(_PACKAGE.glob("*.py")), *(_PACKAGE.parent / name for name in NEIGHBOURS)]
    folder = model or _PACKAGE / "model"
    network = [path for path in sorted(folder.iterdir()) if path.is_file() and path.suffix != ".md"]
    return digest(
        *_named(sources),
        *_named(network),
        *(f"{library} {version(library)}" for library in LIBRARIES),
        unicodedata.unidata_version,
        *(f"{name} {value}" for name, value in sorted(asdict(options or Options()).items())),
    )


def _named(paths: list[Path]) -> list[str]:
    return [f"{path.name} {sha256(path.read_bytes()).hexdigest()}" for path in paths]
