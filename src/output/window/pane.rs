//! One window, as the event loop's thread sees it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use winit::dpi::LogicalSize;
use winit::event::{ElementState, KeyEvent, MouseButton, WindowEvent};
use winit::event_loop::ActiveEventLoop;
use winit::keyboard::ModifiersState;
use winit::monitor::MonitorHandle;
use winit::window::{Fullscreen, Window, WindowId};

use super::card::Card;
use super::command::Order;
use super::cursor::Cursor;
use super::key::Wish;
use super::monitor;
use super::presenter::{DrawnBy, Outcome, Presenter, is_whole, unpanicked};
use super::processor::Processor;
use super::shared::Shared;
use super::system::{SIDES, attributes, can_be_seen};
use crate::gpu::{GpuContext, Prefer};
use crate::render::Picture;

/// How often it is asked whether a window is minimised (no system tells all ways of it) while
/// pictures come, whether an unseen one is seen again, and whether a missing monitor came back.
const LOOK_AGAIN: Duration = Duration::from_millis(500);

/// The same for one that cannot be seen: it comes back before anybody wonders.
const SEEK: Duration = Duration::from_millis(100);

/// What is left to do after an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Then {
    Stay,
    Close,
}

/// A monitor that the window is to fill, by name.
struct Stage {
    name: String,
    /// It is not plugged in; the window fills another until it is.
    missing: bool,
}

/// A window with all that it needs to draw itself.
pub(super) struct Pane {
    pub(super) id: u64,
    title: String,
    window: Arc<Window>,
    shared: Arc<Shared>,
    presenter: Option<Box<dyn Presenter>>,
    /// The picture that is up.
    picture: Option<Arc<Picture>>,
    /// Whether it was not shown yet.
    fresh: bool,
    modifiers: ModifiersState,
    cursor: Cursor,
    covered: bool,
    stage: Option<Stage>,
    /// When it was last asked what [`LOOK_AGAIN`] is about.
    looked: Instant,
}

impl Pane {
    /// Opens the window that `order` describes.
    ///
    /// # Errors
    /// When the system gives none, in words.
    pub(super) fn open(event_loop: &ActiveEventLoop, order: &Order) -> Result<Self, String> {
        let options = &order.options;
        let [width, height] = options.size.map(|side| side.clamp(SIDES[0], SIDES[1]));
        let attributes =
            attributes(&options.title).with_inner_size(LogicalSize::new(width, height));
        let window = event_loop
            .create_window(attributes)
            .map_err(|error| error.to_string())?;
        let now = Instant::now();
        let mut pane = Self {
            id: order.id,
            title: options.title.clone(),
            window: Arc::new(window),
            shared: Arc::clone(&order.shared),
            presenter: None,
            picture: None,
            fresh: false,
            modifiers: ModifiersState::empty(),
            cursor: Cursor::new(now),
            covered: false,
            stage: None,
            looked: now,
        };
        if let Some(name) = &options.fullscreen_on {
            pane.fullscreen_on(event_loop, name);
        }
        pane.choose(event_loop, order.gpu.clone(), order.prefer);
        pane.look();
        pane.shared.opened();
        pane.window.request_redraw();
        Ok(pane)
    }

    /// Whether it is the system's window `id`.
    pub(super) fn is(&self, id: WindowId) -> bool {
        self.window.id() == id
    }

    pub(super) fn shared(&self) -> &Arc<Shared> {
        &self.shared
    }

    /// Whether it fills a screen that is looked at.
    pub(super) fn is_staged(&self) -> bool {
        self.shared.is_fullscreen() && self.shared.is_visible()
    }

    /// There is a new picture.
    pub(super) fn wake(&mut self) {
        self.shared.heard();
        self.window.request_redraw();
    }

    /// Draws with `gpu` from now on where `prefer` wants it, else with the processor.
    pub(super) fn choose(
        &mut self,
        event_loop: &ActiveEventLoop,
        gpu: Option<Arc<GpuContext>>,
        prefer: Prefer,
    ) {
        let card = gpu.filter(|gpu| match prefer {
            Prefer::Auto | Prefer::Fastest => !gpu.is_software(),
            Prefer::Cpu => false,
            Prefer::Gpu => true,
        });
        // Two presenters never hold the surface at once.
        let old = self.presenter.take().map(|presenter| presenter.drawn_by());
        match card.map(|gpu| unpanicked(|| Card::new(gpu, &self.window))) {
            Some(Ok(card)) => self.hand_to(card),
            Some(Err(reason)) => self.fall_back(event_loop, old, &reason),
            None => self.leave_card(event_loop, old),
        }
        self.window.request_redraw();
    }

