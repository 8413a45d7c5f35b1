//! A film by one model: one picture is painted while the one before is rendered and the one before
//! that is taken.

use super::engine::Engine;
use super::news::{About, Told};
use super::plan::Plan;
use crate::gan::{Generator, Image, Model, SampleError};
use crate::render::{Limiter, Picture, RenderError, Renderer};
use crate::show::Scene;
use crossbeam_channel::{Receiver, Sender, bounded};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Instant;

/// Pictures that may wait between two threads.
const AHEAD: usize = 3;

/// Who makes the pictures of a film by one model, of one size.
pub struct FilmPipeline {
    engine: Engine,
    limiter: Limiter,
    about: About,
    /// How much of each look of the built-in family it paints.
    shares: Option<Vec<f32>>,
}

impl FilmPipeline {
    /// Makes all ready.
    ///
    /// # Errors
    /// When nothing can make such pictures, or a graphics card was asked for and cannot, in a
    /// sentence.
    pub fn open(plan: Plan, model: &Model, size: [usize; 2]) -> Result<Self, String> {
        let mut told = Told::default();
        let engine = Engine::open(plan, model, Some(size), &mut told)?;
        Ok(Self {
            engine,
            limiter: Limiter::default(),
            about: told.about().clone(),
            shares: model.built_in_shares().map(<[f32]>::to_vec),
        })
    }

    /// Who makes the pictures.
    pub fn about(&self) -> &About {
        &self.about
    }

    /// How many pictures so far were held back, as they flashed too often.
    pub fn held(&mut self) -> u64 {
        self.limiter.held()
    }

    /// Who paints and who renders.
    pub fn stages(&mut self) -> Stages<'_> {
        Stages {
            painter: &mut self.engine.painter,
            renderer: &mut *self.engine.renderer,
            limiter: &mut self.limiter,
            shares: self.shares.as_deref(),
        }
    }
}

/// Nanoseconds that each stage has worked, added up over pictures.
#[derive(Debug, Default)]
pub struct StageTimes {
    pub painting: AtomicU64,
    pub rendering: AtomicU64,
}

impl StageTimes {
    /// Does `work` and adds its time to `total`.
    pub fn clocked<T>(total: &AtomicU64, work: impl FnOnce() -> T) -> T {
        let started = Instant::now();
        let result = work();
        total.fetch_add(started.elapsed().as_nanos() as u64, Ordering::Relaxed);
        result
    }
}

/// Who paints and who renders.
pub struct Stages<'a> {
    pub painter: &'a mut dyn Generator,
    pub renderer: &'a mut dyn Renderer,
    /// Who sees to it that pictures do not flash too often.
    pub limiter: &'a mut Limiter,
    /// How much of each look of the built-in family is painted; none where it is another painter.
    pub shares: Option<&'a [f32]>,
}

/// Why pictures ended before the film.
#[derive(Debug)]
pub enum Halt<E> {
    /// There was no scene to paint.
    Composing(E),
    Painting(SampleError),
    Rendering(RenderError),
    /// The part of this name panicked.
    Panicked(&'static str),
}

/// One picture on its way.
struct Frame<T> {
    scene: Scene,
    image: Image,
    picture: Picture,
    label: T,
}

/// The pictures, for whoever takes them.
pub struct Rendered<'a, T> {
    frames: Receiver<Frame<T>>,
    spare: Sender<Frame<T>>,
    all_rendered: &'a AtomicBool,
}

impl<T> Rendered<'_, T> {
    /// Gives each picture and its label to `take`, in their order, until there are no more or it wants
    /// none, which is false. True where all that was composed has come.
    pub fn each(&self, mut take: impl FnMut(&Picture, &T) -> bool) -> bool {
        for frame in &self.frames {
            if !take(&frame.picture, &frame.label) {
                return false;
            }
            // The painter may have gone; then nobody needs the buffers.
            let _ = self.spare.try_send(frame);
        }
        self.all_rendered.load(Ordering::Acquire)
    }
}

impl Stages<'_> {
    /// Paints scene after scene that `compose` gives, on this thread, until there are none; renders
    /// each, `dt` seconds after the one before, on a second; and has `take` take them on a third.
    /// Channels between them are short, so memory stays flat, and buffers go round.
    ///
    /// Gives what `take` gave, and whether all was painted and rendered.
    pub fn overlap<T: Send, R: Send, E>(
        self,
        dt: f32,
        work: &StageTimes,
        mut compose: impl FnMut() -> Result<Option<(Scene, T)>, E>,
        take: impl FnOnce(&Rendered<'_, T>) -> R + Send,
    ) -> (Result<R, Halt<E>>, Result<(), Halt<E>>) {
        let Self {
            painter,
            renderer,
            limiter,
            shares,
        } = self;
        let (to_renderer, painted) = bounded::<Frame<T>>(AHEAD);
        let (to_taker, rendered) = bounded::<Frame<T>>(AHEAD);
        let (recycle, spare) = bounded::<Frame<T>>(2 * AHEAD + 3);
        // Set by the stages that have done all their work, before they hang up: a channel that closes
        // early must not pass for the end of the film.
        let (all_painted, all_rendered) = (&AtomicBool::new(false), &AtomicBool::new(false));
        std::thread::scope(|scope| {
            let rendering = scope.spawn(move || {
                for mut frame in painted {
                    StageTimes::clocked(&work.rendering, || {
                        let Frame {
                            scene,
                            image,
                            picture,
                            ..
                        } = &mut frame;
                        renderer.render(scene, image, dt, picture)?;
                        limiter.limit(scene, 1.0, dt, picture)
                    })?;
                    // It comes from a card while the next one is made.
                    frame.picture.fetch();
                    if to_taker.send(frame).is_err() {
                        break;
                    }
                }
                all_rendered.store(all_painted.load(Ordering::Acquire), Ordering::Release);
                Ok::<_, RenderError>(())
            });
            let taking = scope.spawn(move || {
                take(&Rendered {
                    frames: rendered,
                    spare: recycle,
                    all_rendered,
                })
            });
            let mut paint = || {
                while let Some((scene, label)) = compose().map_err(Halt::Composing)? {
                    let (mut image, picture) = match spare.try_recv() {
                        Ok(used) => (used.image, used.picture),
                        Err(_) => Default::default(),
                    };
                    StageTimes::clocked(&work.painting, || {
                        painter.sample(&scene.latent_of(shares), &mut image)
                    })
                    .map_err(Halt::Painting)?;
                    let frame = Frame {
                        scene,
                        image,
                        picture,
                        label,
                    };
                    if to_renderer.send(frame).is_err() {
                        break;
                    }
                }
                Ok(())
            };
            let painting = paint();
            all_painted.store(painting.is_ok(), Ordering::Release);
            drop(to_renderer);
            let rendering = match rendering.join() {
                Ok(rendering) => rendering.map_err(Halt::Rendering),
                Err(_) => Err(Halt::Panicked("renderer")),
            };
            let taken = taking.join().map_err(|_| Halt::Panicked("encoder"));
            (taken, rendering.and(painting))
        })
    }
}
