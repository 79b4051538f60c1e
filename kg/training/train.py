"""Train the reader: ``python -m kg.training.train GOLD OUT --base MODEL_DIR``.

Resumes from ``OUT/state.pt`` when it exists, so a long run survives an interruption.
"""

from __future__ import annotations

import argparse
import itertools
import random
import time
from pathlib import Path
from typing import Any

import torch
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn
from transformers import BertModel

from kg.extraction.labels import CONCEPT_SLICE, ROLE_SLICE, VALUE_SLICE
from kg.extraction.wordpieces import WordPieces
from kg.training.examples import Example, examples, held_out, load
from kg.training.network import Reader


def main() -> None:
    """Parse the command line and train."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("gold", type=Path, help="folder with train and extra annotation")
    parser.add_argument("out", type=Path, help="folder for checkpoints")
    parser.add_argument("--base", type=Path, required=True, help="encoder: config, weights, tokenizer.json")
    parser.add_argument("--sets", nargs="+", default=["train", "extra"])
    parser.add_argument("--epochs", type=float, default=4)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--rate", type=float, default=3e-4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--limit", type=int, default=0, help="train on the first papers only")
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
    parser.add_argument("--bf16", action="store_true")
    train(parser.parse_args())


def train(args: argparse.Namespace) -> None:
    """Run the schedule: warm-up over a twentieth of the steps, then linear decay to zero."""
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    pieces = WordPieces((args.base / "tokenizer.json").read_text(encoding="utf8"))
    papers = [pair for name in args.sets for pair in load(args.gold / name)]
    data = [e for doc, ann in papers if not held_out(ann["id"]) for e in examples(doc, ann, pieces)]
    data = data[: args.limit or None]
    network = Reader(BertModel.from_pretrained(args.base, add_pooling_layer=False))
    if args.start:
        network.load_state_dict(torch.load(args.start, weights_only=True))
    network.train()
    optimiser = torch.optim.AdamW(_groups(network, args.rate), weight_decay=0.01, fused=True)
    per_epoch = -(-len(data) // args.batch)
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
    for batch in itertools.islice(_batches(data, args), step, total):
        with torch.autocast("cpu", torch.bfloat16, enabled=args.bf16):
            scores = network(*_tensors(batch))
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


def _groups(network: Reader, rate: float) -> list[dict[str, Any]]:
    old = [p for n, p in network.named_parameters() if n.startswith("encoder.")]
    new = [p for n, p in network.named_parameters() if not n.startswith("encoder.")]
    return [{"params": old, "lr": rate}, {"params": new, "lr": rate * 10}]


def _save(path: Path, state: dict[str, Any]) -> None:
    """Write beside and rename, so that an interruption leaves the earlier state whole."""
    part = path.with_suffix(".part")
    torch.save(state, part)
    part.replace(path)


def _batches(data: list[Example], args: argparse.Namespace) -> Any:
    """Yield batches of similar length for ever, in an order that only the seed decides."""
    for epoch in itertools.count():
        rng = random.Random(args.seed * 1000 + epoch)
        order = sorted(data, key=lambda e: len(e.window.pieces) * rng.uniform(0.9, 1.1))
        batches = [order[i : i + args.batch] for i in range(0, len(order), args.batch)]
        rng.shuffle(batches)
        yield from batches


def _tensors(batch: list[Example]) -> list[torch.Tensor]:
    longest = max(len(e.window.pieces) for e in batch)

    def padded(rows: list[list[int]]) -> torch.Tensor:
        return torch.tensor([row + [0] * (longest - len(row)) for row in rows])

    return [
        padded([e.window.pieces for e in batch]),
        padded([e.window.shapes for e in batch]),
        padded([e.window.segments for e in batch]),
        padded([[1] * len(e.window.pieces) for e in batch]),
    ]


def _loss(scores: torch.Tensor, batch: list[Example]) -> torch.Tensor:
    """Sum of the three heads' cross-entropies; a role is judged once a concept, not a mention."""
    longest = scores.shape[1]

    def target(rows: list[list[int]]) -> torch.Tensor:
        return torch.tensor([row + [-100] * (longest - len(row)) for row in rows]).flatten()

    entropy = torch.nn.functional.cross_entropy
    concept = entropy(scores[..., CONCEPT_SLICE].flatten(0, 1), target([e.tags for e in batch]))
    value = entropy(scores[..., VALUE_SLICE].flatten(0, 1), target([e.values for e in batch]))
    pooled = [
        scores[row, positions, ROLE_SLICE].mean(0)
        for row, e in enumerate(batch)
        for _, positions in e.concepts
    ]
    roles = torch.tensor([role for e in batch for role, _ in e.concepts])
    role = entropy(torch.stack(pooled), roles) if pooled else scores.sum() * 0
    return concept + value + 0.3 * role


if __name__ == "__main__":
    main()
