"""Standard error: progress, warnings, and the one line that says what went wrong."""

from __future__ import annotations

import json
import logging
import sys
import time
from datetime import UTC, datetime
from typing import Any, TextIO

from kg.cli.output import cut, terminal_width, visible

#: Seconds between two redraws of a bar, and between two lines of a log.
_REDRAW = 0.1
_REPORT = 15.0
_BAR = 24


class Console:
    """What ``kg`` says besides its answer.

    ``quiet`` leaves only failures; ``json_log`` turns every line into a JSON object with ``time``
    (UTC), ``level``, ``message`` and what else is known. Bars are drawn on a terminal only; elsewhere
    a stage is told at its end, and now and then while it lasts.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        self.quiet = False
        self.json_log = False
        self._stream = sys.stderr if stream is None else stream
        self._stage = ""
        self._done = 0
        self._total: int | None = None
        self._began = self._drawn = 0.0
        self._bar_shown = False

    def note(self, message: str, /, **fields: Any) -> None:
        """Say ``message``; ``fields`` go into a JSON log only."""
        if not self.quiet:
            self._say("info", message, fields)

    def warn(self, message: str, /, **fields: Any) -> None:
        """Say ``message`` as a warning."""
        if not self.quiet:
            self._say("warning", message, fields)

    def fail(self, message: str, /, **fields: Any) -> None:
        """Say what went wrong, even when quiet; a stage under way ends without a line of its own."""
        self._stage = ""
        self._say("error", message, fields)

    def progress(self, stage: str, done: int, total: int | None = None) -> None:
        """Tell that ``done`` of ``total`` things of ``stage`` are done; None: nobody knows of how many."""
        now = time.monotonic()
        if stage != self._stage:
            self.end_stage()
            self._stage, self._began, self._drawn = stage, now, now
        self._done, self._total = done, total
        if self.quiet:
            return
        bars = not self.json_log and self._stream.isatty()
        if now - self._drawn >= (_REDRAW if bars else _REPORT):
            self._drawn = now
            if bars:
                self._draw(now)
            else:
                self._tell_stage("…")

    def end_stage(self) -> None:
        """Close the stage under way, if there is one, with a line that says how far it came."""
        if self._stage and not self.quiet:
            self._tell_stage("")
        self._stage = ""

    def _tell_stage(self, mark: str) -> None:
        seconds = time.monotonic() - self._began
        share = f" of {self._total:,}" if self._total and self._total != self._done else ""
        message = f"{self._stage}: {self._done:,}{share}{mark} ({seconds:.1f} s)"
        fields = {
            "stage": self._stage,
            "done": self._done,
            "total": self._total,
            "seconds": round(seconds, 3),
        }
        self._say("info", message, fields)

    def _draw(self, now: float) -> None:
        rate = self._done / max(now - self._began, 1e-9)
        if self._total:
            full = _BAR * min(self._done, self._total) // self._total
            left = (self._total - self._done) / rate if rate else 0
            bar = f"[{'#' * full}{'.' * (_BAR - full)}] {self._done:,}/{self._total:,}"
            line = f"{self._stage} {bar} {rate:,.0f}/s {left:,.0f} s left"
        else:
            line = f"{self._stage} {self._done:,} {rate:,.0f}/s"
        self._write("\r\x1b[K" + cut(visible(line), terminal_width(self._stream) - 1))
        self._bar_shown = True

    def _say(self, level: str, message: str, fields: dict[str, Any]) -> None:
        one_line = visible(" ".join(message.split()))
        if self.json_log:
            record = {"time": datetime.now(UTC).isoformat(timespec="milliseconds"), "level": level}
            line = json.dumps({**record, "message": one_line, **fields}, ensure_ascii=True, default=str)
        else:
            line = one_line if level == "info" else f"kg: {one_line}"
        clear = "\r\x1b[K" if self._bar_shown else ""
        self._bar_shown = False
        self._write(f"{clear}{line}\n")

    def _write(self, text: str) -> None:
        try:
            self._stream.write(text)
            self._stream.flush()
        except (OSError, ValueError):
            # Standard error is closed or full: there is nobody left to tell, and the answer matters more.
            self.quiet = True


class LogHandler(logging.Handler):
    """Hands what libraries log, warnings and above, to the console."""

    def __init__(self, console: Console) -> None:
        super().__init__(logging.WARNING)
        self._console = console

    def emit(self, record: logging.LogRecord) -> None:
        """Say ``record`` in one line."""
        self._console.warn(record.getMessage(), logger=record.name)
