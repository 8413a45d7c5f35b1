"""Checks of the VST3 plugin in pedalboard: `checks.py BUNDLE NAME` runs the one of that name.

Pedalboard processes as a host that bounces: offline, as fast as it goes, in blocks of
`buffer_size` samples.
"""

import random
import sys

import numpy as np
import pedalboard

RATES = [22_050, 44_100, 48_000, 88_200, 96_000, 176_400, 192_000]
BLOCKS = [1, 16, 64, 333, 512, 1024, 4096, 8192]

# Bits that a computation would change: NaNs with payloads, infinities, denormals, -0, the extremes.
ODD = [0x7FC12345, 0xFFC00001, 0x7F800001, 0x7F800000, 0xFF800000, 0x00000001, 0x807FFFFF,
       0x80000000, 0x00000000, 0x3F800000, 0xBF800000, 0x7F7FFFFF, 0x00800000]


def load(bundle):
    return pedalboard.load_plugin(bundle)


def same_bits(a, b):
    return a.shape == b.shape and np.array_equal(a.view(np.uint32), b.view(np.uint32))


def music(channels, frames, seed=1):
    """Noise with full-scale squares in it."""
    sound = np.random.default_rng(seed).standard_normal((channels, frames)).astype(np.float32)
    sound[:, frames // 2:] = np.sign(sound[:, frames // 2:])
    return sound


def audio_passes(bundle):
    # For mono pedalboard 0.9 switches the sidechain on without giving it a buffer.
    plugin = load(bundle)
    for channels in (2, 1):
        for rate in RATES:
            for block in BLOCKS:
                sound = music(channels, 3 * block + 5 if block > 64 else 500)
                heard = plugin(sound, rate, buffer_size=block, reset=True)
                assert same_bits(sound, heard), (channels, rate, block)


def audio_passes_while_bypassed(bundle):
    plugin = load(bundle)
    for bypass in (1.0, 0.0, 1.0, 0.0):
        plugin.parameters["bypass"].raw_value = bypass
        for channels in (2, 1):
            sound = music(channels, 20_000)
            heard = plugin(sound, 48_000, buffer_size=512, reset=False)
            assert same_bits(sound, heard), (bypass, channels)
        assert plugin.parameters["bypass"].raw_value == bypass


def odd_samples_pass(bundle):
    plugin = load(bundle)
    sound = np.resize(np.array(ODD, np.uint32), (2, 48_000)).view(np.float32)
    assert same_bits(sound, plugin(sound, 48_000))
    bits = np.random.default_rng(2).integers(0, 2**32, (2, 48_000), np.uint32)
    sound = bits.view(np.float32)
    assert same_bits(sound, plugin(sound, 48_000))


def parameters_are_set_and_read(bundle):
    plugin = load(bundle)
    assert len(plugin.parameters) > 20, list(plugin.parameters)
    for name, parameter in plugin.parameters.items():
        for raw in (0.0, 0.25, 0.5, 0.75, 1.0):
            parameter.raw_value = raw
            text = parameter.string_value
            assert text, name
            assert 0.0 <= parameter.raw_value <= 1.0, name
            assert parameter.string_value == text, name


def parameters_leave_the_audio_alone(bundle):
    plugin = load(bundle)
    sound = music(2, 4096)
    choose = random.Random(3)
    for _ in range(50):
        for parameter in plugin.parameters.values():
            parameter.raw_value = choose.random()
        assert same_bits(sound, plugin(sound, 48_000, buffer_size=256, reset=False))


def shuffled(plugin, seed):
    choose = random.Random(seed)
    for name, parameter in plugin.parameters.items():
        # A model that is not in the folder is not saved by name.
        if name != "model":
            parameter.raw_value = choose.random()
    # A VST3 plugin is told of changes with the next block.
    plugin(music(2, 64), 48_000)
    return texts(plugin)


def texts(plugin):
    return {name: parameter.string_value for name, parameter in plugin.parameters.items()}


def what_is_saved_is_what_is_loaded(bundle):
    plugin, other = load(bundle), load(bundle)
    for seed in range(5):
        values = shuffled(plugin, seed)
        saved = plugin.raw_state
        other.raw_state = saved
        assert texts(other) == values
        assert other.raw_state == saved


def states_that_are_none_do_no_harm(bundle):
    plugin = load(bundle)
    saved = bytes(plugin.raw_state)
    choose = random.Random(4)
    sound = music(2, 1024)
    for attempt in range(300):
        if attempt % 3 == 0:
            state = saved[:choose.randrange(len(saved))]
        elif attempt % 3 == 1:
            state = bytearray(saved)
            for _ in range(choose.randrange(1, 20)):
                state[choose.randrange(len(state))] = choose.randrange(256)
        else:
            state = choose.randbytes(choose.randrange(400))
        try:
            plugin.raw_state = bytes(state)
        except (ValueError, RuntimeError):
            pass  # The host may refuse it too.
        if attempt % 20 == 0:
            assert same_bits(sound, plugin(sound, 48_000))
    assert load(bundle).parameters.keys() == plugin.parameters.keys()


def instances_come_and_go(bundle):
    sound = music(2, 2048)
    kept = [load(bundle) for _ in range(8)]
    for plugin in kept:
        assert same_bits(sound, plugin(sound, 44_100))
    for _ in range(10):
        assert same_bits(sound, load(bundle)(sound, 48_000))
    for plugin in reversed(kept):
        assert same_bits(sound, plugin(sound, 96_000))


if __name__ == "__main__":
    globals()[sys.argv[2]](sys.argv[1])
