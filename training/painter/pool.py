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

from data import files_of
from features import SIDE, Lite0
from mood import colour_statistics, load_regressor

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
        """All picture files of a folder into the look of this name, `cuts` squares of each."""
        files, waiting = files_of(folder), []
        with ThreadPoolExecutor(os.cpu_count()) as workers:
            for squares in workers.map(partial(squares_of, side=self.stored, cuts=cuts), files):
                waiting.append(squares)
                if len(waiting) * cuts >= 256:
                    self.add(self.looks.index(look), np.concatenate(waiting))
                    waiting = []
        if waiting:
            self.add(self.looks.index(look), np.concatenate(waiting))

    def described(self, pictures):
        """The features of the mood regression, of bytes [N, 3, P, P]."""
        sized = F.interpolate(pictures.float(), size=(SIDE, SIDE), mode="bilinear", antialias=True)
        return torch.cat([self.net.describe(pictures.float() / 127.5 - 1), colour_statistics(sized)], 1)

    def draw(self, n):
        """Pictures in [-1, 1] [n, 3, side, side], their moods [n, 2] and looks [n]. Half are mirrored."""
        look = torch.randint(0, len(self.looks), (n,), device=self.device)
        index = (torch.rand(n, device=self.device) * self.count[look]).long()
        at = torch.arange(self.side, device=self.device)
        spare = self.stored - self.side
        down, right = torch.randint(0, spare + 1, (2, n, 1), device=self.device) + at
        mirrored = torch.rand(n, 1, device=self.device) < 0.5
        right = torch.where(mirrored, right.flip(1), right)
        colours = torch.arange(3, device=self.device)
        x = self.pictures[look[:, None, None, None], index[:, None, None, None], colours[:, None, None],
                          down[:, None, :, None], right[:, None, None, :]]
        return x.float() / 127.5 - 1, self.moods[look, index], look

    def moods_to_paint(self, look, n):
        """Half from the look's own distribution, half from the whole mood plane, [n, 2]."""
        index = (torch.rand(n, device=self.device) * self.count[look]).long()
        anywhere = torch.rand(n, 2, device=self.device) * 2 - 1
        half = torch.rand(n, 1, device=self.device) < 0.5
        return torch.where(half, self.moods[look, index], anywhere)


def squares_of(file, side, cuts=4):
    """Squares [cuts, side, side, 3] out of a picture file: along its longer side, and nearer."""
    picture = Image.open(file).convert("RGB")
    least = min(picture.size)
    shares = np.random.default_rng(zlib.crc32(Path(file).name.encode()))
    out = []
    for k in range(cuts):
        span = int(least * (1 if k % 2 == 0 else shares.uniform(0.75, 1)))
        left, top = (int(shares.uniform(0, size - span + 1)) for size in picture.size)
        box = (left, top, left + span, top + span)
        out.append(np.asarray(picture.resize((side, side), Image.LANCZOS, box=box)))
    return np.stack(out)
