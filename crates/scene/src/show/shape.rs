//! What the song's form makes of the picture: a build-up narrows it and a drop opens it, silence holds its breath.

use super::envelope::follow;
use crate::control::Controls;
use crate::motion::{Camera, Grade, Warp};
use crate::signal::FormPoint;

/// Seconds in which a picture narrows, and in which it is let go (time constants).
const NARROW_SECONDS: f64 = 0.4;
const LET_GO_SECONDS: f64 = 0.06;

/// Seconds in which a picture holds its breath, and in which it breathes on.
const BREATH_SECONDS: f64 = 0.7;
const BREATHE_ON_SECONDS: f64 = 0.12;

/// Seconds before a drop in which all is drawn in, where it is known to come; and in which its opening has
/// halved.
const DRAWN_IN_SECONDS: f32 = 1.2;
const OPEN_HALF_LIFE: f32 = 0.9;

/// How far a full build-up zooms in, and, of what is left of each, takes away colour, variety and light at the
/// corners.
const NARROW_ZOOM: f32 = 0.35;
const NARROW_COLOUR: f32 = 0.45;
const NARROW_VARIETY: f32 = 0.35;
const NARROW_VIGNETTE: f32 = 0.55;

/// Light that is taken right before a drop, in full scales.
const DRAWN_IN_LIGHT: f32 = 0.14;

/// What a full drop adds to colour, and to light in full scales; how far it opens the view, and the ripple that it
/// sends through it, picture heights.
const OPEN_COLOUR: f32 = 0.45;
const OPEN_LIGHT: f32 = 0.05;
const OPEN_ZOOM: f32 = 0.10;
const OPEN_RIPPLE: f32 = 0.045;

/// Picture heights that its ripple goes in a second.
const RIPPLE_SPEED: f32 = 0.9;

/// How far the view comes nearer while the music holds its breath, and what is left then of its liquid motion.
const BREATH_ZOOM: f32 = 0.05;
const BREATH_WARP: f32 = 0.35;

/// Follows the form of a song.
#[derive(Clone, Debug, Default)]
pub(super) struct FormFollower {
    /// The last hop, seconds, and what was true then.
    heard: f64,
    form: FormPoint,
    build: f32,
    breath: f32,
}

/// What the form does at one moment; all 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Shape {
    /// How narrow it is.
    pub(super) narrow: f32,
    /// How near the drop is.
    pub(super) drawn_in: f32,
    /// How open, and seconds since it began to be.
    pub(super) open: f32,
    since: f32,
    /// How much the music holds its breath.
    pub(super) breath: f32,
}

/// How much each of them counts, 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Weights {
    pub(super) build_up: f32,
    pub(super) drop: f32,
    pub(super) breath: f32,
}

impl Weights {
    pub fn of(controls: &Controls) -> Self {
        Self {
            build_up: controls.build_up,
            drop: controls.drop,
            breath: controls.breath,
        }
    }
}

impl FormFollower {
    /// Takes in where in its form the song is.
    pub(super) fn follow(&mut self, seconds: f64, form: &FormPoint) {
        let dt = (seconds - self.heard).max(0.0);
        self.heard = seconds;
        self.form = *form;
        let towards = |value: &mut f32, target: f32, [up, down]: [f64; 2]| {
            let pace = if target > *value { up } else { down };
            *value += follow(dt, pace) * (target - *value);
        };
        let breath = f32::from(form.breathes);
        towards(
            &mut self.build,
            form.build,
            [NARROW_SECONDS, LET_GO_SECONDS],
        );
        towards(
            &mut self.breath,
            breath,
            [BREATH_SECONDS, BREATHE_ON_SECONDS],
        );
    }

    /// How much the music holds its breath, 0 to 1.
    pub(super) fn breath(&self) -> f32 {
        self.breath
    }

    /// What it does at a moment after the last hop.
    pub(super) fn at(&self, seconds: f64, weights: Weights) -> Shape {
        let later = (seconds - self.heard).max(0.0) as f32;
        let since = self.form.since_drop.map(|since| since + later);
        let until = self.form.until_drop.map(|until| until - later);
        let drawn_in = until.map_or(0.0, |until| 1.0 - until / DRAWN_IN_SECONDS);
        let open = since.map_or(0.0, |since| (-since / OPEN_HALF_LIFE).exp2());
        Shape {
            // A build-up is felt more and more, and most of all at its end.
            narrow: weights.build_up * self.build * self.build,
            drawn_in: weights.drop * drawn_in.clamp(0.0, 1.0).powi(2),
            open: weights.drop * self.form.drop * open,
            since: since.unwrap_or(0.0),
            breath: weights.breath * self.breath,
        }
    }
}

impl Shape {
    /// How far pictures may stray, of `truncation`.
    pub(super) fn varied(&self, truncation: f32) -> f32 {
        truncation * (1.0 - NARROW_VARIETY * self.narrow)
    }

    pub(super) fn framed(&self, camera: Camera) -> Camera {
        let near = 1.0 + NARROW_ZOOM * self.narrow + BREATH_ZOOM * (self.breath + self.drawn_in);
        Camera {
            zoom: camera.zoom * near * (1.0 - OPEN_ZOOM * self.open),
            ..camera
        }
    }

    pub(super) fn bent(&self, warp: Warp) -> Warp {
        let still = self.breath.max(self.drawn_in);
        let ripple = OPEN_RIPPLE * self.open;
        Warp {
            amount: warp.amount * (1.0 - (1.0 - BREATH_WARP) * still),
            ripple: warp.ripple.max(ripple),
            ripple_radius: if ripple > warp.ripple {
                RIPPLE_SPEED * self.since
            } else {
                warp.ripple_radius
            },
            ..warp
        }
    }

    pub(super) fn graded(&self, grade: Grade) -> Grade {
        let light = OPEN_LIGHT * self.open - DRAWN_IN_LIGHT * self.drawn_in;
        let colour = (1.0 - NARROW_COLOUR * self.narrow) * (1.0 + OPEN_COLOUR * self.open);
        let grade = if colour == 1.0 {
            grade
        } else {
            grade.coloured(colour)
        };
        Grade {
            brightness: grade.brightness + light,
            vignette: (grade.vignette + NARROW_VIGNETTE * self.narrow).min(1.0),
            ..grade
        }
    }
}
