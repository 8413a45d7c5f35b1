"""Drum patterns by metre and style.

A pattern is a line for each drum; its characters divide the bar evenly. `X` is an accent, `x` a
stroke, `o` a ghost note or a soft stroke, `?` one that is played half of the time.
"""

# By metre and style; of several, a piece's sections take turns.
PATTERNS = {
    "4/4": {
        "rock": [
            dict(kick="x.......x.......", snare="....X.......X...", hat="X.x.x.x.X.x.x.x."),
            dict(kick="x.....x.x.......", snare="....X.......X...", hat="X.x.x.x.X.x.x.x."),
            dict(kick="x..x....x.x.....", snare="....X..o....X..o", ride="X.x.X.x.X.x.X.x."),
            dict(kick="x.x.......x.x...", snare="....X.......X...", open="x...x...x...x..."),
        ],
        "backbeat": [
            dict(kick="x.......x.......", snare="....X.......X...", hat="x.x.x.x.x.x.x.x."),
            dict(kick="X.......x.......", snare="....X.......X...", hat="X.o.x.o.X.o.x.o."),
            dict(kick="x.......x.......", snare="....X.......X...", open="x...x...x...x..."),
            dict(kick="x.......x.x.....", snare="....X.......X...", ride="x.x.x.x.x.x.x.x."),
            dict(kick="x.......x.....?.", snare="....X.......X..o", hat="x.x.x.x.x.x.x.xo"),
        ],
        "pop": [
            dict(kick="x......xx.......", snare="....X.......X...", hat="x.x.x.x.x.x.x.x."),
            dict(kick="x.......x..x....", snare="....X.......X...", hat="xoxoxoxoxoxoxoxo"),
            dict(
                kick="x.....x...x.....",
                snare="....X.......X...",
                hat="x.x.x.x.x.x.x.x.",
                tambourine="....x.......x...",
            ),
            dict(kick="x..x..x.x.......", clap="....X.......X...", shaker="xoxoxoxoxoxoxoxo"),
        ],
        "house": [
            dict(
                kick="X...X...X...X...",
                clap="....x.......x...",
                open="..x...x...x...x.",
                shaker="oooooooooooooooo",
            ),
            dict(
                kick="X...X...X...X...",
                clap="....x.......x...",
                hat="oox.oox.oox.oox.",
                cowbell="...?......?.....",
            ),
            dict(
                kick="X...X...X...X...",
                snare="....x.......x..?",
                open="..x...x...x...x.",
                hat="xo.oxo.oxo.oxo.o",
            ),
        ],
        "techno": [
            dict(kick="X...X...X...X...", open="..x...x...x...x.", hat="x.x.x.x.x.x.x.x."),
            dict(kick="X...X...X...X...", rim="...x..x....x..?.", open="..x...x...x...x."),
            dict(
                kick="X...X...X...X..?",
                clap="....x.......x...",
                hat="oxxooxxooxxooxxo",
                tom3="..?....?..?..?..",
            ),
        ],
        "dnb": [
            dict(kick="x.........x.....", snare="....X.......X...", hat="x.x.x.x.x.x.x.x."),
            dict(kick="x.x.......x.....", snare="....X..o.o..X..o", hat="x.x.x.x.x.x.x.xx"),
            dict(
                kick="x.........xx....",
                snare="....X..o....X.o.",
                ride="x.x.x.x.x.x.x.x.",
                hat=".o.o.o.o.o.o.o.o",
            ),
        ],
        "breaks": [
            dict(kick="x.x.......xx....", snare="....X..o.o..X..o", hat="x.x.x.x.x.x.x.x."),
            dict(kick="x.........x..x..", snare="....X..x.o..X.o.", ride="x.x.x.x.x.x.x.x."),
        ],
        "dubstep": [
            dict(kick="x.....?.........", snare="........X.......", hat="x.x.x.xxx.x.x.x."),
            dict(kick="x..x......?..x..", snare="........X.......", hat="x..x..x.x..x..xx"),
        ],
        "trap": [
            dict(kick="x.....x....?....", clap="........X.......", hat="x.x.x.x.x.x.x.x."),
            dict(kick="x..x......x.....", snare="........X.......", hat="x.xxx.x.x.x.xxxx"),
            dict(
                kick="x......x..x..?..",
                clap="........X.......",
                hat="xxx.x.xxx.xxx.x.",
                open="..............x.",
            ),
        ],
        "hiphop": [
            dict(kick="x......x..x.....", snare="....X.......X...", hat="x.x.x.x.x.x.x.x."),
            dict(kick="x.x.......x..x..", snare="....X.......X..o", hat="x.x.x.xox.x.x.xo"),
            dict(kick="x..x...x..x.....", snare="....X..o.o..X...", hat="x.x.x.x.x.x.x.x."),
        ],
        "reggae": [
            dict(kick="........X.......", rim="........x.......", hat="x.xox.xox.xox.xo"),
            dict(
                kick="x.......X.......",
                snare="........X.......",
                hat="x.x.x.x.x.x.x.x.",
                tambourine="..?...?...?...?.",
            ),
            dict(kick="X...X...X...X...", rim="........x.....?.", hat="x.x.x.x.x.x.x.x."),
        ],
        "funk": [
            dict(kick="x..x..x...x..x..", snare="....X..o.o..X..o", hat="xxxxxxxxxxxxxxxx"),
            dict(kick="x.x....x..x.....", snare="....X..o.o.oX..o", hat="x.x.x.x.x.x.x.o."),
            dict(kick="x.....xx.o......", snare="..o.X.o...o.X..?", ride="x.x.x.x.x.x.x.x."),
        ],
        "disco": [
            dict(
                kick="X...X...X...X...",
                snare="....X.......X...",
                open="..x...x...x...x.",
                hat="xo..xo..xo..xo..",
            ),
            dict(
                kick="X...X...X...X...",
                clap="....X.......X...",
                open="..x...x...x...x.",
                tambourine="xoxoxoxoxoxoxoxo",
            ),
        ],
        "metal": [
            dict(kick="xxxxxxxxxxxxxxxx", snare="....X.......X...", crash="x...x...x...x..."),
            dict(kick="x.xxx.xxx.xxx.xx", snare="....X.......X...", ride="X...X...X...X..."),
            dict(kick="x.x.x.x.x.x.x.x.", snare=".x.x.x.x.x.x.x.x", ride="x.x.x.x.x.x.x.x."),
        ],
        "punk": [
            dict(kick="x..xx...x..xx...", snare="..X...X...X...X.", hat="X.X.X.X.X.X.X.X."),
            dict(kick="x...x...x...x...", snare="..X...X...X...X.", open="X.X.X.X.X.X.X.X."),
        ],
        "halftime": [
            dict(kick="x.....x.........", snare="........X.......", hat="X...x...X...x..."),
            dict(kick="x..x......x.....", snare="........X......o", ride="X.x.X.x.X.x.X.x."),
        ],
        "swing": [
            dict(ride="X..x.xX..x.x", pedal="...x.....x..", kick="o..o..o..o..", snare=".....?.....?"),
            dict(ride="X..x.xX..x.x", pedal="...x.....x..", snare="..?..o.....?", kick="o..o..o..?.."),
            dict(ride="X..X.xX..X.x", pedal="...x.....x..", rim=".........x.."),
        ],
        "shuffle": [
            dict(kick="x.....x.....", snare="...X.....X..", hat="x.xx.xx.xx.x"),
            dict(kick="x....xx.....", snare="...X.....X.o", ride="x.xx.xx.xx.x"),
        ],
        "bossa": [
            dict(kick="x..xx..xx..xx..x", rim="x..x..x...x..x..", hat="xoxoxoxoxoxoxoxo"),
            dict(kick="x..xx..xx..xx..x", rim="..x..x....x..x..", shaker="xoxoxoxoxoxoxoxo"),
        ],
        "samba": [
            dict(
                kick="o..xX..xo..xX..x",
                snare="xoxxoxoxxoxxoxox",
                shaker="xooxxooxxooxxoox",
                agogo="x..x.x..",
                agogo2="..x....x",
            ),
            dict(kick="o...X...o...X...", snare="xooxoxoxxooxoxox", tambourine="xooxxooxxooxxoox"),
        ],
        "afro": [
            dict(
                kick="x.....x.x.....x.",
                rim="x..x...x..x.x...",
                shaker="xoxxxoxxxoxxxoxx",
                conga3="..xx....x.xx..x.",
            ),
            dict(
                kick="x..x..x.x..x..x.",
                snare="......x.....x...",
                bell="x..x..xx..x..x..",
                conga2="..x..xx...x..xx.",
            ),
        ],
        "salsa": [
            dict(
                claves="x..x..x...x.x...",
                conga="x.xx..xxx.xx..xx",
                conga3="......xx......xx",
                cowbell="x.xxx.xxx.xxx.xx",
                timbale="..?.......?.....",
            ),
            dict(
                claves="..x.x...x..x..x.",
                conga="x.xx..xxx.xx..xx",
                kick="...x..x....x..x.",
                bongo="xoxoxoxoxoxoxoxo",
            ),
        ],
        "march": [
            dict(bass_drum="X.......X.......", snare="x.xxx.xxx.xxxxxx", crash="x..............."),
            dict(bass_drum="X...x...X...x...", snare="..x...x...x.xoxo"),
        ],
        "country": [
            dict(kick="x.......x.......", snare="....X.......X...", hat="x.xox.xox.xox.xo"),
            dict(kick="x.......x.......", snare="o.o.X.o.o.o.X.o."),
        ],
        "lofi": [dict(kick="x......x..x.....", snare="....x.......x...", hat="x.x.o.x.x.x.o.x.")],
        "orchestra": [dict(timpani="x...........?...", crash="?...............")],
        "garage": [
            dict(
                kick="x.........x.....",
                snare="....X.......X..o",
                hat="..x..xx...x..xx.",
                rim="...?.....?......",
            ),
            dict(kick="x..x......x..?..", clap="....X.......X...", open="..x...x...x...x."),
        ],
    },
    "3/4": {
        "waltz": [
            dict(kick="x.....", snare="..o.o.", hat="..x.x."),
            dict(kick="x.....", rim="..x.x.", ride="x.xxx."),
        ],
        "swing": [
            dict(ride="X..x.xx.x", pedal="...x.....", kick="x........"),
            dict(ride="X..x..x.x", pedal="......x..", snare="..?..o..?"),
        ],
        "rock": [
            dict(kick="x.........x.", snare="....X...o...", hat="x.x.x.x.x.x."),
            dict(kick="x.....x.....", snare="....X...X...", ride="x.x.x.x.x.x."),
        ],
    },
    "2/4": {
        "polka": [dict(kick="x...x...", snare="..x...x.", hat="..x...x.")],
        "march": [
            dict(bass_drum="X...X...", snare="x.xxx.xx"),
            dict(bass_drum="X...x...", snare="..x...xx", crash="x......."),
        ],
    },
    "6/8": {
        "ballad": [
            dict(kick="x.........x.", snare="......X.....", hat="x.x.x.x.x.x."),
            dict(kick="x...x.....x.", snare="......X.....", ride="X.x.x.X.x.x."),
        ],
        "jig": [
            dict(kick="x.....x.....", snare="....o.X...o.", tambourine="X.o.x.X.o.x."),
            dict(bass_drum="X.....X.....", snare="x.xxx.x.xxx."),
        ],
    },
    "9/8": {"jig": [dict(kick="x.....", snare="..x..x", tambourine="XoxXoxXox")]},
    "12/8": {
        "blues": [
            dict(kick="x.....x.....", snare="...X.....X..", hat="xxxxxxxxxxxx"),
            dict(kick="x....xx..x..", snare="...X.....X..", ride="x.xx.xx.xx.x"),
        ],
        "afro": [
            dict(kick="x.....x.....", bell="x.x.xx.x.x.x", shaker="xoxxoxxoxxox", conga3="..x..x..x..x"),
            dict(kick="x..x..x..x..", bell="x.x.xx.x.x.x", conga2="..xx....xx.."),
        ],
        "ballad": [dict(kick="x....xx.....", snare="...X.....X..", hat="xoxxoxxoxxox")],
    },
    "5/4": {
        "any": [
            dict(kick="x.....x.....x.......", snare="....X.......X...X...", ride="X.x.X.x.X.x.X.x.X.x."),
            dict(kick="x..x....x...x.x.....", snare="....X...X.......X...", hat="x.x.x.x.x.x.x.x.x.x."),
            dict(kick="x....x...x.....", rim="......x.......x", ride="X..x.xx.xX..x.x"),
            dict(kick="x.........x.x.......", snare="....X...........X...", hat="x.x.x.x.x.x.x.x.x.x."),
            dict(kick="x...........x.......", snare="........X.......X...", crash="x...............?..."),
        ],
        "swing": [
            dict(ride="X..x.xX..x.xX..", pedal="...x.....x.....", snare="..?..o.....o..?"),
            dict(ride="X..x.xX..X..X.x", pedal="...x.....x..x..", kick="o........o....."),
            dict(ride="X..X.xX..X.xX..", rim="...........x...", kick="x..............", pedal="...x.....x....."),
        ],
    },
    "5/8": {
        "any": [
            dict(kick="x..x.", snare="..X.X", hat="xxxxx"),
            dict(kick="x..o......", snare="......X...", hat="x.x.x.x.x."),
            dict(bass_drum="X..x.", tambourine="XoxXo"),
        ]
    },
    "7/4": {
        "any": [
            dict(
                kick="x.......x.......x.x.........",
                snare="....X.......X...........X...",
                hat="x.x.x.x.x.x.x.x.x.x.x.x.x.x.",
            ),
            dict(
                kick="x.....x.x.....x.x.....x.....",
                snare="....X.......X.......X...X...",
                ride="x.x.x.x.x.x.x.x.x.x.x.x.x.x.",
            ),
            dict(
                kick="x...........x.......x.......",
                snare="....X...X.......X.......X...",
                hat="x.x.x.x.x.x.x.x.x.x.x.x.x.x.",
            ),
            dict(
                kick="x..x........x..x....x.......",
                snare="........X.......X.......X...",
                crash="x...........................",
                hat="....x...x...x...x...x...x...",
            ),
            dict(
                kick="x.......x...x.......x.......",
                snare="....X...........X.......X.o.",
                open="x...x...x...x...x...x...x...",
            ),
        ]
    },
    "7/8": {
        "any": [
            dict(kick="x...x...x.....", snare="..X...X...X...", hat="x.x.x.x.x.x.x."),
            dict(bass_drum="X...x...x...o.", tambourine="XoxoXoxoXoxoxo"),
            dict(kick="x.....x.x.....", snare="....X.......X.", ride="x.x.x.x.x.x.x."),
        ],
        "balkan": [  # three, two, two
            dict(bass_drum="X.....x...x...", tambourine="X.o.o.X.o.X.o."),
            dict(kick="x.....x...x...", snare="....X...X...X.", hat="x.x.x.x.x.x.x."),
            dict(conga3="X.....x...x...", conga="..o.o...x...x.", shaker="x.x.x.x.x.x.x."),
        ],
    },
    "6/4": {
        "any": [
            dict(
                kick="x...........x...........",
                snare="........X.......X.......",
                hat="x.x.x.x.x.x.x.x.x.x.x.x.",
            )
        ]
    },
}