    /// Fills the monitor called `name`, or where there is none, the one the window is on.
    pub(super) fn fullscreen_on(&mut self, event_loop: &ActiveEventLoop, name: &str) {
        let found = monitor::called(event_loop, name);
        let missing = found.is_none();
        if missing {
            self.shared.set_trouble(format!(
                "there is no monitor called {name}: the window fills another until there is"
            ));
        }
        self.fill(found);
        self.stage = Some(Stage {
            name: name.to_owned(),
            missing,
        });
    }

    /// Fills the monitor the window is on.
    pub(super) fn fullscreen_here(&mut self) {
        self.stage = None;
        self.fill(None);
    }

    pub(super) fn leave_fullscreen(&mut self) {
        self.stage = None;
        self.window.set_fullscreen(None);
        self.cursor.wake(Instant::now());
        self.look();
    }

    fn fill(&mut self, monitor: Option<MonitorHandle>) {
        let monitor = monitor.or_else(|| self.window.current_monitor());
        self.window
            .set_fullscreen(Some(Fullscreen::Borderless(monitor)));
        self.cursor.wake(Instant::now());
        self.look();
    }

    /// Answers what the window system says.
    pub(super) fn event(&mut self, event_loop: &ActiveEventLoop, event: WindowEvent) -> Then {
        let now = Instant::now();
        match event {
            WindowEvent::CloseRequested | WindowEvent::Destroyed => return Then::Close,
            WindowEvent::RedrawRequested => self.draw(event_loop, now),
            WindowEvent::Resized(_) | WindowEvent::Focused(_) => {
                self.look();
                self.window.request_redraw();
            }
            WindowEvent::Occluded(covered) => {
                self.covered = covered;
                self.look();
                self.window.request_redraw();
            }
            WindowEvent::ModifiersChanged(modifiers) => self.modifiers = modifiers.state(),
            // A synthetic press is a key that was held when the window got the keyboard.
            WindowEvent::KeyboardInput {
                event,
                is_synthetic: false,
                ..
            } if event.state == ElementState::Pressed && !event.repeat => {
                return self.key(event_loop, &event);
            }
            WindowEvent::CursorMoved { position, .. } => self.cursor.moved(position.into(), now),
            WindowEvent::MouseInput {
                state: ElementState::Pressed,
                button: MouseButton::Left,
                ..
            } if self.cursor.pressed(now) => self.toggle_fullscreen(),
            _ => {}
        }
        Then::Stay
    }

    fn key(&mut self, event_loop: &ActiveEventLoop, event: &KeyEvent) -> Then {
        match Wish::of(&event.logical_key, event.physical_key, self.modifiers) {
            Wish::ToggleFullscreen => self.toggle_fullscreen(),
            Wish::LeaveFullscreen => self.leave_fullscreen(),
            Wish::Monitor(number) => match monitor::all(event_loop).get(number - 1) {
                Some((monitor, _)) => self.fullscreen_on(event_loop, &monitor.name),
                None => self
                    .shared
                    .set_trouble(format!("there is no monitor {number}")),
            },
            Wish::Close => return Then::Close,
            Wish::Other(key) => self.shared.pressed(key),
            Wish::Nothing => {}
        }
        Then::Stay
    }

    fn toggle_fullscreen(&mut self) {
        if self.window.fullscreen().is_some() {
            self.leave_fullscreen();
        } else {
            self.fullscreen_here();
        }
    }

    /// Does what time has come for; when it wants to be asked again, if nothing happens before.
    pub(super) fn tick(&mut self, event_loop: &ActiveEventLoop, now: Instant) -> Option<Instant> {
        let fullscreen = self.window.fullscreen().is_some();
        if let Some(hide) = self.cursor.change(fullscreen, now) {
            self.window.set_cursor_visible(!hide);
        }
        let unseen = !self.shared.is_visible();
        let looks = unseen || self.stage.is_some();
        let pause = if unseen { SEEK } else { LOOK_AGAIN };
        if looks && now >= self.looked + pause {
            self.look();
            self.seek_stage(event_loop);
            if unseen && self.shared.is_visible() {
                self.window.request_redraw();
            }
        }
        let again = looks.then(|| self.looked + pause);
        [again, self.cursor.hides_at(fullscreen)]
            .into_iter()
            .flatten()
            .min()
    }

