//! Which model paints.

use super::blending::Blending;
use super::engine::Engine;
use super::loading::{Engaged, Loaded, Loading, engage};
use super::models;
use super::news::Told;
use super::plan::{Plan, Purpose};
use super::source::{self, Source};
use super::wanted::Wanted;
use crate::gan::{Latent, Version};
use crate::show::Scene;

/// The model that paints, what is mixed into it, and the one that is to take its place.
pub(super) struct Playing {
    pub(super) source: Source,
    /// The number that was asked for and answered; the source has another where it was not to be had.
    asked: Option<u16>,
    failed: Option<Failed>,
    blending: Blending,
    loading: Option<Loading>,
}

/// A model that was asked for and could not be loaded.
struct Failed {
    problem: String,
    /// Its file then; another one is tried again.
    version: Option<Version>,
    /// When that was last looked at, in [looks into the folders](models::looks).
    looked: u64,
}

impl Playing {
    fn of(source: Source) -> Self {
        Self {
            asked: source.number,
            source,
            failed: None,
            blending: Blending::default(),
            loading: None,
        }
    }

    /// Begins with the model that is wanted or, with a sentence, the first one.
    ///
    /// # Errors
    /// When neither can be loaded.
    pub(super) fn begin(number: u16, told: &mut Told) -> Result<Self, String> {
        let version = source::version(number);
        let problem = match Source::load(number) {
            Ok(source) => return Ok(Self::of(source)),
            Err(problem) => problem,
        };
        match Source::load(0) {
            Ok(source) => {
                let mut playing = Self::of(source);
                playing.fail(number, version, problem, told);
                Ok(playing)
            }
            Err(_) => Err(problem),
        }
    }

    /// Lets a new engine know what is wanted of it: it paints the source as it was loaded.
    pub(super) fn meet(&mut self, engine: &Engine, plan: Plan, told: &mut Told) {
        self.blending.forget();
        self.loading = None;
        if engine.is_makeshift
            && let Some(number) = self.asked
        {
            let model = self.source.model.clone();
            match Loading::painter(number, model, plan) {
                Ok(loading) => self.loading = Some(loading),
                Err(problem) => told.problem(problem),
            }
        }
        self.tell_name(told);
    }

    /// Has what is wanted painted. A show paints on meanwhile; a film waits for it. Whether that
    /// changes its pictures.
    pub(super) fn follow(
        &mut self,
        engine: &mut Engine,
        plan: Plan,
        wanted: &Wanted,
        told: &mut Told,
    ) -> bool {
        let number = wanted.model;
        let came = self.take_what_came(engine, number, told);
        let is_answered = self.asked == Some(number) && !self.is_worth_another_try();
        let chosen = !is_answered && self.choose(engine, number, told);
        let loaded = !is_answered && !chosen && self.load(engine, plan, number, told);
        let blended = self
            .blending
            .follow(&self.source, &mut engine.painter, wanted, told);
        came || chosen || loaded || blended
    }

    /// What is painted of `scene`.
    pub(super) fn latent(&self, scene: &Scene) -> Latent {
        scene.latent_of(self.blending.built_in_shares(&self.source))
    }

    /// Puts in its place what was loaded meanwhile.
    fn take_what_came(&mut self, engine: &mut Engine, number: u16, told: &mut Told) -> bool {
        let Some(loading) = self.loading.take_if(|loading| loading.is_finished()) else {
            return false;
        };
        told.change(|about| about.loading = None);
        let (loaded, version) = (loading.number, loading.version.clone());
        match loading.finish() {
            Ok(Loaded::Painter(engaged)) => self.engage(engine, engaged, told),
            // What nobody wants any more is let go.
            _ if loaded != number => return false,
            Ok(Loaded::Model(source, engaged)) => {
                self.source = *source;
                self.answer(number);
                self.engage(engine, engaged, told);
            }
            Err(problem) => {
                self.fail(number, version, problem, told);
                return false;
            }
        }
        true
    }

    /// Paints the look with this number without loading anything, where it is of the family that
    /// paints, or is what paints.
    fn choose(&mut self, engine: &mut Engine, number: u16, told: &mut Told) -> bool {
        let paints_already = self.source.number == Some(number);
        if !paints_already && !self.source.choose(number) {
            return false;
        }
        self.answer(number);
        // A painter for the family is wanted still.
        let model = self.loading.take_if(|loading| loading.is_model);
        if model.is_some() {
            told.change(|about| about.loading = None);
        }
        self.choose_look(engine);
        self.tell_name(told);
        true
    }

    /// Loads the model with this number; whether it paints already.
    fn load(&mut self, engine: &mut Engine, plan: Plan, number: u16, told: &mut Told) -> bool {
        // One at a time.
        if self.loading.is_some() {
            return false;
        }
        let version = source::version(number);
        if plan.purpose == Purpose::Film {
            match Source::load(number) {
                Ok(source) => {
                    let engaged = engage(&source.model, plan);
                    self.source = source;
                    self.answer(number);
                    self.engage(engine, engaged, told);
                    return true;
                }
                Err(problem) => self.fail(number, version, problem, told),
            }
            return false;
        }
        match Loading::model(number, version.clone(), plan) {
            Ok(loading) => {
                self.loading = Some(loading);
                told.change(|about| about.loading = source::named(number));
            }
            Err(problem) => self.fail(number, version, problem, told),
        }
        false
    }

    fn engage(&mut self, engine: &mut Engine, (painter, who_paints): Engaged, told: &mut Told) {
        (engine.painter, engine.is_makeshift) = (painter, false);
        // Another look may have been chosen while it was made ready.
        self.choose_look(engine);
        told.change(|about| about.painter = who_paints);
        self.tell_name(told);
    }

    fn choose_look(&mut self, engine: &mut Engine) {
        self.blending.forget();
        if let Some(look) = &self.source.look {
            engine.painter.choose(&look.shares);
        }
    }

    fn tell_name(&self, told: &mut Told) {
        let name = &self.source.model.info.name;
        told.change(|about| about.model.clone_from(name));
    }

    fn answer(&mut self, number: u16) {
        (self.asked, self.failed) = (Some(number), None);
    }

    /// Goes on with what paints. The same sentence is told once.
    fn fail(&mut self, number: u16, version: Option<Version>, problem: String, told: &mut Told) {
        let known = self.failed.as_ref().map(|failed| &failed.problem);
        if known != Some(&problem) {
            told.problem(format!("{problem}; {} paints", self.source.model.info.name));
        }
        self.asked = Some(number);
        self.failed = Some(Failed {
            problem,
            version,
            looked: models::looks(),
        });
    }

    /// Whether the model that could not be loaded has come, or has changed.
    fn is_worth_another_try(&mut self) -> bool {
        let (Some(failed), Some(number)) = (&mut self.failed, self.asked) else {
            return false;
        };
        let looks = models::looks();
        if std::mem::replace(&mut failed.looked, looks) == looks {
            return false;
        }
        source::version(number) != failed.version
    }
}
