"""A real Neo4j Community server for the tests, run from its jars."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import neo4j
from neo4j.exceptions import DriverError, Neo4jError

ROOT = Path(__file__).parents[2]
JARS = ROOT / "build" / "neo4j" / "lib"
PASSWORD = "kg-test-password"  # noqa: S105 - of a server that lives as long as the tests, on loopback
#: What the server's own start script adds, and the quick compiler only: short lives start faster.
_JAVA = (
    "-Xms512m",
    "-Xmx512m",
    "-XX:+UseG1GC",
    "-XX:TieredStopAtLevel=1",
    "--add-opens=java.base/java.nio=ALL-UNNAMED",
    "--add-opens=java.base/java.io=ALL-UNNAMED",
    "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
    "-Dio.netty.tryReflectionSetAccessible=true",
    "-Dlog4j2.disable.jmx=true",
)


class UnavailableError(Exception):
    """The server cannot be had or does not start on this machine; the message says why."""


def fetch_jars() -> Path:
    """Return the folder of the server's jars, after letting Maven fill it if need be."""
    lack = _lack()
    if lack:
        raise UnavailableError(lack)
    return JARS


@cache
def _lack() -> str:
    """Return what keeps the jars from being here; nothing where they are. Asked once a run."""
    if shutil.which("java") is None:
        return "java is missing (Debian package default-jdk-headless)"
    pom, complete = Path(__file__).with_name("pom.xml"), JARS / ".complete"
    wanted = pom.read_text("utf-8")
    if complete.exists() and complete.read_text("utf-8") == wanted:
        return ""
    if shutil.which("mvn") is None:
        return "mvn, which fetches the server, is missing (Debian package maven)"
    shutil.rmtree(JARS, ignore_errors=True)  # those of another version
    command = ["mvn", "-B", "-ntp", "-q", "-f", str(pom), f"-Dkg.lib={JARS}", "package"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    except subprocess.TimeoutExpired:
        return "Maven did not fetch the jars within 10 minutes"
    if done.returncode:
        return f"Maven cannot fetch the jars: {done.stdout[-2000:]}"
    complete.write_text(wanted, "utf-8")
    return ""


def admin(home: Path, *arguments: str, cwd: Path | None = None) -> str:
    """Run ``neo4j-admin`` in ``cwd`` on the server at ``home``, which must not run; return what it says."""
    command = ["java", "-Xmx256m", "-cp", f"{fetch_jars()}/*"]
    command += ["org.neo4j.server.startup.Neo4jAdminCommand", *arguments]
    # The heap is that of the Java that some commands start: by default it takes a quarter of the machine.
    place = {"NEO4J_HOME": str(home), "NEO4J_CONF": str(home / "conf"), "HEAP_SIZE": "512m"}
    done = subprocess.run(
        command, cwd=cwd, env=os.environ | place, capture_output=True, text=True, timeout=300, check=False
    )
    if done.returncode:
        raise AssertionError(f"neo4j-admin {arguments}: {done.stdout[-3000:]}{done.stderr[-3000:]}")
    return done.stdout


def free_port() -> int:
    """Return a port of the loopback that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Server:
    """A server of one's own in the empty folder ``home``; ``settings`` go into its ``neo4j.conf``."""

    home: Path
    settings: tuple[str, ...] = ()
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"bolt://127.0.0.1:{self.port}"

    @property
    def runs(self) -> bool:
        """Whether its process lives."""
        return self.process is not None and self.process.poll() is None

    def prepare(self) -> None:
        """Write the configuration and set the password."""
        for name in ("conf", "data", "logs", "import", "plugins", "run"):
            (self.home / name).mkdir(parents=True, exist_ok=True)
        lines = (
            f"server.bolt.listen_address=127.0.0.1:{self.port}",
            "server.http.enabled=false",
            "server.https.enabled=false",
            "dbms.usage_report.enabled=false",
            "server.memory.pagecache.size=128m",
            # Small graphs come and go: else every query would be planned anew each time.
            "dbms.cypher.min_replan_interval=1h",
            "db.tx_log.preallocate=false",  # else an empty server fills half a gigabyte
            "internal.dbms.bolt.netty_server_shutdown_quiet_period=0",  # else a stop takes 10 s
            *self.settings,
        )
        (self.home / "conf" / "neo4j.conf").write_text("\n".join(lines) + "\n")
        if not (self.home / "data" / "dbms").exists():
            try:
                admin(self.home, "dbms", "set-initial-password", PASSWORD)
            except AssertionError as error:  # as with a Java that is too old
                raise UnavailableError(f"the server cannot be set up: {error}") from error

    def start(self, patience: float = 300) -> Server:
        """Start it, and wait until it answers; UnavailableError where it does not, after ``patience`` s."""
        self.prepare()
        command = ["java", *_JAVA, "-cp", f"{fetch_jars()}/*", "org.neo4j.server.CommunityEntryPoint"]
        command += [f"--home-dir={self.home}", f"--config-dir={self.home / 'conf'}"]
        with (self.home / "logs" / "console.log").open("ab") as log:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        end = time.monotonic() + patience
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > end:
                self.kill()
                log_text = (self.home / "logs" / "console.log").read_text(errors="replace")
                raise UnavailableError(f"the server did not start: {log_text[-3000:]}")
            time.sleep(0.3)
        return self

    def _answers(self) -> bool:
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", self.port), 1).close()
            with (
                contextlib.suppress(DriverError, Neo4jError),
                neo4j.GraphDatabase.driver(self.url, auth=("neo4j", PASSWORD)) as driver,
            ):
                driver.verify_connectivity()
                return True
        return False

    def stop(self) -> None:
        """Shut it down in order."""
        if self.process and self.runs:
            self.process.terminate()
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.kill()

    def kill(self) -> None:
        """End it as a power cut would."""
        if self.process and self.runs:
            self.process.kill()
            self.process.wait()


@contextlib.contextmanager
def running(home: Path, *settings: str) -> Iterator[Server]:
    """Yield a running server in ``home``; stop it in the end."""
    server = Server(home, settings)
    try:
        yield server.start()
    finally:
        server.stop()
