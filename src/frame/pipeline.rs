//! Scene in, picture out.

use super::engine::{Engine, usual_size};
use super::news::{About, News, Told};
use super::plan::{Plan, Purpose};
use super::playing::Playing;
use super::pool::Pool;
use super::stage::Stage;
use super::wanted::Wanted;
use crate::gan::Image;
use crate::gpu::GpuContext;
use crate::gpu::shaders::Watch;
use crate::render::Picture;
use crate::show::Scene;
use std::sync::Arc;
use std::time::Instant;

/// Makes picture after picture.
pub struct Pipeline {
    plan: Plan,
    told: Told,
    playing: Option<Playing>,
    engine: Option<Engine>,
    image: Image,
    pool: Pool,
    stage: Stage,
    /// What was painted last, and what it shows.
    last: Option<(Arc<Picture>, Scene)>,
    /// Pictures of the same scene before it that were made in the same way.
    same: usize,
    /// Whether the last picture failed, so that all but the model is made anew.
    broken: bool,
    shaders: Watch,
}

impl Pipeline {
    /// Opens nothing before the first picture.
    pub fn new(plan: Plan) -> Self {
        Self {
            plan,
            told: Told::default(),
            playing: None,
            engine: None,
            image: Image::default(),
            pool: Pool::default(),
            stage: Stage::default(),
            last: None,
            same: 0,
            broken: false,
            shaders: Watch::default(),
        }
    }

    /// Makes the picture of `scene`, `dt` seconds after the last one: that one again where it would be
    /// the same. What went wrong and did not keep it from that is [told](Self::take_news).
    ///
    /// # Errors
    /// When it cannot be made, in a sentence; the next one is tried with everything made anew.
    pub fn picture(
        &mut self,
        scene: &Scene,
        wanted: &Wanted,
        dt: f32,
    ) -> Result<Arc<Picture>, String> {
        let light = self.stage.light(wanted.blackout, wanted.fade, dt);
        let keeps = wanted.still && self.standing(wanted).is_some();
        // What is not painted needs nobody who could; but whoever is there stays ready.
        let idle = light <= 0.0 || keeps;
        if self.engine.is_some() || !idle {
            let ready = self.prepare(wanted);
            match ready {
                Err(problem) if idle => self.told.problem(problem),
                ready => ready?,
            }
        }
        if light <= 0.0 {
            let size = self.size(wanted);
            let last = self.last.as_ref().map(|(last, _)| last);
            let dark = self.stage.darken(last, scene, dt, &mut self.pool, size);
            // What cannot be told of a card that is gone is dark all the same.
            return Ok(dark.unwrap_or_else(|_| self.pool.black(size)));
        }
        if (wanted.still || self.has_settled(scene, wanted))
            && let Some(last) = self.standing(wanted)
        {
            return self.seen_again(&last, scene, dt);
        }
        let mut picture = self.pool.take();
        if let Err(problem) = self.make(scene, light, dt, &mut picture) {
            self.broken = true;
            if self.plan.purpose == Purpose::Show {
                return Err(problem);
            }
            self.told.problem(problem);
            self.prepare(wanted)?;
            self.make(scene, light, dt, &mut picture)?;
        }
        if light < 1.0 {
            let last = self.painted(picture, scene);
            return self.seen_again(&last, scene, dt);
        }
        Ok(self.painted(picture, scene))
    }

    /// Whether the last picture was held back, as it flashed too often.
    pub fn holds_back(&mut self) -> bool {
        self.stage.holds_back()
    }

    fn seen_again(
        &mut self,
        last: &Arc<Picture>,
        scene: &Scene,
        dt: f32,
    ) -> Result<Arc<Picture>, String> {
        let seen = self.stage.again(last, scene, dt, &mut self.pool);
        seen.map_err(|error| {
            self.broken = true;
            error.to_string()
        })
    }

    /// What has happened since this was last asked.
    pub fn take_news(&mut self) -> News {
        self.told.take()
    }

