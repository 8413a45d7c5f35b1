"""Our networks on the processor beside ONNX Runtime, on the same weights and as many threads.

    python benches/onnxruntime.py painter [--model models/looks.safetensors] [--threads 1]
    python benches/onnxruntime.py emotion

Both compute picture after picture (or window after window) in turn, so that whatever else the
machine does falls on both. For `emotion` also a second of audio, where our stream computes what is
new in its four hops and ONNX Runtime four whole windows: a hop and a window in turn, times four, so
that no turn is so long that other programs cut in. Prints the medians, the least times, and their ratios. Needs torch,
onnx, onnxruntime and safetensors; the networks are those in training/.
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
# The folder of the network's definition, in place of this one, where `onnxruntime` would be this file.
sys.path[0] = str(ROOT / "training" / ("emotion" if "emotion" in sys.argv else "painter"))

import numpy as np
import onnxruntime
import torch


def bench_binary(name):
    """Path of the release build of benches/NAME.rs."""
    command = ["cargo", "bench", "--bench", name, "--no-run", "--message-format=json"]
    built = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for line in built.splitlines():
        message = json.loads(line)
        if message.get("target", {}).get("name") == name and message.get("executable"):
            return message["executable"]
    raise SystemExit("cargo did not say where the bench is")


def painter(weights):
    """The generator that `weights` belong to, example inputs, and a function that draws others."""
    from export import load_generator

    network = load_generator(weights)
    generator = np.random.default_rng(1)

    def draw():
        z = generator.standard_normal((1, 128), dtype=np.float32)
        return {"z": z, "mood": np.zeros((1, 2), np.float32), "psi": np.ones(1, np.float32)}

    return network, draw


def emotion(weights):
    """The emotion network as its file describes it; one full window a run."""
    from export import read

    network, header = read(weights)
    generator = np.random.default_rng(1)
    window = int(header["window"])
    return network, lambda: {"wave": 0.1 * generator.standard_normal((1, 1, window), dtype=np.float32)}


def session(network, feed, threads, folder):
    """ONNX Runtime on a network."""
    path = str(Path(folder) / "network.onnx")
    inputs = tuple(torch.from_numpy(value) for value in feed.values())
    torch.onnx.export(network, inputs, path, input_names=list(feed), opset_version=18, dynamo=False)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("network", choices=("painter", "emotion"))
    parser.add_argument("--model", help="a painter's weights; models/looks.safetensors when not given")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--runs", type=int, default=60)
    parser.add_argument("--binary", help="a build of the bench; built when not given")
    asked = parser.parse_args()

    default = "looks" if asked.network == "painter" else "emotion"
    weights = Path(asked.model or ROOT / "models" / f"{default}.safetensors").resolve()
    network, draw = {"painter": painter, "emotion": emotion}[asked.network](weights)
    command = [asked.binary or bench_binary(asked.network), f"--paced={asked.threads}", str(weights)]
    ours = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    # What is asked of the bench, and how many of it are counted.
    kinds = {"": ("", 1)}
    if asked.network == "emotion":
        kinds = {"window": ("", 1), "second": ("hop", 4)}
    times = {kind: {"ours": [], "onnxruntime": []} for kind in kinds}
    with tempfile.TemporaryDirectory() as folder:
        theirs = session(network, draw(), asked.threads, folder)
        for _ in range(asked.runs):
            for kind, (line, count) in kinds.items():
                ours.stdin.write(line + "\n")
                ours.stdin.flush()
                times[kind]["ours"].append(float(ours.stdout.readline()) * count)
                feed = draw()
                start = time.perf_counter()
                theirs.run(None, feed)
                times[kind]["onnxruntime"].append((time.perf_counter() - start) * 1e3 * count)
    ours.stdin.close()
    ours.wait()

    for kind, taken in times.items():
        warm = {name: values[3:] for name, values in taken.items()}
        for what, measure in (("median", statistics.median), ("least", min)):
            mine, other = measure(warm["ours"]), measure(warm["onnxruntime"])
            runtime = f"onnxruntime {onnxruntime.__version__} {other:6.2f} ms"
            print(f"{kind:7}{what:7} ours {mine:6.3f} ms   {runtime}   ratio {mine / other:.3f}")


if __name__ == "__main__":
    main()
