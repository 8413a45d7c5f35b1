//! What is seen of pictures: how much of their light, and no more flashes than eyes should see.

use super::pool::Pool;
use crate::flashes::limits::MEMORY;
use crate::render::{Limiter, Picture, RenderError};
use crate::show::Scene;
use std::sync::Arc;

/// The last step before anybody sees a picture. It is told of stills and of darkness as well: a blackout that
/// comes and goes flashes, too.
pub(super) struct Stage {
    limiter: Limiter,
    /// How much light there is, 0 to 1.
    light: f32,
    /// Seconds for which the same has been seen, in the same light.
    steady: f32,
    /// What is seen.
    seen: Seen,
    /// Seconds of which the limiter was not told.
    untold: f32,
}

/// What is seen.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Seen {
    /// A picture as it was made.
    Picture,
    /// One that was seen before, or in less than all light.
    Again,
    Darkness,
}

impl Default for Stage {
    fn default() -> Self {
        Self {
            limiter: Limiter::default(),
            light: 1.0,
            steady: 0.0,
            seen: Seen::Darkness,
            untold: 0.0,
        }
    }
}

impl Stage {
    /// Lets light come or go for `dt` seconds, all of it in `fade`; how much there is then.
    pub(super) fn light(&mut self, blackout: bool, fade: f32, dt: f32) -> f32 {
        let target = if blackout { 0.0 } else { 1.0 };
        let step = if fade > 0.0 { dt.max(0.0) / fade } else { 1.0 };
        self.light += (target - self.light).clamp(-step, step);
        self.light
    }

    /// Puts on stage what was just made; none of its light is taken.
    ///
    /// # Errors
    /// As [`Limiter::limit`].
    pub(super) fn show(
        &mut self,
        picture: &mut Picture,
        scene: &Scene,
        dt: f32,
    ) -> Result<(), RenderError> {
        self.begin(Seen::Picture, dt);
        let dt = std::mem::take(&mut self.untold) + dt;
        self.limiter.limit(scene, 1.0, dt, picture)
    }

    /// What is seen of a picture that was made before, in the present light.
    ///
    /// # Errors
    /// As [`Limiter::limit`].
    pub(super) fn again(
        &mut self,
        picture: &Arc<Picture>,
        scene: &Scene,
        dt: f32,
        pool: &mut Pool,
    ) -> Result<Arc<Picture>, RenderError> {
        let lit = self.light >= 1.0;
        // What is seen already needs no telling, and it is limited already.
        if lit && (self.seen == Seen::Picture || self.rests(Seen::Again)) {
            self.seen = Seen::Picture;
            self.untold += dt;
            return Ok(Arc::clone(picture));
        }
        if !lit {
            self.steady = 0.0;
        }
        self.copy(Seen::Again, picture, scene, dt, pool)
    }

    /// What is seen where there is no light, after a picture.
    ///
    /// # Errors
    /// As [`Limiter::limit`].
    pub(super) fn darken(
        &mut self,
        last: Option<&Arc<Picture>>,
        scene: &Scene,
        dt: f32,
        pool: &mut Pool,
        size: [usize; 2],
    ) -> Result<Arc<Picture>, RenderError> {
        let last = last.filter(|last| last.size() == size);
        match last {
            Some(last) if !self.rests(Seen::Darkness) => {
                self.copy(Seen::Darkness, last, scene, dt, pool)
            }
            _ => {
                self.begin(Seen::Darkness, dt);
                self.untold += dt;
                Ok(pool.black(size))
            }
        }
    }

    /// Whether the last picture was held back.
    pub(super) fn holds_back(&mut self) -> bool {
        self.limiter.holds_back()
    }

    /// Whether the same has been seen so long that nothing is left of what was before.
    fn rests(&self, seen: Seen) -> bool {
        self.seen == seen && self.steady > MEMORY
    }

    fn begin(&mut self, seen: Seen, dt: f32) {
        self.steady = match self.seen == seen {
            true => self.steady + dt,
            false => 0.0,
        };
        self.seen = seen;
    }

    fn copy(
        &mut self,
        seen: Seen,
        picture: &Picture,
        scene: &Scene,
        dt: f32,
        pool: &mut Pool,
    ) -> Result<Arc<Picture>, RenderError> {
        self.begin(seen, dt);
        let mut copy = pool.take();
        picture.copy_to(&mut copy)?;
        let dt = std::mem::take(&mut self.untold) + dt;
        self.limiter.limit(scene, self.light, dt, &mut copy)?;
        let copy = Arc::new(copy);
        pool.put(Arc::clone(&copy));
        Ok(copy)
    }
}
