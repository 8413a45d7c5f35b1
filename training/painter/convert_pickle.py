"""Read a pickled StyleGAN2-ADA network without running any of its code.

Such a pickle carries the source text of its classes and asks for it to be executed (the module
`torch_utils.persistence` of its training code). Here every such object becomes a `Bag` of its
attributes, tensors are rebuilt by PyTorch, and any other class becomes an object that does
nothing, whatever it is asked to do.
"""

import io
import pickle
from collections import OrderedDict

import numpy as np
import torch


class Bag:
    """A module of a pickled network: its class's name, attributes, parameters and submodules."""

    def __init__(self, name, state):
        self.name = name
        self.state = dict(state)

    def __getattr__(self, key):
        state = self.__dict__.get("state", {})
        for place in (state, *(state.get(k) or {} for k in ("_parameters", "_buffers", "_modules"))):
            if key in place:
                return place[key]
        raise ValueError(f"its {self.__dict__.get('name')} has no {key}")

    def __contains__(self, key):
        try:
            return getattr(self, key) is not None
        except ValueError:
            return False


class Inert:
    """Stands for an object of any other class; takes whatever it is given and keeps none of it."""

    def __init__(self, *_, **__):
        pass

    def __setstate__(self, _):
        pass

    def __setitem__(self, *_):
        pass

    def append(self, _):
        pass

    def extend(self, _):
        pass


def persistent(meta):
    if meta.get("type") != "class":
        raise ValueError("it holds a persistent object that is no class")
    return Bag(meta["class_name"], meta["state"])


def storage(data):
    return torch.load(io.BytesIO(data), map_location="cpu", weights_only=True)


def numpy_scalar(dtype, data=None):
    if dtype.hasobject:
        raise ValueError("it holds a number that is an object")
    return np.frombuffer(data, dtype)[0]


KNOWN = {
    ("torch_utils.persistence", "_reconstruct_persistent_obj"): persistent,
    ("torch.storage", "_load_from_bytes"): storage,
    ("torch._utils", "_rebuild_tensor_v2"): torch._utils._rebuild_tensor_v2,
    ("torch._utils", "_rebuild_parameter"): lambda data, *_: data,
    ("collections", "OrderedDict"): OrderedDict,
    ("dnnlib.util", "EasyDict"): dict,
    ("numpy", "dtype"): np.dtype,
    ("numpy.core.multiarray", "scalar"): numpy_scalar,
    ("numpy._core.multiarray", "scalar"): numpy_scalar,
}


class Reader(pickle.Unpickler):
    def find_class(self, module, name):
        return KNOWN.get((module, name), Inert)

    def persistent_load(self, _):
        raise ValueError("it refers to something outside the file")


def is_pickle(path):
    """Whether a file starts like a pickle."""
    with open(path, "rb") as file:
        return file.read(1) == b"\x80"


def read(path):
    """The pickled object of a file. A file that is no pickle is a ValueError."""
    with open(path, "rb") as file:
        try:
            return Reader(file).load()
        except (pickle.UnpicklingError, EOFError, AttributeError, IndexError, KeyError, TypeError, RuntimeError) as error:
            raise ValueError(f"it is not a readable pickle ({error})") from error
