//! Which file of a crate needs which.

use std::collections::{BTreeMap, BTreeSet};

use super::file::{File, Module};

/// Files by their modules, and for each those that it needs.
pub struct Graph {
    needs: BTreeMap<Module, BTreeSet<Module>>,
}

impl Graph {
    /// The graph of all files of the crate; tests are left out, for they may need anything.
    pub fn of(files: Vec<File>) -> Self {
        let tests: BTreeSet<Module> = files
            .iter()
            .flat_map(|file| file.tests.iter().map(|test| below(&file.module, test)))
            .collect();
        let is_test = |module: &[String]| (1..=module.len()).any(|n| tests.contains(&module[..n]));
        let files: BTreeMap<Module, File> = files
            .into_iter()
            .filter(|file| !is_test(&file.module))
            .map(|file| (file.module.clone(), file))
            .collect();
        let mut needs = BTreeMap::new();
        for file in files.values() {
            let imports = file.imports.iter().filter(|import| !import.handed_on);
            let paths = imports.map(|import| &import.path).chain(&file.paths);
            let needed = paths.filter_map(|path| whose(&files, path, 0));
            let needed = needed.filter(|other| *other != file.module);
            needs.insert(file.module.clone(), needed.collect());
        }
        Self { needs }
    }

    /// How many files need another.
    pub fn count(&self) -> usize {
        self.needs
            .values()
            .filter(|needs| !needs.is_empty())
            .count()
    }

    /// Knots: files that all need one another, each as a set of paths below `src` without endings.
    pub fn knots(&self) -> Vec<BTreeSet<String>> {
        let mut found = Vec::new();
        let mut done = BTreeSet::new();
        for module in self.needs.keys() {
            if !done.insert(module.clone()) {
                continue;
            }
            let reached = self.reached_from(module);
            let knot: BTreeSet<Module> = reached
                .into_iter()
                .filter(|other| self.reached_from(other).contains(module))
                .collect();
            if !knot.is_empty() {
                done.extend(knot.iter().cloned());
                found.push(knot.iter().map(|module| module.join("/")).collect());
            }
        }
        found
    }

    /// A circle among the files of `knot`, beginning with any of them, as one goes through it.
    pub fn circle(&self, knot: &BTreeSet<String>) -> Vec<String> {
        let mut way: Vec<&Module> = Vec::new();
        let mut next = self
            .needs
            .keys()
            .find(|module| knot.contains(&module.join("/")));
        while let Some(module) = next {
            if let Some(begin) = way.iter().position(|passed| *passed == module) {
                way.drain(..begin);
                break;
            }
            way.push(module);
            next = self.needs[module]
                .iter()
                .find(|needed| knot.contains(&needed.join("/")));
        }
        way.into_iter().map(|module| module.join("/")).collect()
    }

    /// What `module` needs, by itself or through others.
    fn reached_from(&self, module: &Module) -> BTreeSet<Module> {
        let mut reached = BTreeSet::new();
        let mut ahead = vec![module];
        while let Some(module) = ahead.pop() {
            for needed in self.needs.get(module).into_iter().flatten() {
                if reached.insert(needed.clone()) {
                    ahead.push(needed);
                }
            }
        }
        reached
    }
}

fn below(module: &[String], name: &str) -> Module {
    [module, &[name.to_owned()]].concat()
}

/// How many times what is handed on is looked for, for paths that go in a circle themselves.
const FARTHEST: usize = 16;

/// The file that has what `path` names, wherever it is handed on; none outside the crate.
fn whose(files: &BTreeMap<Module, File>, path: &[String], hops: usize) -> Option<Module> {
    if path.first().is_some_and(String::is_empty) {
        return None;
    }
    let known = (0..=path.len())
        .rev()
        .find(|&n| files.contains_key(&path[..n]))?;
    let module = &path[..known];
    let Some(name) = path.get(known) else {
        return Some(module.to_vec());
    };
    let file = &files[module];
    if hops < FARTHEST && !file.defines.contains(name) {
        let named = file.imports.iter().find(|i| i.name.as_ref() == Some(name));
        if let Some(import) = named {
            let whole = [&import.path[..], &path[known + 1..]].concat();
            return whose(files, &whole, hops + 1);
        }
        let mut all = file.imports.iter().filter(|import| import.name.is_none());
        let through = all.find_map(|import| {
            let found = whose(files, &below(&import.path, name), hops + 1)?;
            files[&found].defines.contains(name).then_some(found)
        });
        if through.is_some() {
            return through;
        }
    }
    Some(module.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn knots(files: &[(&[&str], &str)]) -> Vec<BTreeSet<String>> {
        let files = files.iter().map(|(module, text)| File::read(module, text));
        Graph::of(files.collect()).knots()
    }

    fn set(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn a_circle_is_found_however_it_is_written() {
        let needs_b = "use super::b::B; pub struct A;";
        for back in [
            "use super::a::A; pub struct B;",
            "use crate::room::a::{A, self}; pub struct B;",
            "use super::A; pub struct B;",
            "use super::*; pub struct B; fn f(_: A) {}",
            "pub struct B; fn f() -> super::a::A { todo!() }",
            "pub struct B; mod inner { use super::super::a::A; }",
            "pub struct B; fn f() -> crate::room::Called { todo!() }",
            "pub use super::c::A; pub struct B; fn f() { super::c::g() }",
        ] {
            let room =
                "mod a; mod b; mod c; pub use a::A; pub(crate) use a::A as Called; use a::f;";
            let files: &[(&[&str], &str)] = &[
                (&["room"], room),
                (&["room", "a"], needs_b),
                (&["room", "b"], back),
                (
                    &["room", "c"],
                    "pub use super::a::A; pub fn g() { super::a::f() }",
                ),
            ];
            let found = knots(files);
            assert_eq!(found.len(), 1, "{back}: {found:?}");
            assert!(found[0].is_superset(&set(&["room/a", "room/b"])), "{back}");
        }
    }

    #[test]
    fn what_is_handed_on_or_a_test_is_no_circle() {
        let files: &[(&[&str], &str)] = &[
            (
                &["room"],
                "mod a; mod b; #[cfg(test)] mod trial; pub use a::A; pub fn f() { b::g() }",
            ),
            (
                &["room", "a"],
                "pub struct A; #[cfg(test)] mod tests { use super::super::b::g; }",
            ),
            (
                &["room", "b"],
                "use super::A; pub(super) fn g() {} pub(in crate::room) fn h() {}
                 // use super::f;
                 #[cfg(all(test, unix))] use super::f;",
            ),
            (&["room", "trial"], "use super::f; use super::b::g;"),
            (&["other"], "use crate::room::A;"),
        ];
        assert_eq!(knots(files), Vec::<BTreeSet<String>>::new());
    }

    #[test]
    fn a_room_that_needs_its_files_is_no_room_for_them() {
        let files: &[(&[&str], &str)] = &[
            (
                &["room"],
                "mod a; use a::A; pub struct Options; fn f(_: A) {}",
            ),
            (&["room", "a"], "use super::Options; pub struct A;"),
        ];
        assert_eq!(knots(files), [set(&["room", "room/a"])]);
    }
}
