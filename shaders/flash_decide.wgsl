// Flashes, decided: how much of each cell is followed at once (`crates/scene/src/flashes` does the same sums,
// and says why).
// Reads:  what was measured of the picture that is given, and of the one that was shown last.
// Writes: what is known of each cell, how much of each field flashes, the shares.
// Cost:   some hundred loads for each of 2,304 cells.

const NEW = 0u;
const NOWHERE = 1u;
const UP = 2u;
const DOWN = 3u;
const EVER = 60000000u;

fn limit(kind: u32, change: u32, value: u32, toward: u32, low: u32, high: u32) -> u32 {
    if (toward != UP && value >= low + change && low < DARK[kind]) {
        return UP;
    }
    if (toward != DOWN && high >= value + change && value < DARK[kind]) {
        return DOWN;
    }
    return NOWHERE;
}

fn change_of(tracker: ptr<function, Tracker>, kind: u32, value: u32) -> u32 {
    return limit(kind, CHANGE[kind], value, (*tracker).toward, (*tracker).low, (*tracker).high);
}

fn follow(tracker: ptr<function, Tracker>, kind: u32, value: u32) -> bool {
    if ((*tracker).toward == NEW) {
        (*tracker).toward = NOWHERE;
        (*tracker).low = value;
        (*tracker).high = value;
        for (var i = 0u; i < 6u; i++) {
            (*tracker).ages[i] = EVER;
        }
        return false;
    }
    (*tracker).low = min((*tracker).low, value);
    (*tracker).high = max((*tracker).high, value);
    let toward = change_of(tracker, kind, value);
    if (toward == NOWHERE) {
        return false;
    }
    (*tracker).toward = toward;
    (*tracker).low = value;
    (*tracker).high = value;
    for (var i = 5u; i > 0u; i--) {
        (*tracker).ages[i] = (*tracker).ages[i - 1u];
    }
    (*tracker).ages[0] = 0u;
    return true;
}

fn grow_old(tracker: ptr<function, Tracker>) {
    for (var i = 0u; i < 6u; i++) {
        (*tracker).ages[i] = min((*tracker).ages[i] + limits.micros, EVER);
    }
}

fn had(tracker: ptr<function, Tracker>, changes: u32) -> bool {
    let second = select(SECOND, WIDE_SECOND, changes < MOST);
    return (*tracker).toward != NEW && (*tracker).ages[changes - 1u] < second;
}

fn is_spent(tracker: ptr<function, Tracker>, busy: u32) -> bool {
    return had(tracker, select(MANY - 1u, MOST, busy < LONG));
}

fn last_of(place: u32) -> vec2u {
    if (limits.first != 0u) {
        return measured(place, true);
    }
    return measured(place, false);
}

// What was measured; the last place has the mean of all.
fn measured(place: u32, of_given: bool) -> vec2u {
    if (place < PLACES - 1u) {
        if (of_given) {
            return given[place];
        }
        return left[place];
    }
    var sum = vec4u(0u);
    for (var row = 0u; row < CELLS.y; row++) {
        sum += rows[row];
    }
    return select(sum.zw, sum.xy, of_given) / (PLACES - 1u);
}

fn add_row(row: u32) {
    var sum = vec4u(0u);
    for (var i = row * CELLS.x; i < (row + 1u) * CELLS.x; i++) {
        sum += vec4u(given[i], left[i]);
    }
    rows[row] = sum;
}

fn look_back(place: u32) {
    var cell = cells[place];
    if (limits.first != 0u) {
        cell = Cell();
    }
    let last = last_of(place);
    cell.flashing = cell.held;
    for (var kind = 0u; kind < 2u; kind++) {
        var shown = cell.shown[kind];
        follow(&shown, kind, last[kind]);
        grow_old(&shown);
        var wanted = cell.wanted[kind];
        grow_old(&wanted);
        var busy = cell.busy[kind];
        if (had(&shown, MANY)) {
            busy += limits.micros;
        } else {
            busy -= min(busy, limits.micros);
        }
        if (is_spent(&shown, busy)) {
            cell.flashing = 1u;
        }
        cell.busy[kind] = busy;
        cell.shown[kind] = shown;
        cell.wanted[kind] = wanted;
    }
    cell.calm = min(cell.calm + min(limits.micros, CALM), CALM);
    cells[place] = cell;
}

