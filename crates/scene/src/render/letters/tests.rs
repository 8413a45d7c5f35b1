//! What a mask owes its text.

use super::typesetter::Typesetter;
use super::*;
use crate::media::lyrics::{Sheet, Song};

fn cover(texel: [u32; 2]) -> u32 {
    texel[0] & 255
}

/// Where in the text the left end of a mask is, and its right one.
fn ends(mask: &Mask) -> [f32; 2] {
    let [width, height] = mask.size;
    let row = &mask.texels[height / 2 * width..][..width];
    [row[0], row[width - 1]].map(|[_, when]| when as f32 / 65535.0)
}

/// How many rows of pixels a mask covers.
fn tall(mask: &Mask) -> usize {
    let rows = mask.texels.chunks_exact(mask.size[0]);
    let covered = |row: &&[[u32; 2]]| row.iter().any(|&texel| cover(texel) > 128);
    rows.filter(covered).count()
}

#[test]
fn a_text_is_told_from_its_first_letter_to_its_last_in_its_own_direction() {
    let mut typesetter = Typesetter::new();
    let [left, right] = ends(&typesetter.set("HHHHHHHH", 40.0, [600.0, 200.0]));
    assert!(left < 0.05 && right > 0.95, "{left} {right}");
    // Whether a font here has letters for it or not.
    let hebrew = "\u{5e9}\u{5dc}\u{5d5}\u{5dd}";
    let [left, right] = ends(&typesetter.set(hebrew, 40.0, [600.0, 200.0]));
    assert!(left > 0.9 && right < 0.1, "{left} {right}");
}

#[test]
fn whatever_the_text_it_is_set_within_its_room() {
    let mut typesetter = Typesetter::new();
    let zalgo = format!("a{}", "\u{301}".repeat(400));
    let long = "word ".repeat(80);
    let texts = [
        "",
        " ",
        "\n",
        "a\n\nb\n",
        "\u{202e}abc\u{202c}",
        "👩‍👩‍👧 ☃",
        "\u{e000}\u{fffe}",
        &zalgo,
        &long,
        "سلام، עולם, κόσμε, мир, 世界",
        "Donaudampfschifffahrtsgesellschaft",
        "e\u{301}fi ffl",
    ];
    for text in texts {
        for (line, room) in [
            (40.0, [300.0, 120.0]),
            (500.0, [64.0, 32.0]),
            (4.0, [1.0, 1.0]),
        ] {
            let mask = typesetter.set(text, line, room);
            assert_eq!(mask.texels.len(), mask.size[0] * mask.size[1], "{text:.12}");
            assert!(
                mask.body[0] <= room[0].ceil() && mask.body[1] <= room[1].ceil(),
                "{text:.12}"
            );
            assert!(
                mask.size.iter().all(|side| *side < 2000),
                "{text:.12} {:?}",
                mask.size
            );
        }
    }
}

#[test]
fn letters_keep_their_size_where_there_is_room_and_become_smaller_where_there_is_none() {
    let mut typesetter = Typesetter::new();
    let roomy = tall(&typesetter.set("H", 60.0, [600.0, 200.0]));
    assert!(
        (25..50).contains(&roomy),
        "capitals of {roomy} pixels in lines of 60"
    );
    let tight = tall(&typesetter.set("HHHHHHHHHHHHHHHHHHHHHHHH", 60.0, [200.0, 70.0]));
    assert!(tight < roomy, "{tight}");
}

#[test]
fn what_no_font_can_draw_is_told_once_and_what_ours_has_is_not() {
    let libretto = |text: &str| Libretto::new(&Sheet::of_text(text).fit(&Song::default()));
    assert_eq!(
        unwritable(&libretto("[00:01]Straße, naïve — “yes”\n[00:02]again")),
        None
    );
    let said = unwritable(&libretto(
        "[00:01]\u{f8ff0}\u{f8ff1}\n[00:02]\u{f8ff0} again",
    ))
    .unwrap();
    assert_eq!(said.matches('\u{f8ff0}').count(), 1, "{said}");
    assert!(
        said.contains('\u{f8ff1}') && !said.contains("a g"),
        "{said}"
    );
}
