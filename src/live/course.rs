//! What was heard of a song so far, for whoever looks at it as a whole.

/// Seconds from one cell to the next, and the longest song of which all is kept, cells.
const CELL: f64 = 0.25;
const LONGEST: usize = 4 * 3600 * 4;

/// What was heard in a quarter of a second.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cell {
    /// The loudest peak, 0 to 1.
    pub level: f32,
    /// Valence and arousal.
    pub mood: [f32; 2],
}

/// A song's course, growing as it plays; what is played again stands for what was heard before.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Course {
    cells: Vec<Option<Cell>>,
    /// The cell that was heard last.
    last: Option<usize>,
}

impl Course {
    /// Takes in what is heard at a second of the song; before it begins, nothing.
    pub(crate) fn hear(&mut self, seconds: f64, level: f32, mood: [f32; 2]) {
        let at = seconds / CELL;
        if !(0.0..LONGEST as f64).contains(&at) {
            self.last = None;
            return;
        }
        let at = at as usize;
        if self.cells.len() <= at {
            self.cells.resize(at + 1, None);
        }
        let level = level.clamp(0.0, 1.0);
        let before = self.cells[at].filter(|_| self.last == Some(at));
        self.last = Some(at);
        self.cells[at] = Some(Cell {
            level: before.map_or(level, |before| before.level.max(level)),
            mood,
        });
    }

    /// What was heard at a second.
    pub fn at(&self, seconds: f64) -> Option<Cell> {
        let at = (seconds / CELL).floor();
        (at >= 0.0).then(|| self.cells.get(at as usize).copied().flatten())?
    }

    /// Up to which second anything was heard.
    pub fn seconds(&self) -> f64 {
        self.cells.len() as f64 * CELL
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_grows_with_the_song_keeps_the_loudest_and_hears_anew_what_is_played_again() {
        let mut course = Course::default();
        for n in 0..400 {
            let seconds = f64::from(n) * 0.1;
            course.hear(
                seconds,
                if n == 201 { 0.9 } else { 0.2 },
                [0.1, seconds as f32],
            );
        }
        assert_eq!(course.seconds(), 40.0);
        assert_eq!(course.at(20.1).map(|cell| cell.level), Some(0.9));
        assert_eq!(course.at(10.0).map(|cell| cell.level), Some(0.2));
        assert!(course.at(40.0).is_none() && course.at(-1.0).is_none());
        course.hear(20.1, 0.3, [0.5, 0.5]);
        assert_eq!(
            course.at(20.2),
            Some(Cell {
                level: 0.3,
                mood: [0.5, 0.5]
            })
        );
        let before = course.clone();
        for seconds in [-1.0, f64::NAN, f64::INFINITY, 1e9] {
            course.hear(seconds, 1.0, [0.0; 2]);
        }
        assert_eq!(course.seconds(), before.seconds());
    }
}
