//! What becomes of files that are saved, renamed, deleted and brought back.

use super::super::user_files::read_picture;
use super::*;
use crate::control::Controls;
use serde_json::Value;
use tempfile::TempDir;

fn library() -> Library {
    let mut library = Library::default();
    library.read(&[]);
    library
}

/// A folder of the user's, which the library goes by.
fn own() -> (TempDir, Vec<PathBuf>, Library) {
    let own = tempfile::tempdir().unwrap();
    let folders = vec![own.path().to_owned()];
    (own, folders, library())
}

fn draft(name: &str) -> Draft<'_> {
    Draft {
        name,
        look: Controls {
            trails: 0.25,
            ..Controls::default()
        },
        painter: None,
        tags: Vec::new(),
        picture: None,
    }
}

fn trails(library: &Library, name: &str) -> Option<f32> {
    let found = library.presets.iter().find(|preset| preset.name == name);
    found.map(|preset| preset.look.trails)
}

fn text(path: &Path) -> String {
    fs::read_to_string(path).unwrap()
}

#[test]
fn a_preset_is_saved_where_it_is_and_a_new_one_over_nothing() {
    let first = tempfile::tempdir().unwrap();
    let (own, mut folders, mut library) = own();
    folders.insert(0, first.path().to_owned());
    let elsewhere = first.path().join("z.json");
    let theirs = r#"{"name": "Dusk", "author": "me", "tags": ["dark"], "controls": {}}"#;
    fs::write(&elsewhere, theirs).unwrap();
    library.read(&folders);
    let mut save = |name: &str| {
        let saved = library.save(&folders, Some(own.path().to_owned()), &draft(name));
        saved.map(|saved| (saved.path, saved.note, trails(&library, name)))
    };
    assert_eq!(save("Dusk"), Ok((elsewhere.clone(), None, Some(0.25))));
    let kept: Value = serde_json::from_str(&text(&elsewhere)).unwrap();
    assert_eq!(
        (&kept["author"], &kept["tags"][0]),
        (&"me".into(), &"dark".into())
    );
    assert_eq!(text(&first.path().join("bin/z.json")), theirs);
    // A built-in one has no file: the user's own stands in its place.
    let club = own.path().join("Club.json");
    assert_eq!(save("Club"), Ok((club, None, Some(0.25))));
    // What somebody wrote by hand, and what is no file, stays.
    let broken = own.path().join("Dawn.json");
    fs::write(&broken, "{").unwrap();
    fs::create_dir(own.path().join("Noon.json")).unwrap();
    for name in ["Dawn", "Noon"] {
        let said = save(name).unwrap_err();
        assert!(said.contains("choose another name"), "{said}");
    }
    assert_eq!(text(&broken), "{");
}

#[test]
fn what_another_program_has_saved_meanwhile_is_in_the_bin_and_told_of() {
    let (own, folders, mut library) = own();
    let path = own.path().join("Dusk.json");
    let mut save = || library.save(&folders, Some(own.path().to_owned()), &draft("Dusk"));
    assert_eq!(save().unwrap().note, None);
    let theirs = r#"{"name": "Dusk", "controls": {"trails": 0.75}}"#;
    fs::write(&path, theirs).unwrap();
    let note = save().unwrap().note.unwrap();
    assert!(
        note.contains("another program") && note.contains("Dusk"),
        "{note}"
    );
    assert_eq!(text(&own.path().join("bin/Dusk.json")), theirs);
    // The same once more is nothing new.
    assert_eq!(save().unwrap().note, None);
    assert_eq!(own.path().join("bin").read_dir().unwrap().count(), 1);
}

