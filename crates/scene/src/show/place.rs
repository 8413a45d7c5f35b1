//! Where a song is by its own count, which its player may say.

/// What whoever plays a song says of where it is, at one hop.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Place {
    /// It began with the first sample that was heard.
    #[default]
    Heard,
    /// So many seconds from its beginning, and it goes on.
    At(f64),
    /// It stands still.
    Stands,
}

/// Parts of a second in which a place is told: one that is reached in two ways, which differs in a sum's last
/// digit, is one place.
const FINENESS: f64 = (1 << 20) as f64;

/// A place that nobody is at: before every song.
const NOWHERE: f64 = -1.0;

/// Where a song is, from hop to hop.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Follower {
    before: Stretch,
    now: Stretch,
}

/// A song from a hop on.
#[derive(Clone, Copy, Debug, Default)]
struct Stretch {
    /// Sample position of the hop.
    from: u64,
    place: Kept,
}

/// What is known of a stretch.
#[derive(Clone, Copy, Debug, Default)]
enum Kept {
    #[default]
    Heard,
    Goes(f64),
    Stands(f64),
}

impl Follower {
    /// Takes in what is said at a hop's position.
    pub(super) fn follow(&mut self, position: u64, place: Place, sample_rate: f64) {
        let stood = match self.now.place {
            Kept::Heard => NOWHERE,
            _ => self.at(position, sample_rate),
        };
        self.before = self.now;
        self.now = Stretch {
            from: position,
            place: match place {
                Place::Heard => Kept::Heard,
                Place::At(seconds) if seconds.is_finite() => Kept::Goes(seconds),
                Place::At(_) | Place::Stands => Kept::Stands(stood),
            },
        };
    }

    /// Seconds of the song at a sample position, not earlier than a hop before the last one.
    pub(super) fn at(&self, position: u64, sample_rate: f64) -> f64 {
        let stretch = if position < self.now.from {
            &self.before
        } else {
            &self.now
        };
        match stretch.place {
            Kept::Heard => position as f64 / sample_rate,
            Kept::Stands(seconds) => seconds,
            Kept::Goes(seconds) => {
                let since = (position as f64 - stretch.from as f64) / sample_rate;
                ((seconds + since) * FINENESS).round() / FINENESS
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: f64 = 1000.0;

    #[test]
    fn a_song_is_where_its_player_says_between_hops_and_through_jumps_and_stops() {
        let mut follower = Follower::default();
        let is_at = |follower: &Follower, position, seconds: f64| {
            (follower.at(position, RATE) - seconds).abs() < 1e-6
        };
        assert!(is_at(&follower, 500, 0.5), "all of it was heard");
        follower.follow(500, Place::Stands, RATE);
        assert!(follower.at(600, RATE) < 0.0, "nobody has played it");
        follower.follow(600, Place::At(90.0), RATE);
        assert!(is_at(&follower, 650, 90.05));
        follower.follow(700, Place::At(12.5), RATE);
        assert!(is_at(&follower, 690, 90.09) && is_at(&follower, 710, 12.51));
        follower.follow(800, Place::Stands, RATE);
        assert!(is_at(&follower, 850, 12.6) && is_at(&follower, 5000, 12.6));
        follower.follow(900, Place::At(f64::NAN), RATE);
        assert!(is_at(&follower, 950, 12.6));
    }
}
