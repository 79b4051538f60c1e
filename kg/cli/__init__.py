"""The verbs of ``kg``: thin, each a call of the library and a form for its answer.

Standard output is the answer, standard error the progress. Nothing heavy is imported before a verb
needs it, so that ``kg --help`` answers at once.
"""

from __future__ import annotations

from kg.cli.app import main

__all__ = ["main"]
