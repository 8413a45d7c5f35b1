"""A DCGAN's state dict to the tensors of our architecture `dcgan`.

Expected is the generator of Radford et al. 2016 (arXiv:1511.06434) as PyTorch's tutorial and the
thesis creativeAI have it: transposed 4x4 convolutions, the first from 1x1 to 4x4, the others of
stride 2 and padding 1, each but the last followed by a batch norm and a ReLU, the last by tanh. A
state dict shows kernels and norms, not strides and activations: those are taken for granted.

A conditional one has an embedding of its class, which is concatenated to z. Its first convolution
is linear, so the embedding comes down to a bias of the first map. It is taken

- at one class (`which`), or
- for eight classes, as the mood goes: between the embeddings of the classes of ArtEmis, weighted
  by their distance from the mood on Russell's circumplex as in `crates/networks/src/emotion/circumplex.rs`. The
  network has seen the classes themselves only, so what is between them is its extrapolation; or
- for any other number, between all classes, whatever the mood.
"""

import torch

MOOD_GRID = 5
CLASS_WIDTH = 0.35
# In the alphabetical order in which an ImageFolder numbers them; (valence, arousal).
EMOTIONS = {
    "amusement": (0.55, 0.20),
    "anger": (-0.42, 0.78),
    "awe": (0.42, 0.89),
    "contentment": (0.82, -0.56),
    "disgust": (-0.67, 0.49),
    "excitement": (0.70, 0.72),
    "fear": (-0.11, 0.78),
    "sadness": (-0.82, -0.40),
}
EPSILON = 1e-5  # PyTorch's batch norm, unless told otherwise


def refuse_unless(condition, sentence):
    if not condition:
        raise ValueError(sentence)


def state_dict_of(held):
    """The first dict of tensors in what a checkpoint holds."""
    if isinstance(held, dict):
        if held and all(isinstance(value, torch.Tensor) for value in held.values()):
            return held
        for name in ("state_dict", "generator", "netG", "G", "model", "model_state_dict"):
            if isinstance(held.get(name), dict):
                return state_dict_of(held[name])
    raise ValueError("it holds no state dict of a generator")


def modules(state):
    """Tensors by module, in the order of the state dict."""
    found = {}
    for name, value in state.items():
        prefix, _, leaf = name.rpartition(".")
        found.setdefault(prefix, {})[leaf] = value.float()
    return list(found.values())


def class_weights():
    """Weight of each of EMOTIONS at each mood of the grid, [arousal, valence, 8]."""
    axis = torch.linspace(-1, 1, MOOD_GRID)
    arousal, valence = torch.meshgrid(axis, axis, indexing="ij")
    points = torch.stack([valence, arousal], 2)[:, :, None]
    distance = (points - torch.tensor(list(EMOTIONS.values()))).square().sum(3)
    return torch.softmax(-distance / (2 * CLASS_WIDTH**2), 2)


def convert(path, which=None, label_first=False):
    """Metadata and tensors of a generator."""
    try:
        held = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # whatever PyTorch makes of a file that is none of its own
        raise ValueError("it is neither a StyleGAN2-ADA pickle nor a state dict without code") from error
    layers, embedding = [], None
    for module in modules(state_dict_of(held)):
        weight = module.get("weight")
        refuse_unless(weight is not None, "it has a module without weights")
        if "running_mean" in module:
            refuse_unless(layers and "norm" not in layers[-1], "it has a batch norm that follows no convolution")
            layers[-1]["norm"] = module
        elif weight.dim() == 4:
            refuse_unless(weight.shape[2:] == (4, 4), "it has a convolution that is not 4x4")
            layers.append({"weight": weight, "bias": module.get("bias", torch.zeros(weight.shape[1]))})
        elif weight.dim() == 2 and "bias" not in module and embedding is None:
            embedding = weight
        else:
            raise ValueError("it has a layer that a DCGAN does not have")
    refuse_unless(len(layers) >= 2, "it has fewer than two convolutions")
    for layer, following in zip(layers, layers[1:]):
        refuse_unless("norm" in layer, "one of its convolutions has no batch norm")
        refuse_unless(layer["weight"].shape[1] == following["weight"].shape[0], "its convolutions do not fit together")
    refuse_unless(layers[-1]["weight"].shape[1] == 3, "its pictures are not in colour")
    refuse_unless("norm" not in layers[-1], "its last convolution has a batch norm")

    folded = []
    for layer in layers:
        weight, bias = layer["weight"].transpose(0, 1), layer["bias"]
        if norm := layer.get("norm"):
            scale = norm["weight"] / (norm["running_var"] + EPSILON).sqrt()
            weight = weight * scale[:, None, None, None]
            bias = norm["bias"] + (bias - norm["running_mean"]) * scale
        folded.append((weight, bias))

    first, bias = folded[0]
    bias = bias.repeat_interleave(16)
    mood = "none: the picture does not follow the mood"
    tensors = {}
    z_dim = first.shape[1]
    if embedding is not None:
        classes, z_dim = len(embedding), z_dim - embedding.shape[1]
        refuse_unless(z_dim > 0, "its first convolution does not read its embedding")
        refuse_unless(which is None or 0 <= which < classes, f"it has no class {which}, only 0 to {classes - 1}")
        label = first[:, : embedding.shape[1]] if label_first else first[:, z_dim:]
        first = first[:, embedding.shape[1] :] if label_first else first[:, :z_dim]
        by_class = torch.einsum("nk,ckyx->ncyx", embedding, label).flatten(1)
        if which is not None:
            bias = bias + by_class[which]
        elif classes == len(EMOTIONS):
            tensors["start.mood_bias"] = class_weights() @ by_class
            mood = "valence,arousal; between its classes " + ", ".join(EMOTIONS)
        else:
            bias = bias + by_class.mean(0)
    tensors["start.weight"] = first.permute(0, 2, 3, 1).reshape(-1, z_dim)
    tensors["start.bias"] = bias
    for i, (weight, bias) in enumerate(folded[1:]):
        tensors[f"blocks.{i}.conv.weight"], tensors[f"blocks.{i}.conv.bias"] = weight, bias
    channels = [len(bias) for _, bias in folded[:-1]]
    metadata = {
        "architecture": "dcgan",
        "resolution": str(4 << len(channels)),
        "channels": ",".join(map(str, channels)),
        "z_dim": str(z_dim),
        "mood": mood,
    }
    return metadata, tensors