#[test]
fn a_deleted_preset_comes_back_with_its_picture_unless_another_has_its_place() {
    let (own, folders, mut library) = own();
    let at = |name: &str| own.path().join(name);
    let with_picture = Draft {
        picture: Some(vec![0xff, 0xd8, 1]),
        ..draft("Dusk")
    };
    let save = |library: &mut Library| {
        let own = Some(own.path().to_owned());
        library.save(&folders, own, &with_picture).unwrap();
    };
    save(&mut library);
    let deleted = library.delete(&folders, "Dusk").unwrap();
    assert_eq!(trails(&library, "Dusk"), None);
    assert!(!at("Dusk.json").exists() && !at("Dusk.jpg").exists());
    library.restore(&folders, &deleted).unwrap();
    assert_eq!(trails(&library, "Dusk"), Some(0.25));
    assert_eq!(read_picture(&at("Dusk.json")), with_picture.picture);
    let deleted = library.delete(&folders, "Dusk").unwrap();
    save(&mut library);
    let said = library.restore(&folders, &deleted).unwrap_err();
    assert!(said.contains("stays in the bin"), "{said}");
    assert!(at("bin/Dusk.json").exists());
    for (name, words) in [("Club", "comes with Synopsia"), ("Noon", "no preset")] {
        let said = library.delete(&folders, name).unwrap_err();
        assert!(said.contains(words), "{said}");
    }
}

#[test]
fn a_renamed_preset_keeps_all_that_is_in_its_file_and_takes_nobodys_place() {
    let (own, folders, mut library) = own();
    let theirs = r#"{"name": "Dusk", "author": "me", "controls": {"trails": 0.5, "shine": 3}}"#;
    fs::write(own.path().join("a.json"), theirs).unwrap();
    fs::write(own.path().join("a.jpg"), "picture").unwrap();
    fs::write(own.path().join("Noon.json"), r#"{"controls": {}}"#).unwrap();
    let path = library.rename(&folders, "Dusk", "Dawn").unwrap();
    assert_eq!(path, own.path().join("Dawn.json"));
    assert_eq!(
        [trails(&library, "Dusk"), trails(&library, "Dawn")],
        [None, Some(0.5)]
    );
    let whole: Value = serde_json::from_str(&text(&path)).unwrap();
    assert_eq!(
        (&whole["author"], &whole["controls"]["shine"]),
        (&"me".into(), &3.into())
    );
    assert_eq!(read_picture(&path).unwrap(), b"picture");
    for (new, words) in [
        ("Noon", "there is a preset"),
        ("Club", "there is"),
        ("a/b", "cannot have"),
    ] {
        let said = library.rename(&folders, "Dawn", new).unwrap_err();
        assert!(said.contains(words), "{said}");
    }
    assert_eq!(trails(&library, "Dawn"), Some(0.5));
}

#[test]
fn tags_are_changed_alone_and_those_that_are_none_are_refused() {
    let (own, folders, mut library) = own();
    let save = library.save(&folders, Some(own.path().to_owned()), &draft("Dusk"));
    save.unwrap();
    let tags = |library: &Library| library.presets.last().unwrap().tags.clone();
    let wild = ["wild".to_owned(), "first half".to_owned()];
    library.tag(&folders, "Dusk", &wild).unwrap();
    assert_eq!(tags(&library), wild);
    assert_eq!(trails(&library, "Dusk"), Some(0.25));
    for bad in ["", "a\nb", &"x".repeat(40)] {
        let said = library
            .tag(&folders, "Dusk", &[bad.to_owned()])
            .unwrap_err();
        assert!(said.contains("cannot be tagged"), "{said}");
    }
    assert_eq!(tags(&library), wild);
}

#[test]
fn a_name_that_no_file_can_have_is_refused_and_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let mut library = library();
    for name in ["", " ", "a/b", "..", ".hidden", "a\nb", &"x".repeat(101)] {
        let own = Some(folder.path().to_owned());
        let said = library.save(&[], own, &draft(name)).unwrap_err();
        assert!(said.starts_with("a preset cannot have"), "{said}");
    }
    assert_eq!(folder.path().read_dir().unwrap().count(), 0);
}