    /// Goes back to the monitor that was asked for when it is plugged in again.
    fn seek_stage(&mut self, event_loop: &ActiveEventLoop) {
        let Some(stage) = &mut self.stage else {
            return;
        };
        let found = monitor::called(event_loop, &stage.name);
        let was_missing = std::mem::replace(&mut stage.missing, found.is_none());
        match found {
            Some(monitor) if was_missing => self.fill(Some(monitor)),
            None if !was_missing => {
                let name = &stage.name;
                self.shared.set_trouble(format!(
                    "the monitor {name} is gone: the window fills another until it is back"
                ));
                self.fill(None);
            }
            _ => {}
        }
    }

    /// Writes down how the window is.
    fn look(&mut self) {
        self.looked = Instant::now();
        let pixels: [u32; 2] = self.window.inner_size().into();
        let minimised = self.window.is_minimized() == Some(true);
        let visible =
            !minimised && !self.covered && !pixels.contains(&0) && can_be_seen(&self.window);
        let fullscreen = self.window.fullscreen().is_some();
        self.shared.note(|state| {
            state.pixels = pixels;
            state.visible = visible;
            state.fullscreen = fullscreen;
        });
    }

    /// Draws the newest picture, if the window can be seen.
    fn draw(&mut self, event_loop: &ActiveEventLoop, now: Instant) {
        if now >= self.looked + LOOK_AGAIN {
            self.look();
        }
        let size = self.shared.pixels();
        if size.contains(&0) || !self.shared.is_visible() {
            return;
        }
        if let Some(newest) = self.shared.take_newest() {
            if is_whole(&newest) {
                self.picture = Some(newest);
                self.fresh = true;
            } else {
                self.shared
                    .set_trouble("a picture came that is not whole: the one before stays up");
            }
        }
        match self.present(event_loop, size) {
            Ok(Outcome::Shown) if self.fresh => {
                self.fresh = false;
                self.shared.note(|state| {
                    state.presented.pictures += 1;
                    state.presented.last = Some(Instant::now());
                });
            }
            Ok(_) => {}
            Err(reason) => {
                self.presenter = None;
                self.shared
                    .set_trouble(format!("the window cannot be drawn: {reason}"));
            }
        }
    }

    /// Presents with the card while it works, and when it does not, at once with the processor.
    fn present(&mut self, event_loop: &ActiveEventLoop, size: [u32; 2]) -> Result<Outcome, String> {
        if let Some(presenter) = &mut self.presenter {
            let picture = self.picture.as_deref();
            let outcome = unpanicked(|| presenter.present(picture, self.fresh, size));
            let drawn_by = presenter.drawn_by();
            match outcome {
                Err(reason) if drawn_by == DrawnBy::Card => {
                    self.presenter = None;
                    self.fall_back(event_loop, Some(drawn_by), &reason);
                }
                outcome => return outcome,
            }
        }
        let mut processor = unpanicked(|| Processor::new(&self.window))?;
        let outcome = unpanicked(|| processor.present(self.picture.as_deref(), self.fresh, size));
        self.hand_to(processor);
        outcome
    }

    /// Lets `presenter` draw from now on.
    fn hand_to(&mut self, presenter: impl Presenter + 'static) {
        self.shared
            .note(|state| state.drawn_by = presenter.drawn_by());
        self.presenter = Some(Box::new(presenter));
    }

    /// Leaves the card for the processor, and says why.
    fn fall_back(&mut self, event_loop: &ActiveEventLoop, old: Option<DrawnBy>, reason: &str) {
        self.shared.set_trouble(format!(
            "the graphics card does not draw the window, the processor does: {reason}"
        ));
        self.leave_card(event_loop, old);
    }

    /// Makes the window one that the processor can draw, after a card may have drawn it.
    fn leave_card(&mut self, event_loop: &ActiveEventLoop, old: Option<DrawnBy>) {
        // Windows shows nothing but the card's pictures in a window that had one: it takes another.
        if !cfg!(windows) || old != Some(DrawnBy::Card) {
            return;
        }
        let attributes = attributes(&self.title)
            .with_inner_size(self.window.inner_size())
            .with_fullscreen(self.window.fullscreen());
        let attributes = match self.window.outer_position() {
            Ok(place) => attributes.with_position(place),
            Err(_) => attributes,
        };
        match event_loop.create_window(attributes) {
            Ok(window) => {
                self.window = Arc::new(window);
                self.cursor = Cursor::new(Instant::now());
                self.look();
                self.window.request_redraw();
            }
            Err(error) => self.shared.set_trouble(error.to_string()),
        }
    }
}

impl Drop for Pane {
    fn drop(&mut self) {
        self.shared.closed();
    }
}
