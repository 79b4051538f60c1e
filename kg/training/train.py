"""Train the reader: ``python -m kg.training.train GOLD OUT --base MODEL_DIR``.

Resumes from ``OUT/state.pt`` when it exists, so a long run survives an interruption.
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from kg.extraction.labels import CONCEPT_SLICE, ROLE_SLICE, VALUE_SLICE
from kg.extraction.surfaces import surface_key
from kg.extraction.wordpieces import WordPieces
from kg.training.examples import Example, examples, held_out, load
from kg.training.network import Reader, reader
from kg.training.pseudo import Teacher, sample
from kg.training.swapping import Names

if TYPE_CHECKING:
    from numpy.typing import NDArray


#: A paper's examples, one a window, as it is shown this time: chance may choose the names in it.
Shown = Callable[[random.Random], Iterable[Example]]


def main() -> None:
    """Parse the command line and train."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("gold", type=Path, help="folder with train and extra annotation")
    parser.add_argument("out", type=Path, help="folder for checkpoints")
    parser.add_argument("--base", type=Path, required=True, help="encoder: config, weights, tokenizer.json")
    parser.add_argument("--sets", nargs="+", default=["train", "extra"])
    parser.add_argument(
        "--shares",
        nargs="+",
        type=float,
        default=[],
        help="how much of each set an epoch shows: 3 each paper thrice, 0.25 a random quarter (default: 1)",
    )
    parser.add_argument(
        "--unlabelled",
        nargs="+",
        type=Path,
        default=[],
        help="papers that nobody annotated, in JSON Lines (gzipped or not), for the --teacher to annotate",
    )
    parser.add_argument("--drawn", type=int, default=4000, help="papers drawn of each file of --unlabelled")
    parser.add_argument(
        "--teacher", type=Path, help="model folder of the reader that annotates (the shipped)"
    )
    parser.add_argument("--epochs", type=float, default=4)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--rate", type=float, default=3e-4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--limit", type=int, default=0, help="train on the first papers of each set only")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument(
        "--start", type=Path, help="weights of an earlier run to go on from, with a new schedule"
    )
    parser.add_argument(
        "--average",
        type=float,
        default=0.99,
        help="decay of the weights' running average, which is what is kept",
    )
    parser.add_argument(
        "--mask", type=float, default=0.0, help="share of the word pieces that a step hides from the network"
    )
    parser.add_argument(
        "--swap",
        type=float,
        default=0.0,
        help="share of the concepts that go by another paper's names each time that a paper is shown",
    )
    parser.add_argument("--bf16", action="store_true")
    args = parser.parse_args()
    kinds = len(args.sets) + bool(args.unlabelled)
    if args.shares and len(args.shares) != kinds:
        parser.error(f"--shares wants {kinds} numbers: one for each of --sets, then one for --unlabelled")
    train(args)


def train(args: argparse.Namespace) -> None:
    """Run the schedule: warm-up over a twentieth of the steps, then linear decay to zero."""
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    tokenizer = (args.base / "tokenizer.json").read_text(encoding="utf8")
    pieces = WordPieces(tokenizer)
    mask = json.loads(tokenizer)["model"]["vocab"]["[MASK]"]
    sets = _sets(args, pieces)
    drawn = list(zip(sets, args.shares or [1.0] * len(sets), strict=True))
    network = reader(args.base, args.start)
    network.train()
    optimiser = torch.optim.AdamW(_groups(network, args.rate), weight_decay=0.01, fused=True)
    per_epoch = -(-sum(round(len(papers) * share) for papers, share in drawn) // args.batch)
    total = int(per_epoch * args.epochs)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda s: min((s + 1) / (total / 20), max(0.0, (total - s) / (total * 0.95)))
    )
    args.out.mkdir(parents=True, exist_ok=True)
    average = AveragedModel(network, multi_avg_fn=get_ema_multi_avg_fn(args.average), use_buffers=True)
    state_file = args.out / "state.pt"
    step = 0
    if state_file.exists():
        state = torch.load(state_file, weights_only=True)
        network.load_state_dict(state["network"])
        optimiser.load_state_dict(state["optimiser"])
        schedule.load_state_dict(state["schedule"])
        average.load_state_dict(state["average"])
        step = state["step"]
    began, first, running = time.time(), step, 0.0
    for batch in itertools.islice(_batches(drawn, args), step, total):
        with torch.autocast("cpu", torch.bfloat16, enabled=args.bf16):
            scores = network(*_tensors(batch, mask, args.mask))
        loss = _loss(scores.float(), batch)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        average.update_parameters(network)
        step += 1
        running += (float(loss.detach()) - running) / min(step - first, 50)
        if step % 20 == 0:
            pace = (step - first) * args.batch / (time.time() - began)
            print(f"step {step}/{total} loss {running:.4f} papers/s {pace:.1f}", flush=True)
        if step % 100 == 0 or step == total:
            parts = {"network": network, "optimiser": optimiser, "schedule": schedule, "average": average}
            _save(state_file, {name: part.state_dict() for name, part in parts.items()} | {"step": step})
            torch.save(average.module.state_dict(), args.out / "network.pt")


