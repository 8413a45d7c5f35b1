//! Text as the network sees it: words. `training/words/spelling.py` does the same.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::canonical_combining_class;

/// Characters of a line that are looked at: three times what fits on a screen.
const LONGEST_TEXT: usize = 600;

/// Letters of a word that count.
const LONGEST_WORD: usize = 24;

/// Letters of the pieces by which an unknown word is known.
const PIECES: std::ops::RangeInclusive<usize> = 3..=5;

/// The words of a line: lower case, letters and digits with apostrophes within; `!` and `?` are words too. A letter that
/// is repeated more than twice is sung longer: it counts twice.
pub(crate) fn words_of(text: &str) -> Vec<String> {
    let text: String = text.chars().take(LONGEST_TEXT).nfc().collect();
    let (mut words, mut word) = (Vec::new(), String::new());
    let (mut run, mut letters) = ((' ', 0), 0);
    for letter in text.to_lowercase().chars().chain([' ']) {
        let letter = match letter {
            '’' | '‘' | '`' | '´' => '\'',
            letter => letter,
        };
        run = if run.0 == letter {
            (letter, run.1 + 1)
        } else {
            (letter, 1)
        };
        if letter.is_alphanumeric() || letter == '\'' && !word.is_empty() {
            if run.1 <= 2 && letters < LONGEST_WORD {
                word.push(letter);
                letters += 1;
            }
            continue;
        }
        if !word.is_empty() {
            word.truncate(word.trim_end_matches('\'').len());
            words.push(std::mem::take(&mut word));
            letters = 0;
        }
        if matches!(letter, '!' | '?') && run.1 <= 2 {
            words.push(letter.to_string());
        }
    }
    words
}

/// A word without its accents, as many a sheet of lyrics has it.
pub(crate) fn plain(word: &str) -> String {
    let marks = word.nfd();
    marks
        .filter(|mark| canonical_combining_class(*mark) == 0)
        .collect()
}

/// FNV-1a, 32 bits.
pub(super) fn hash(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}

/// Runs of three to five letters of a word between its borders.
pub(super) fn pieces(word: &str) -> Vec<String> {
    PIECES.flat_map(|length| runs(word, length)).collect()
}

/// Runs of so many letters of a word between its borders.
pub(super) fn runs(word: &str, length: usize) -> Vec<String> {
    let letters: Vec<char> = ['<'].into_iter().chain(word.chars()).chain(['>']).collect();
    letters.windows(length).map(String::from_iter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_what_is_between_marks_in_any_case() {
        let said = |text: &str| words_of(text).join(" ");
        assert_eq!(said("I DON’T know... why?!"), "i don't know why ? !");
        assert_eq!(said("sooooo looong, baby-blue"), "soo loong baby blue");
        assert_eq!(said("'cause rock 'n' roll'"), "cause rock n roll");
        assert_eq!(said("Corazo\u{301}n"), "corazón");
        assert_eq!(said("\0\t♪ 🎵"), "");
        assert_eq!(said("24/7"), "24 7");
    }

    #[test]
    fn accents_go_and_letters_stay() {
        assert_eq!(plain("corazón"), "corazon");
        assert_eq!(plain("año"), "ano");
        assert_eq!(plain("straße"), "straße");
    }

    #[test]
    fn what_is_long_is_cut() {
        assert_eq!(words_of(&"ab".repeat(10_000))[0].len(), LONGEST_WORD);
        assert!(words_of(&"no ".repeat(1_000_000)).len() <= LONGEST_TEXT / 3);
    }

    #[test]
    fn an_unknown_word_has_pieces() {
        assert_eq!(pieces("ab"), ["<ab", "ab>", "<ab>"]);
        assert_eq!(pieces("我"), ["<我>"]);
        assert_eq!(hash("a"), 0xe40c_292c);
    }
}
