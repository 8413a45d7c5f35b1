"""The pictures of all looks on the device, with their moods, and the crops that training sees."""

import os
import zlib
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

from data import files_of, read
from features import SIDE, Lite0
from mood import colour_statistics, load_regressor

LEAST = 64  # pixels of a picture file's shorter side
SPARE = 9 / 8  # side of a stored picture over that of what is cut out of it


class Pool:
    """Pictures [looks, room, 3, P, P] as bytes in one tensor, so that batches are drawn on the device
    and inside a CUDA graph. New pictures take the place of the oldest where there is no more room.

    A mood is the percentile, in [-1, 1], of what the regression says among all pictures of the look."""

    def __init__(self, looks, side, room, device, mood_model):
        self.looks, self.side, self.room = looks, side, room
        self.stored = int(side * SPARE)
        self.device = torch.device(device)
        shape = (len(looks), room, 3, self.stored, self.stored)
        self.pictures = torch.zeros(shape, dtype=torch.uint8, device=device)
        self.raw = torch.zeros(len(looks), room, 2, device=device)
        self.moods = torch.zeros(len(looks), room, 2, device=device)
        self.count = torch.zeros(len(looks), device=device)  # how many there are; read in the graph
        self.given = [0] * len(looks)  # how many there ever were
        self.net = Lite0().to(device)
        self.ridge = load_regressor(mood_model, device)

    @torch.no_grad()
    def add(self, look, pictures):
        """Takes pictures, bytes [N, P, P, 3] of a numpy array, into the look of this index."""
        for part in torch.from_numpy(np.ascontiguousarray(pictures)).split(64):
            part = part.to(self.device).permute(0, 3, 1, 2)
            place = (self.given[look] + torch.arange(len(part), device=self.device)) % self.room
            self.pictures[look, place] = part
            self.raw[look, place] = self.ridge(self.described(part))
            self.given[look] += len(part)
        count = min(self.given[look], self.room)
        rank = self.raw[look, :count].argsort(0).argsort(0).float()
        self.moods[look, :count] = (rank + 0.5) / count * 2 - 1
        self.count[look] = count

    def load_folder(self, look, folder, cuts):
        """The picture files of a folder into the look of this name, `cuts` squares of each. Those that cannot be
        read, and copies of others, are left out and told of."""
        files, waiting, known = files_of(folder), [], {}
        with ThreadPoolExecutor(os.cpu_count()) as workers:
            for file, squares in zip(files, workers.map(partial(squares_or_why, side=self.stored, cuts=cuts), files)):
                if isinstance(squares, str):
                    print(f"left out: {squares}", flush=True)
                    continue
                same = known.setdefault(squares[0].tobytes(), file)
                if same is not file:
                    print(f"left out: {file} is a copy of {same.name}", flush=True)
                    continue
                waiting.append(squares)
                if len(waiting) * cuts >= 256:
                    self.add(self.looks.index(look), np.concatenate(waiting))
                    waiting = []
        if waiting:
            self.add(self.looks.index(look), np.concatenate(waiting))
        if not self.given[self.looks.index(look)]:
            raise SystemExit(f"{folder} holds no picture that can be read")

    def described(self, pictures):
        """The features of the mood regression, of bytes [N, 3, P, P]."""
        sized = F.interpolate(pictures.float(), size=(SIDE, SIDE), mode="bilinear", antialias=True)
        return torch.cat([self.net.describe(pictures.float() / 127.5 - 1), colour_statistics(sized)], 1)

    def whole(self, look):
        """All pictures of a look as bytes [N, 3, side, side], cut as `draw` cuts those that are kept."""
        count, spare = min(self.given[look], self.room), (self.stored - self.side) // 2
        part = slice(spare, spare + self.side)
        return self.pictures[look, :count, :, part, part]

    def draw(self, n, kept=0):
        """Pictures in [-1, 1] [n, 3, side, side], their moods [n, 2], looks [n] and places in the pool [n]. All but the
        first `kept` are cut out anywhere, and half of them mirrored."""
        look = torch.randint(0, len(self.looks), (n,), device=self.device)
        index = (torch.rand(n, device=self.device) * self.count[look]).long()
        at = torch.arange(self.side, device=self.device)
        spare = self.stored - self.side
        down, right = torch.randint(0, spare + 1, (2, n, 1), device=self.device) + at
        mirrored = torch.rand(n, 1, device=self.device) < 0.5
        down[:kept] = right[:kept] = spare // 2 + at
        mirrored[:kept] = False
        right = torch.where(mirrored, right.flip(1), right)
        colours = torch.arange(3, device=self.device)
        x = self.pictures[look[:, None, None, None], index[:, None, None, None], colours[:, None, None],
                          down[:, None, :, None], right[:, None, None, :]]
        return x.float() / 127.5 - 1, self.moods[look, index], look, index

    def moods_to_paint(self, look, n):
        """Half from the look's own distribution, half from the whole mood plane, [n, 2]."""
        index = (torch.rand(n, device=self.device) * self.count[look]).long()
        anywhere = torch.rand(n, 2, device=self.device) * 2 - 1
        half = torch.rand(n, 1, device=self.device) < 0.5
        return torch.where(half, self.moods[look, index], anywhere)


def squares_or_why(file, side, cuts):
    """`squares_of`, or a sentence that says why there are none."""
    try:
        return squares_of(file, side, cuts)
    except ValueError as error:
        return str(error)


def squares_of(file, side, cuts=4):
    """Squares [cuts, side, side, 3] out of a picture file: along its longer side, and nearer; the first is of its
    middle."""
    picture = read(file)
    least = min(picture.size)
    if least < LEAST:
        raise ValueError(f"{file} has only {picture.width} x {picture.height} pixels; at least {LEAST} a side are wanted")
    shares = np.random.default_rng(zlib.crc32(Path(file).name.encode()))
    out = []
    for k in range(cuts):
        span = int(least * (1 if k % 2 == 0 else shares.uniform(0.75, 1)))
        places = (0.5, 0.5) if k == 0 else shares.uniform(0, 1, 2)
        left, top = (int(place * (size - span)) for place, size in zip(places, picture.size))
        box = (left, top, left + span, top + span)
        out.append(np.asarray(picture.resize((side, side), Image.LANCZOS, box=box)))
    return np.stack(out)
