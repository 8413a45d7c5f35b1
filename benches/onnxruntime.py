"""Our CPU sampler beside ONNX Runtime, on the same weights and as many threads.

    python benches/onnxruntime.py [models/surreal.safetensors] [--threads 1] [--runs 60]

Both paint picture after picture in turn, so that whatever else the machine does falls on both.
Prints the medians, the least times, and their ratios. Needs torch, onnx, onnxruntime and
safetensors; the network is the one in training/painter.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# The network's folder, in place of this one, where `onnxruntime` would be this file.
sys.path[0] = str(ROOT / "training" / "painter")

import numpy as np
import onnxruntime
import torch
from safetensors.torch import load_file


def bench_binary():
    """Path of the release build of benches/painter.rs."""
    command = ["cargo", "bench", "--bench", "painter", "--no-run", "--message-format=json"]
    built = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for line in built.splitlines():
        message = json.loads(line)
        if message.get("target", {}).get("name") == "painter" and message.get("executable"):
            return message["executable"]
    raise SystemExit("cargo did not say where the bench is")


def session(weights, threads, folder):
    """ONNX Runtime on the network that `weights` belong to."""
    from network import Generator

    network = Generator().eval()
    network.load_state_dict({k: v.float() for k, v in load_file(weights).items()})
    path = str(Path(folder) / "painter.onnx")
    inputs = (torch.randn(1, 128), torch.zeros(1, 2), torch.ones(1))
    names = ["z", "mood", "psi"]
    torch.onnx.export(network, inputs, path, input_names=names, opset_version=18, dynamo=False)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("weights", nargs="?", default=ROOT / "models" / "surreal.safetensors")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--runs", type=int, default=60)
    parser.add_argument("--binary", help="a build of benches/painter.rs; built when not given")
    asked = parser.parse_args()

    command = [asked.binary or bench_binary(), f"--paced={asked.threads}", str(Path(asked.weights).resolve())]
    ours = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    times = {"ours": [], "onnxruntime": []}
    with tempfile.TemporaryDirectory() as folder:
        theirs = session(asked.weights, asked.threads, folder)
        generator = np.random.default_rng(1)
        for _ in range(asked.runs):
            ours.stdin.write("\n")
            ours.stdin.flush()
            times["ours"].append(float(ours.stdout.readline()))
            z = generator.standard_normal((1, 128), dtype=np.float32)
            feed = {"z": z, "mood": np.zeros((1, 2), np.float32), "psi": np.ones(1, np.float32)}
            start = time.perf_counter()
            theirs.run(None, feed)
            times["onnxruntime"].append((time.perf_counter() - start) * 1e3)
    ours.stdin.close()
    ours.wait()

    warm = {name: values[3:] for name, values in times.items()}
    for what, measure in (("median", statistics.median), ("least", min)):
        mine, other = measure(warm["ours"]), measure(warm["onnxruntime"])
        theirs = f"onnxruntime {onnxruntime.__version__} {other:6.2f} ms"
        print(f"{what:7} ours {mine:6.2f} ms   {theirs}   ratio {mine / other:.2f}")


if __name__ == "__main__":
    main()
