//! What one source file declares, brings in and refers to.

use super::source::tokens;

/// A module's place: the names from the crate's root on.
pub type Module = Vec<String>;

/// A `use` of a file's.
pub struct Import {
    /// From the crate's root on, as far as the file says.
    pub path: Module,
    /// What it is called here; nothing for all that a module has.
    pub name: Option<String>,
    /// Whether others get it from here: that alone needs nothing.
    pub handed_on: bool,
}

/// A source file, but for its tests.
#[derive(Default)]
pub struct File {
    pub module: Module,
    pub imports: Vec<Import>,
    /// Paths in the code.
    pub paths: Vec<Module>,
    /// Names of what it defines.
    pub defines: Vec<String>,
    /// Modules in files of their own that are tests.
    pub tests: Vec<String>,
}

/// Words that are followed by the name of what they define.
const DEFINING: [&str; 9] = [
    "fn", "struct", "enum", "trait", "type", "const", "static", "union", "mod",
];

impl File {
    /// Reads the file of `module`, whose text is `text`.
    pub fn read(module: &[&str], text: &str) -> Self {
        let words = tokens(text);
        let module: Module = module.iter().map(|name| (*name).to_owned()).collect();
        let mut reader = Reader {
            children: children(&words),
            inside: Vec::new(),
            depth: 0,
            file: Self {
                module,
                ..Self::default()
            },
        };
        let mut at = 0;
        while at < words.len() {
            at = reader.step(&words, at);
        }
        reader.file
    }
}

/// Modules that are declared and in files of their own.
fn children(words: &[&str]) -> Vec<String> {
    let declared = words.windows(3).filter(|w| w[0] == "mod" && w[2] == ";");
    declared.map(|w| w[1].to_owned()).collect()
}

struct Reader {
    children: Vec<String>,
    /// Modules within the file that are open, and the depth of braces they were opened at.
    inside: Vec<(String, usize)>,
    depth: usize,
    file: File,
}

impl Reader {
    /// Reads on from word `at`; where it goes on.
    fn step(&mut self, words: &[&str], at: usize) -> usize {
        let word = |n: usize| words.get(n).copied().unwrap_or("");
        match word(at) {
            "#" if word(at + 1) == "[" => return self.attribute(words, at),
            "{" => self.depth += 1,
            "}" => {
                self.depth -= 1;
                self.inside.retain(|(_, depth)| *depth <= self.depth);
            }
            "mod" if word(at + 2) == "{" => {
                self.depth += 1;
                self.inside.push((word(at + 1).to_owned(), self.depth));
                return at + 3;
            }
            "use" if word(at + 1) != "<" => {
                let handed_on = at > 0 && matches!(word(at - 1), "pub" | ")");
                let mut end = at + 1;
                self.import(words, &mut end, &[], handed_on);
                return end;
            }
            name => {
                if DEFINING.contains(&name) && self.depth == self.inside.len() {
                    self.file.defines.push(word(at + 1).to_owned());
                }
                let begins = matches!(name, "crate" | "super" | "self")
                    || self.inside.is_empty() && self.children.iter().any(|child| child == name);
                let whole = at == 0 || word(at - 1) != "::";
                // `pub(in super::super)` says who may see it.
                let seen_by = at > 1 && word(at - 1) == "in" && word(at - 2) == "(";
                if begins && whole && !seen_by && word(at + 1) == "::" {
                    let mut path = vec![name];
                    let mut end = at + 1;
                    while word(end) == "::" && is_name(word(end + 1)) {
                        path.push(word(end + 1));
                        end += 2;
                    }
                    let path = self.module_at(&path);
                    self.file.paths.push(path);
                    return end;
                }
            }
        }
        at + 1
    }

    /// Passes over an attribute, and over what it says is a test.
    fn attribute(&mut self, words: &[&str], at: usize) -> usize {
        let end = at + 1 + closed(&words[at + 1..]);
        let about = &words[at..end];
        if !(about.contains(&"cfg") && about.contains(&"test") && !about.contains(&"not")) {
            return end;
        }
        let mut item = end;
        while words.get(item) == Some(&"#") {
            item += 1 + closed(&words[item + 1..]);
        }
        let rest = &words[item..];
        if let Some(name) = rest.iter().position(|word| *word == "mod")
            && name < 5
            && rest.get(name + 2) == Some(&";")
        {
            self.file.tests.push(rest[name + 1].to_owned());
        }
        let mut length = 0;
        while length < rest.len() {
            match rest[length] {
                ";" => return item + length + 1,
                "{" => return item + length + closed(&rest[length..]),
                "(" | "[" => length += closed(&rest[length..]),
                _ => length += 1,
            }
        }
        words.len()
    }

    /// Reads what is brought in from behind `before`.
    fn import(&mut self, words: &[&str], at: &mut usize, before: &[&str], handed_on: bool) {
        let mut path = before.to_vec();
        loop {
            match words.get(*at).copied().unwrap_or(";") {
                "{" => {
                    *at += 1;
                    while !matches!(words.get(*at), None | Some(&"}")) {
                        self.import(words, at, &path, handed_on);
                        if words.get(*at) == Some(&",") {
                            *at += 1;
                        }
                    }
                    *at += 1;
                    return;
                }
                "::" => *at += 1,
                "*" => {
                    *at += 1;
                    return self.bring(&path, None, handed_on);
                }
                "as" => {
                    let name = words.get(*at + 1).copied();
                    *at += 2;
                    return self.bring(&path, name, handed_on);
                }
                "self" if !path.is_empty() => *at += 1,
                name if is_name(name) => {
                    path.push(name);
                    *at += 1;
                }
                _ => {
                    let name = path.last().copied();
                    return self.bring(&path, name, handed_on);
                }
            }
        }
    }

    fn bring(&mut self, path: &[&str], name: Option<&str>, handed_on: bool) {
        let path = self.module_at(path);
        let name = name.map(str::to_owned);
        self.file.imports.push(Import {
            path,
            name,
            handed_on,
        });
    }

    /// The same path from the crate's root on.
    fn module_at(&self, path: &[&str]) -> Module {
        let here = self.inside.iter().map(|(name, _)| name);
        let mut whole: Module = self.file.module.iter().chain(here).cloned().collect();
        for (place, name) in path.iter().enumerate() {
            match *name {
                "crate" => whole.clear(),
                "self" => {}
                "super" => {
                    whole.pop();
                }
                // What does not begin in the crate is a crate or one of this module's.
                name if place == 0 && !self.children.iter().any(|child| child == name) => {
                    whole = vec![String::new(), name.to_owned()];
                }
                name => whole.push(name.to_owned()),
            }
        }
        whole
    }
}

/// Words up to the end of what the first of them opens.
fn closed(words: &[&str]) -> usize {
    let mut depth = 0;
    for (at, word) in words.iter().enumerate() {
        match *word {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at + 1;
        }
    }
    words.len()
}

fn is_name(word: &str) -> bool {
    word.starts_with(|c: char| c.is_alphabetic() || c == '_')
}
