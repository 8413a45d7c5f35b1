"""The network: words to vectors, two convolutions over the line, attention, three answers."""

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from spelling import fnv, pieces, plain, words_of

WIDTH = 96  # numbers of a word, and of a line's meaning
LAYERS = 2
BUCKETS = 8192  # of pieces of words that are not in the list
LONGEST_LINE = 32  # words
ANSWERS = 2 + 9  # valence, arousal; the eight classes of ArtEmis and none of them


class Vocabulary:
    """The words that have a vector of their own; others are the mean of their pieces'."""

    def __init__(self, words):
        self.words = words
        self.place = {word: k for k, word in enumerate(words)}
        self.cache = {}

    def __len__(self):
        return len(self.words)

    def buckets(self, word):
        if word not in self.cache:
            self.cache[word] = [len(self) + fnv(piece) % BUCKETS for piece in pieces(word)]
        return self.cache[word]

    def rows(self, word):
        """The rows of the table whose mean a word is."""
        at = self.place.get(word)
        return [at] if at is not None else self.buckets(word)

    def line(self, text):
        return [plain(word) for word in words_of(text)][:LONGEST_LINE]


class WordNetwork(nn.Module):
    def __init__(self, vocabulary):
        super().__init__()
        self.table = nn.EmbeddingBag(vocabulary + BUCKETS, WIDTH, mode="mean", sparse=True)
        nn.init.normal_(self.table.weight, std=0.3)
        self.conv = nn.ModuleList(nn.Conv1d(WIDTH, WIDTH, 3, padding=2**k, dilation=2**k) for k in range(LAYERS))
        self.mix = nn.ModuleList(nn.Linear(WIDTH, WIDTH) for _ in range(LAYERS))
        self.attention = nn.Linear(WIDTH, 1)
        self.hidden = nn.Linear(2 * WIDTH, WIDTH)
        self.answers = nn.Linear(WIDTH, ANSWERS)
        self.meaning = nn.Linear(2 * WIDTH, WIDTH)
        self.drop = nn.Dropout(0.2)

    def forward(self, rows, starts, lengths):
        """Of lines of `lengths` words, all of them one after another in `rows` and `starts` as an EmbeddingBag has them:
        what is answered (raw), the meaning (length 1), and the layer before the answers."""
        words = self.drop(self.table(rows, starts))
        there = torch.arange(int(lengths.max()))[None] < lengths[:, None]
        x = torch.zeros(*there.shape, WIDTH).masked_scatter(there[..., None], words)
        mask = there[..., None].float()
        for k, (conv, mix) in enumerate(zip(self.conv, self.mix)):
            # One product of the word before, the word and the word after: faster here than conv itself.
            around = torch.cat([F.pad(x, (0, 0, 2**k, 0))[:, : x.shape[1]], x, F.pad(x, (0, 0, 0, 2**k))[:, 2**k :]], 2)
            inner = F.elu(around @ conv.weight.permute(2, 1, 0).reshape(3 * WIDTH, WIDTH) + conv.bias)
            x = (x + mix(inner)) * mask
        weight = self.attention(x).masked_fill(~there[..., None], -1e9).softmax(1)
        most = x.masked_fill(~there[..., None], -1e9).amax(1)
        pooled = self.drop(torch.cat([(weight * x).sum(1), most], 1))
        hidden = F.elu(self.hidden(pooled))
        return self.answers(self.drop(hidden)), F.normalize(self.meaning(pooled), dim=1), hidden


def batch(lines):
    """What `forward` takes, of lines that are lists of words, each a list of rows."""
    rows = [row for line in lines for word in line for row in word]
    sizes = [len(word) for line in lines for word in line]
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int64)
    return torch.tensor(rows), torch.from_numpy(starts), torch.tensor([len(line) for line in lines])


@torch.no_grad()
def judge(network, vocabulary, sentences):
    """Answers (raw), meanings and hidden layers of sentences; empty ones count as `?`."""
    network.eval()
    lines = [[vocabulary.rows(word) for word in vocabulary.line(text) or ["?"]] for text in sentences]
    order = sorted(range(len(lines)), key=lambda k: len(lines[k]))
    out = [np.zeros((len(lines), n), np.float32) for n in (ANSWERS, WIDTH, WIDTH)]
    for begin in range(0, len(order), 256):
        at = order[begin : begin + 256]
        for to, told in zip(out, network(*batch([lines[k] for k in at]))):
            to[at] = told.numpy()
    return out


def load(path):
    kept = torch.load(path, weights_only=False)
    vocabulary = Vocabulary(kept["words"])
    network = WordNetwork(len(vocabulary))
    network.load_state_dict(kept["network"])
    return network, vocabulary
