"""Two gated recurrent layers over tokens, which know what is wanted of the bar and which notes its chords have."""

import torch
from torch import nn

from bars import M_PLACE, SHAPES, TOKENS
from prepare import FACTS

WIDTH = 192
MOOD = 2  # valence and arousal, as label.py has them
CLASSES = torch.zeros(M_PLACE, 12)
for _token in range(M_PLACE):
    for _step in SHAPES[_token // 12]:
        CLASSES[_token, (_token + _step) % 12] = 1


class Network(nn.Module):
    """Logits of each next token [batch, time, TOKENS], of the tokens before it, the facts and mood of the bar that it is in
    [batch, time, FACTS + MOOD], and the pitch classes of the bar's chords so far [batch, time, 24]."""

    def __init__(self):
        super().__init__()
        self.token = nn.Embedding(TOKENS, WIDTH)
        self.known = nn.Linear(FACTS + MOOD + 24, WIDTH)
        self.first = nn.GRU(WIDTH, WIDTH, batch_first=True)
        self.second = nn.GRU(WIDTH, WIDTH, batch_first=True)
        self.last = nn.Linear(WIDTH, TOKENS)
        self.dropout = nn.Dropout(0.15)

    def forward(self, before, facts, chords, state=(None, None)):
        x = self.token(before) + self.known(torch.cat([facts, chords], -1))
        y, one = self.first(self.dropout(x), state[0])
        z, two = self.second(self.dropout(x + y), state[1])
        return self.last(self.dropout(y + z)), (one, two)