def _sets(args: argparse.Namespace, pieces: WordPieces) -> list[list[Shown]]:
    """Return the papers of each annotated set, then those that the teacher annotates."""
    loaded = [list(load(args.gold / name)) for name in args.sets]
    sets = [[p for p in papers if not held_out(p[1]["id"])][: args.limit or None] for papers in loaded]
    names = Names(annotation for papers in sets for _, annotation in papers)

    def shown(document: dict[str, Any], annotation: dict[str, Any]) -> Shown:
        def once(rng: random.Random) -> Iterable[Example]:
            return examples(*names.swapped(document, annotation, args.swap, rng), pieces)

        return once

    found = [[shown(*paper) for paper in papers] for papers in sets]
    if args.unlabelled:
        teacher = Teacher(args.teacher)
        # What is held out to judge by must not be met here again.
        titles = {surface_key(document["title"]) for papers in loaded for document, _ in papers}
        unknown = (
            d for d in sample(args.unlabelled, args.drawn, args.seed) if surface_key(d["title"]) not in titles
        )
        taught = [list(teacher.examples(document, pieces)) for document in unknown]
        found.append([lambda _, same=same: same for same in taught])
    return found


def _groups(network: Reader, rate: float) -> list[dict[str, Any]]:
    old = [p for n, p in network.named_parameters() if n.startswith("encoder.")]
    new = [p for n, p in network.named_parameters() if not n.startswith("encoder.")]
    return [{"params": old, "lr": rate}, {"params": new, "lr": rate * 10}]


def _save(path: Path, state: dict[str, Any]) -> None:
    """Write beside and rename, so that an interruption leaves the earlier state whole."""
    part = path.with_suffix(".part")
    torch.save(state, part)
    part.replace(path)


def _batches(drawn: Sequence[tuple[list[Shown], float]], args: argparse.Namespace) -> Iterator[list[Example]]:
    """Yield batches of similar length for ever, in an order that only the seed decides."""
    for epoch in itertools.count():
        rng = random.Random(args.seed * 1000 + epoch)
        papers: list[Shown] = []
        for data, share in drawn:
            whole, rest = divmod(round(len(data) * share), max(len(data), 1))
            papers += data * whole + rng.sample(data, rest)
        windows = [example for shown in papers for example in shown(rng)]
        order = sorted(windows, key=lambda e: len(e.window.pieces) * rng.uniform(0.9, 1.1))
        batches = [order[i : i + args.batch] for i in range(0, len(order), args.batch)]
        rng.shuffle(batches)
        yield from batches


def _tensors(batch: list[Example], mask: int, hidden: float) -> list[torch.Tensor]:
    """Return the inputs of `Reader`; each piece is ``mask`` instead with probability ``hidden``."""
    longest = max(len(e.window.pieces) for e in batch)

    def padded(rows: list[list[int]]) -> torch.Tensor:
        return torch.tensor([row + [0] * (longest - len(row)) for row in rows])

    pieces = padded([e.window.pieces for e in batch])
    return [
        pieces.masked_fill(torch.rand(pieces.shape) < hidden, mask) if hidden else pieces,
        padded([e.window.shapes for e in batch]),
        padded([e.window.segments for e in batch]),
        padded([[1] * len(e.window.pieces) for e in batch]),
        torch.tensor([float(e.silver) for e in batch]),
    ]


def _loss(scores: torch.Tensor, batch: list[Example]) -> torch.Tensor:
    """Sum of the three heads' cross-entropies; a role is judged once a concept, not a mention."""
    concept = _entropy(scores[..., CONCEPT_SLICE], _padded([e.tags for e in batch], scores.shape[1]))
    value = _entropy(scores[..., VALUE_SLICE], _padded([e.values for e in batch], scores.shape[1]))
    pooled = [
        scores[row, positions, ROLE_SLICE].mean(0)
        for row, e in enumerate(batch)
        for _, positions in e.concepts
    ]
    roles = [torch.from_numpy(role) for e in batch for role, _ in e.concepts]
    role = _entropy(torch.stack(pooled), torch.stack(roles)) if pooled else scores.sum() * 0
    return concept + value + 0.3 * role


def _padded(tables: Sequence[NDArray[np.float32]], longest: int) -> torch.Tensor:
    rows = np.zeros((len(tables), longest, tables[0].shape[1]), dtype=np.float32)
    for row, table in zip(rows, tables, strict=True):
        row[: len(table)] = table
    return torch.from_numpy(rows)


def _entropy(scores: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """Mean cross-entropy of the rows that have a target: those of zeros have none."""
    return -(targets * scores.log_softmax(-1)).sum() / targets.sum().clamp(min=1.0)


if __name__ == "__main__":
    main()
