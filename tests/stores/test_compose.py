"""docker-compose.yml: a server on this machine only, and one load into it."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess

from ruamel.yaml import YAML

from kg.cli.app import app

from .conftest import lacking
from .server import ROOT

FILE = ROOT / "docker-compose.yml"


def services() -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = YAML(typ="safe").load(FILE)["services"]
    return found


def test_the_server_is_reached_from_this_machine_only() -> None:
    ports = services()["neo4j"]["ports"]
    assert isinstance(ports, list)
    assert ports
    assert all(str(port).startswith("127.0.0.1:") for port in ports)


def test_the_password_comes_from_the_environment() -> None:
    values = re.findall(r"(?:AUTH|PASSWORD): (.*)", FILE.read_text("utf-8"))
    assert len(values) == 2
    assert all("${NEO4J_PASSWORD:?" in value for value in values)


def test_the_load_waits_for_a_healthy_server_and_runs_once() -> None:
    load = services()["load"]
    assert load["depends_on"] == {"neo4j": {"condition": "service_healthy"}}
    assert load["restart"] == "no"
    assert services()["neo4j"]["healthcheck"]


def test_the_commands_are_ours() -> None:
    command = services()["load"]["command"]
    assert isinstance(command, list)
    calls = [shlex.split(call) for call in " ".join(command).split("&&")]
    assert [call[:2] for call in calls] == [["kg", "build"], ["kg", "load"]]
    for _, verb, *words in calls:
        app.commands[verb].make_context(verb, words)


def test_what_is_copied_into_the_image_exists() -> None:
    copied = re.findall(r"^COPY (.+) \S+$", (ROOT / "Dockerfile").read_text("utf-8"), re.MULTILINE)
    names = [name for line in copied for name in line.split()]
    assert names
    assert [name for name in names if not (ROOT / name).exists()] == []
    sent = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    assert [name for name in names if f"!{name}" not in sent] == []


def test_compose_itself_reads_the_file() -> None:
    if shutil.which("docker-compose") is None:
        lacking("docker-compose is missing (Debian package docker-compose)")
    call = ["docker-compose", "-f", str(FILE), "config", "--quiet"]
    environment = {name: value for name, value in os.environ.items() if name != "NEO4J_PASSWORD"}
    done = subprocess.run(call, env=environment, capture_output=True, text=True, check=False)
    assert "NEO4J_PASSWORD" in done.stderr
    subprocess.run(call, env=environment | {"NEO4J_PASSWORD": "12345678"}, check=True)
