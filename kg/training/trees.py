"""Boosted trees: fitted by scikit-learn, written as an ONNX file for `kg.extraction.judges`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import onnx
from onnx import TensorProto, helper
from sklearn.ensemble import HistGradientBoostingClassifier

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


def fit(
    table: NDArray[np.float32], answers: NDArray[np.int64], *, trees: int, leaves: int, least: int
) -> HistGradientBoostingClassifier:
    """Return trees that tell the ``answers`` (0 to n-1, each present) apart by the rows of ``table``."""
    return HistGradientBoostingClassifier(
        max_iter=trees,
        learning_rate=0.08,
        max_leaf_nodes=leaves,
        min_samples_leaf=least,
        l2_regularization=5.0,
        early_stopping=False,
        random_state=0,
    ).fit(table, answers)


def write(fitted: HistGradientBoostingClassifier, path: Path) -> None:
    """Write ``rows`` (n, features) to ``sums`` (n, answers), one answer where there are two classes."""
    columns: dict[str, list[Any]] = {
        name: []
        for name in (
            *("nodes_treeids", "nodes_nodeids", "nodes_featureids", "nodes_values", "nodes_modes"),
            *("nodes_truenodeids", "nodes_falsenodeids", "nodes_missing_value_tracks_true"),
            *("target_treeids", "target_nodeids", "target_ids", "target_weights"),
        )
    }
    # scikit-learn offers no public way to read its trees.
    rounds: Sequence[Sequence[Any]] = fitted._predictors
    for tree, (answer, predictor) in enumerate((a, p) for round_ in rounds for a, p in enumerate(round_)):
        for node, row in enumerate(predictor.nodes):
            leaf = bool(row["is_leaf"])
            columns["nodes_treeids"].append(tree)
            columns["nodes_nodeids"].append(node)
            columns["nodes_featureids"].append(0 if leaf else int(row["feature_idx"]))
            columns["nodes_values"].append(0.0 if leaf else float(row["num_threshold"]))
            columns["nodes_modes"].append("LEAF" if leaf else "BRANCH_LEQ")
            columns["nodes_truenodeids"].append(0 if leaf else int(row["left"]))
            columns["nodes_falsenodeids"].append(0 if leaf else int(row["right"]))
            columns["nodes_missing_value_tracks_true"].append(0)
            if leaf:
                columns["target_treeids"].append(tree)
                columns["target_nodeids"].append(node)
                columns["target_ids"].append(answer)
                columns["target_weights"].append(float(row["value"]))
    answers = len(rounds[0])
    node = helper.make_node(
        "TreeEnsembleRegressor",
        ["rows"],
        ["sums"],
        domain="ai.onnx.ml",
        n_targets=answers,
        aggregate_function="SUM",
        post_transform="NONE",
        base_values=[float(v) for v in np.ravel(fitted._baseline_prediction)],
        **columns,
    )
    graph = helper.make_graph(
        [node],
        path.stem,
        [helper.make_tensor_value_info("rows", TensorProto.FLOAT, [None, fitted.n_features_in_])],
        [helper.make_tensor_value_info("sums", TensorProto.FLOAT, [None, answers])],
    )
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("ai.onnx.ml", 3)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=8)
    onnx.checker.check_model(model)
    onnx.save(model, path)
