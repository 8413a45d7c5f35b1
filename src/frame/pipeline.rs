//! Scene in, picture out.

use super::engine::{Engine, usual_size};
use super::news::{About, News, Told};
use super::plan::{Plan, Purpose};
use super::playing::Playing;
use super::pool::Pool;
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
        let keeps = wanted.still && self.standing(wanted).is_some();
        // What is not painted needs nobody who could; but whoever is there stays ready.
        let idle = wanted.blackout || keeps;
        if self.engine.is_some() || !idle {
            let ready = self.prepare(wanted);
            match ready {
                Err(problem) if idle => self.told.problem(problem),
                ready => ready?,
            }
        }
        if wanted.blackout {
            return Ok(self.pool.black(self.size(wanted)));
        }
        if (wanted.still || self.has_settled(scene, wanted))
            && let Some(last) = self.standing(wanted)
        {
            return Ok(last);
        }
        let mut picture = self.pool.take();
        if let Err(problem) = self.make(scene, dt, &mut picture) {
            self.broken = true;
            if self.plan.purpose == Purpose::Show {
                return Err(problem);
            }
            self.told.problem(problem);
            self.prepare(wanted)?;
            self.make(scene, dt, &mut picture)?;
        }
        Ok(self.painted(picture, scene))
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

    fn make(&mut self, scene: &Scene, dt: f32, picture: &mut Picture) -> Result<(), String> {
        let (Some(engine), Some(playing)) = (&mut self.engine, &self.playing) else {
            return Err("nothing paints".to_owned());
        };
        let latent = playing.latent(scene);
        engine.picture((scene, &latent), dt, &mut self.image, picture)
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
mod tests {
    use super::*;
    use crate::motion::Toward;
    use crate::render::trails;
    use crate::show::{Controls, Timeline};

    const SIZE: [usize; 2] = [64, 36];

    fn wanted() -> Wanted {
        Wanted {
            model: 0,
            blend_with: 1,
            blend: 0.0,
            size: Some(SIZE),
            blackout: false,
            still: false,
            memory: 0,
        }
    }

    fn scene(seed: u64) -> Scene {
        Timeline::new(seed, 48_000.0).scene(0, &Controls::default())
    }

    fn plan() -> Plan {
        Plan {
            prefer: crate::gpu::Prefer::Cpu,
            ..Plan::film()
        }
    }

    #[test]
    fn what_was_frozen_is_there_again_after_a_blackout() {
        let mut pipeline = Pipeline::new(plan());
        let mut paint = |still, blackout| {
            let wanted = Wanted {
                still,
                blackout,
                ..wanted()
            };
            pipeline
                .picture(&scene(1), &wanted, 0.1)
                .expect("a picture")
        };
        let is_black = |picture: &Picture| {
            let pixels = picture.pixels().expect("nothing is lost");
            pixels.rgba.chunks(4).all(|p| p[..3] == [0; 3])
        };
        let lit = paint(false, false);
        assert!(!is_black(&lit));
        assert!(is_black(&paint(true, true)));
        assert!(Arc::ptr_eq(&paint(true, false), &lit));
    }

    #[test]
    fn a_picture_is_painted_again_until_nothing_is_left_of_what_was_before() {
        // Long from picture to picture, since each takes its time.
        let dt = 0.5;
        let memory = trails::memory_frames(0.2, 1.0 / dt);
        let wanted = Wanted { memory, ..wanted() };
        let mut pipeline = Pipeline::new(plan());
        let mut paint = |scene: &Scene| {
            let painted = pipeline.picture(scene, &wanted, dt);
            painted.expect("a picture")
        };
        let (one, mut two) = (scene(1), scene(2));
        two.trails = 0.2;
        paint(&one);
        let mut last = paint(&two);
        let mut painted = 1;
        loop {
            let next = paint(&two);
            if Arc::ptr_eq(&next, &last) {
                break;
            }
            (last, painted) = (next, painted + 1);
        }
        assert_eq!(painted, 2 + memory);
        let mut anew = Pipeline::new(plan());
        let fresh = anew.picture(&two, &wanted, dt).expect("a picture");
        assert!(*fresh == *last, "something of what was before is left");
    }

    #[test]
    fn a_shader_that_is_saved_is_what_renders_and_paints_and_a_broken_one_is_told_of() {
        let built_in = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("shaders");
        let folder = tempfile::tempdir().expect("a folder");
        // What the folder lacks is as it was built in.
        let [finish, layer] = ["finish.wgsl", "generator_layer.wgsl"].map(|name| {
            let text = std::fs::read_to_string(built_in.join(name)).expect("a shader");
            let path = folder.path().join(name);
            std::fs::write(&path, &text).expect("a copy");
            (path, text)
        });
        crate::gpu::shaders::read_from(folder.path()).expect("shaders");
        let mut pipeline = Pipeline::new(Plan::show());
        let mut paint = || {
            let picture = pipeline.picture(&scene(1), &wanted(), 0.1);
            let picture = picture.expect("a picture");
            let pixels = picture.pixels().expect("nothing is lost");
            let light = pixels.rgba.chunks(4).map(|p| u64::from(p[0]));
            let told = pipeline.take_news().problems.join("\n");
            (light.sum::<u64>(), told, pipeline.about().clone())
        };
        let (light, _, about) = paint();
        if !about.on_card {
            crate::gpu::shaders::read_no_more();
            return; // There is no adapter on this machine.
        }
        let mut save = |path: &std::path::Path, text: &str| {
            std::thread::sleep(std::time::Duration::from_millis(250));
            std::fs::write(path, text).expect("a shader");
            let (light, told, _) = paint();
            let start = Instant::now();
            // The processor paints until the card is ready or has refused.
            loop {
                let (_, _, about) = paint();
                if !about.painter.starts_with("The CPU paints while") {
                    return (light, told, about.painter);
                }
                assert!(start.elapsed().as_secs() < 120, "{}", about.painter);
                std::thread::sleep(std::time::Duration::from_millis(20));
            }
        };
        let dark = finish.1.replace("return ", "return 0.0 * ");
        assert_ne!(dark, finish.1);
        let (lit, told, _) = save(&finish.0, &dark);
        assert!(lit < light / 100, "{lit} of {light}: {told}");
        assert_eq!(told, "finish.wgsl was read again");
        let (lit, told, _) = save(&finish.0, "this is no shader");
        assert!(lit < light / 100, "{lit} of {light}");
        let expected = "finish.wgsl was not understood in `this is no shader`: expected ";
        assert!(told.starts_with(expected), "{told}");
        // Who paints may have changed meanwhile, which is seen in the last digit.
        let (lit, told, _) = save(&finish.0, &finish.1);
        let difference = lit.abs_diff(light);
        assert!(difference < light / 100, "{lit} of {light}: {told}");

        let (_, told, painter) = save(&layer.0, "this is no shader");
        assert_eq!(told, "generator_layer.wgsl was read again");
        assert!(painter.starts_with("The CPU paints: "), "{painter}");
        assert!(painter.contains("`this is no shader`"), "{painter}");
        let (.., painter) = save(&layer.0, &layer.1);
        crate::gpu::shaders::read_no_more();
        assert!(!painter.contains("CPU"), "{painter}");
    }

    #[test]
    fn words_lead_to_the_place_of_the_look_that_paints() {
        let place = |seed| scene(seed).latent.z.first_chunk().copied().expect("longer");
        let spots: Arc<[_]> = (0..7).map(|look| place(10 + look)).collect();
        let mut led = scene(1);
        led.toward = Some(Toward {
            walk: place(1),
            before: Arc::clone(&spots),
            now: spots,
            came: 1.0,
            share: 1.0,
        });
        let painted = |scene: &Scene, look, blend| {
            let wanted = Wanted {
                model: look,
                blend_with: 1,
                blend,
                ..wanted()
            };
            let picture = Pipeline::new(plan()).picture(scene, &wanted, 0.1);
            picture.expect("a picture")
        };
        for (look, blend) in [(0, 0.0), (2, 0.0), (0, 0.5)] {
            let mut there = scene(1);
            let mut shares = [0.0; 7];
            shares[usize::from(look)] += 1.0 - blend;
            shares[1] += blend;
            there.latent = led.latent_of(Some(&shares));
            assert!(there.latent != scene(1).latent);
            assert!(*painted(&led, look, blend) == *painted(&there, look, blend));
        }
        assert!(*painted(&led, 0, 0.0) != *painted(&scene(1), 0, 0.0));
    }

    #[test]
    fn another_size_is_another_picture_even_of_a_still() {
        let mut pipeline = Pipeline::new(plan());
        let still = Wanted {
            still: true,
            ..wanted()
        };
        let first = pipeline.picture(&scene(1), &still, 0.1).expect("a picture");
        let larger = Wanted {
            size: Some([96, 54]),
            ..still
        };
        let second = pipeline.picture(&scene(1), &larger, 0.1).expect("one more");
        assert_eq!((first.size(), second.size()), (SIZE, [96, 54]));
        assert_eq!(pipeline.take_news().problems, Vec::<String>::new());
        assert_eq!(pipeline.about().size, [96, 54]);
    }
}
