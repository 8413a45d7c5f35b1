//! What a pipeline has to tell.

/// Who makes the pictures.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// The graphics adapter's name, or why there is none.
    pub adapter: String,
    /// Who paints and who renders, and why, a sentence each.
    pub painter: String,
    pub renderer: String,
    /// The model that paints, and the one that is being loaded to paint next.
    pub model: String,
    pub loading: Option<String>,
    /// Size of the pictures, pixels.
    pub size: [usize; 2],
    /// Whether a graphics card makes them.
    pub on_card: bool,
}

/// What has happened since it was last asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct News {
    /// What did not go as it should, a sentence each.
    pub problems: Vec<String>,
    /// Who makes the pictures now, where that has changed.
    pub about: Option<About>,
}

/// News on their way.
#[derive(Debug, Default)]
pub(super) struct Told {
    problems: Vec<String>,
    about: About,
    has_changed: bool,
}

impl Told {
    pub(super) fn problem(&mut self, sentence: String) {
        self.problems.push(sentence);
    }

    pub(super) fn change(&mut self, change: impl FnOnce(&mut About)) {
        change(&mut self.about);
        self.has_changed = true;
    }

    pub(super) fn about(&self) -> &About {
        &self.about
    }

    pub(super) fn take(&mut self) -> News {
        let changed = std::mem::take(&mut self.has_changed);
        News {
            problems: std::mem::take(&mut self.problems),
            about: changed.then(|| self.about.clone()),
        }
    }
}
