"""Write the shipped model: ``python -m kg.training.export NETWORK.pt MODEL_DIR --base BASE_DIR``.

The network goes to ONNX and its weights to 8 bits. Seven of them are used (``reduce_range``), so
that integer products cannot saturate on processors without VNNI: the same text scores the same.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process
from transformers import BertConfig, BertModel

from kg.training.network import Reader


def main() -> None:
    """Parse the command line and export."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("network", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--full", action="store_true", help="keep 32-bit weights, to compare")
    parser.add_argument("--no-reduce-range", action="store_true")
    args = parser.parse_args()
    export(args.network, args.out, args.base, full=args.full, reduce_range=not args.no_reduce_range)


def export(network: Path, out: Path, base: Path, *, full: bool = False, reduce_range: bool = True) -> None:
    """Write ``reader.onnx`` and ``tokenizer.json`` into ``out``."""
    config = BertConfig.from_pretrained(base)
    config._attn_implementation = "eager"
    reader = Reader(BertModel(config, add_pooling_layer=False))
    state = torch.load(network, weights_only=True)
    reader.load_state_dict(state.get("network", state))
    reader.eval()
    out.mkdir(parents=True, exist_ok=True)
    example = torch.ones((1, 12), dtype=torch.int64)
    axes = {name: {1: "positions"} for name in ("pieces", "shapes", "segments", "scores")}
    with tempfile.TemporaryDirectory() as folder:
        plain, ready = Path(folder, "plain.onnx"), Path(folder, "ready.onnx")
        torch.onnx.export(
            reader,
            (example, example, torch.zeros_like(example)),
            str(plain),
            input_names=["pieces", "shapes", "segments"],
            output_names=["scores"],
            dynamic_axes=axes,
            opset_version=17,
            dynamo=False,
        )
        if full:
            shutil.copy(plain, out / "reader.onnx")
        else:
            quant_pre_process(str(plain), str(ready), skip_symbolic_shape=True)
            quantize_dynamic(
                ready,
                out / "reader.onnx",
                op_types_to_quantize=["MatMul"],
                nodes_to_exclude=_heads(ready),
                per_channel=True,
                reduce_range=reduce_range,
                weight_type=QuantType.QInt8,
            )
            _quantise_embeddings(out / "reader.onnx")
    tokenizer = json.loads((base / "tokenizer.json").read_text("utf8"))
    tokenizer["truncation"] = tokenizer["padding"] = None
    (out / "tokenizer.json").write_text(json.dumps(tokenizer, ensure_ascii=False), "utf8")


def _heads(path: Path) -> list[str]:
    """Return the products after the encoder: small, and the scores come straight from them."""
    names = [node.name for node in onnx.load(path).graph.node if node.op_type in ("MatMul", "Gemm")]
    return [name for name in names if "/encoder/" not in name]


def _quantise_embeddings(path: Path) -> None:
    """Store the word embeddings as 8-bit integers with a scale a row, looked up together."""
    model = onnx.load(path)
    graph = model.graph
    table = max(graph.initializer, key=lambda t: numpy_helper.to_array(t).nbytes)
    values = numpy_helper.to_array(table)
    scales = np.maximum(np.abs(values).max(axis=1, keepdims=True), 1e-12).astype(np.float32) / 127
    small = np.rint(values / scales).astype(np.int8)
    (lookup,) = [node for node in graph.node if table.name in node.input]
    at = list(graph.node).index(lookup)
    ids, found = lookup.input[1], lookup.output[0]
    graph.initializer.remove(table)
    graph.initializer.append(numpy_helper.from_array(small, "words.int8"))
    graph.initializer.append(numpy_helper.from_array(scales, "words.scale"))
    graph.node.remove(lookup)
    make = helper.make_node
    for offset, node in enumerate(
        (
            make("Gather", ["words.int8", ids], ["words.found"], name="words.lookup"),
            make("Cast", ["words.found"], ["words.float"], name="words.cast", to=TensorProto.FLOAT),
            make("Gather", ["words.scale", ids], ["words.factor"], name="words.scale_lookup"),
            make("Mul", ["words.float", "words.factor"], [found], name="words.scaled"),
        )
    ):
        graph.node.insert(at + offset, node)
    onnx.checker.check_model(model)
    onnx.save(model, path)


if __name__ == "__main__":
    main()