fn count(window: u32) {
    let corner = vec2u(window % WINDOWS_ACROSS, window / WINDOWS_ACROSS);
    var flashing = 0u;
    for (var y = corner.y; y < corner.y + FIELD.y; y++) {
        for (var x = corner.x; x < corner.x + FIELD.x; x++) {
            flashing += cells[y * CELLS.x + x].flashing;
        }
    }
    windows[window] = flashing;
}

// Whether too much flashes in a field in which the cell lies.
fn restrained(place: u32) -> bool {
    if (place == PLACES - 1u) {
        return true;
    }
    let cell = vec2u(place % CELLS.x, place / CELLS.x);
    let first = max(cell + 1u, FIELD) - FIELD;
    let end = min(cell + 1u, CELLS - FIELD + 1u);
    for (var y = first.y; y < end.y; y++) {
        for (var x = first.x; x < end.x; x++) {
            if (windows[y * WINDOWS_ACROSS + x] > QUARTER) {
                return true;
            }
        }
    }
    return false;
}

// The largest share that completes no change.
fn most(tracker: ptr<function, Tracker>, kind: u32, wanted: u32, last: u32) -> u32 {
    let falls = wanted < last;
    if (wanted == last || (*tracker).toward == select(UP, DOWN, falls)) {
        return WHOLE;
    }
    if (kind == 1u) {
        return 0u;
    }
    var room: u32;
    var way: u32;
    if (falls) {
        let down = (*tracker).high - min((*tracker).high, SLACK);
        room = (last - min(last, down)) / 5u * 2u;
        way = last - wanted;
    } else {
        let up = (*tracker).low + SLACK;
        room = up - min(up, last);
        way = wanted - last;
    }
    if (room >= way) {
        return WHOLE;
    }
    return room * WHOLE / way;
}

fn decide(place: u32) -> u32 {
    var cell = cells[place];
    let wanted = measured(place, true);
    let last = last_of(place);
    for (var kind = 0u; kind < 2u; kind++) {
        var tracker = cell.wanted[kind];
        if (follow(&tracker, kind, wanted[kind])) {
            cell.calm = 0u;
        }
        cell.wanted[kind] = tracker;
        var shown = cell.shown[kind];
        let would = shown.toward != NEW && change_of(&shown, kind, wanted[kind]) != NOWHERE;
        if (would && is_spent(&shown, cell.busy[kind]) && restrained(place)) {
            cell.held = 1u;
            cell.calm = 0u;
        }
    }
    var share = WHOLE;
    if (cell.held != 0u) {
        cell.opening = select(0u, cell.opening + limits.micros, cell.calm >= CALM);
        if (cell.opening >= OPENING) {
            cell.held = 0u;
            cell.opening = 0u;
        } else {
            let slow = clamp(limits.micros / (SLOWNESS / WHOLE), 1u, WHOLE);
            let open = cell.opening / (OPENING / 64u);
            share = slow + (((WHOLE - slow) * open * open * open) >> 18u);
            for (var kind = 0u; kind < 2u; kind++) {
                var shown = cell.shown[kind];
                if (is_spent(&shown, cell.busy[kind]) || (kind == 1u && had(&shown, MANY - 1u))) {
                    share = min(share, most(&shown, kind, wanted[kind], last[kind]));
                }
            }
        }
    }
    cells[place] = cell;
    return share;
}

// What is held is held to its edges.
fn spread(place: u32) -> u32 {
    let cell = vec2u(place % CELLS.x, place / CELLS.x);
    var least = shares[PLACES - 1u];
    for (var y = max(cell.y, 1u) - 1u; y < min(cell.y + 2u, CELLS.y); y++) {
        for (var x = max(cell.x, 1u) - 1u; x < min(cell.x + 2u, CELLS.x); x++) {
            least = min(least, shares[y * CELLS.x + x]);
        }
    }
    return least;
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
    let place = id.x;
    if (step.x == 0u) {
        if (place < CELLS.y) {
            add_row(place);
        }
        return;
    }
    if (step.x == 2u) {
        if (place < WINDOW_PLACES) {
            count(place);
        }
        return;
    }
    if (place >= PLACES || limits.limited == 0u) {
        return;
    }
    if (step.x == 1u) {
        look_back(place);
        if (place == 0u) {
            atomicAdd(&report[0], atomicExchange(&report[1], 0u));
        }
    } else if (step.x == 3u) {
        shares[place] = decide(place);
    } else if (place < PLACES - 1u) {
        let share = spread(place);
        followed[place] = share;
        if (share < WHOLE) {
            atomicMax(&report[1], 1u);
        }
    }
}