    /// Who makes the pictures.
    pub fn about(&self) -> &About {
        self.told.about()
    }

    /// The graphics card that makes them.
    pub fn card(&self) -> Option<&Arc<GpuContext>> {
        self.engine.as_ref()?.card()
    }

    /// Sees that those who are wanted paint and render.
    fn prepare(&mut self, wanted: &Wanted) -> Result<(), String> {
        let (plan, told) = (self.plan, &mut self.told);
        if let Some(why) = self.engine.as_ref().and_then(Engine::lost) {
            told.problem(format!("the graphics device is made anew: {why}"));
            self.engine = None;
        }
        if std::mem::take(&mut self.broken) {
            self.engine = None;
        }
        let playing = match &mut self.playing {
            Some(playing) => playing,
            none => none.insert(Playing::begin(wanted.model, told)?),
        };
        let engine = match &mut self.engine {
            Some(engine) => {
                let size = wanted.size.unwrap_or_else(|| engine.usual_size());
                if engine.size != size {
                    engine.resize(plan, size, told)?;
                    self.same = 0;
                }
                engine
            }
            none => {
                let engine = Engine::open(plan, &playing.source.model, wanted.size, told)?;
                self.same = 0;
                let engine = none.insert(engine);
                playing.meet(engine, plan, told);
                engine
            }
        };
        if plan.purpose == Purpose::Show && engine.card().is_some() {
            let saved = self.shaders.saved(Instant::now());
            let is_painters = |name: &String| name.starts_with("generator_");
            let (painters, passes): (Vec<_>, Vec<_>) = saved.into_iter().partition(is_painters);
            if !painters.is_empty() {
                engine.paint_anew(&playing.source.model, plan, told);
                playing.meet(engine, plan, told);
                told.problem(format!("{} was read again", painters.join(", ")));
                self.same = 0;
            }
            if !passes.is_empty() {
                told.problem(engine.recompile(&passes));
                self.same = 0;
            }
        }
        if playing.follow(engine, plan, wanted, told) {
            self.same = 0;
        }
        Ok(())
    }

    fn make(
        &mut self,
        scene: &Scene,
        light: f32,
        dt: f32,
        picture: &mut Picture,
    ) -> Result<(), String> {
        let (Some(engine), Some(playing)) = (&mut self.engine, &self.playing) else {
            return Err("nothing paints".to_owned());
        };
        let latent = playing.latent(scene);
        engine.picture((scene, &latent), dt, &mut self.image, picture)?;
        // In less light it is a copy of it that is seen.
        if light < 1.0 {
            return Ok(());
        }
        let shown = self.stage.show(picture, scene, dt);
        shown.map_err(|error| error.to_string())
    }

    /// Keeps what was painted.
    fn painted(&mut self, picture: Picture, scene: &Scene) -> Arc<Picture> {
        let picture = Arc::new(picture);
        let last = self.last.replace((Arc::clone(&picture), scene.clone()));
        let same = last.as_ref().is_some_and(|(_, before)| before == scene);
        self.same = if same { self.same + 1 } else { 0 };
        if let Some((gone, _)) = last {
            self.pool.put(gone);
        }
        picture
    }

    /// Whether another picture of `scene` would be the last one again: nothing is left of what was
    /// before.
    fn has_settled(&self, scene: &Scene, wanted: &Wanted) -> bool {
        self.same > wanted.memory && self.last.as_ref().is_some_and(|(_, last)| last == scene)
    }

    /// The last picture, where it has the size that is wanted.
    fn standing(&self, wanted: &Wanted) -> Option<Arc<Picture>> {
        let (last, _) = self.last.as_ref()?;
        (last.size() == self.size(wanted)).then(|| Arc::clone(last))
    }

    fn size(&self, wanted: &Wanted) -> [usize; 2] {
        let usual = || match &self.engine {
            Some(engine) => engine.usual_size(),
            None => usual_size(self.about().on_card),
        };
        wanted.size.unwrap_or_else(usual)
    }
}

#[cfg(test)]
mod tests;
