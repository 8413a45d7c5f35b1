//! Who may play: phones whose user has read the code where the stage is.
//!
//! A phone that sends the code gets a token of its own, for as long as the program runs. Wrong codes are answered slower
//! and slower, and by the thousand not at all: of a million codes, somebody who tries for three hours can try some 120.

use crate::bucket::Bucket;
use std::net::IpAddr;
use std::time::{Duration, Instant};

/// Wrong codes that one address, and all together, may send at once, and how long it takes until one more may be sent.
const OF_ONE: (f64, Duration) = (5.0, Duration::from_secs(15));
const OF_ALL: (f64, Duration) = (30.0, Duration::from_secs(120));

/// Addresses whose wrong codes are counted.
const COUNTED: usize = 256;

/// Phones that are known; one more takes the place of the one that came first.
const PHONES: usize = 64;

/// Digits of a code that is drawn.
const DIGITS: usize = 6;

/// What a phone's user types.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PairingCode(String);

/// Whether a text can be a code: 6 to 12 digits.
pub fn is_code(text: &str) -> bool {
    (DIGITS..=2 * DIGITS).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
}

impl PairingCode {
    /// Draws one.
    ///
    /// # Errors
    /// Where the system draws nothing, in a sentence.
    pub fn draw() -> Result<Self, String> {
        let mut drawn = [0; 8];
        draw(&mut drawn)?;
        let number = u64::from_le_bytes(drawn) % 10_u64.pow(DIGITS as u32);
        Ok(Self(format!("{number:0DIGITS$}")))
    }

    /// The one that somebody wants; none where it [can be none](is_code).
    pub fn of(text: &str) -> Option<Self> {
        is_code(text).then(|| Self(text.to_owned()))
    }

    pub fn digits(&self) -> &str {
        &self.0
    }
}

fn draw(bytes: &mut [u8]) -> Result<(), String> {
    let failed = |error| format!("the system draws no random numbers: {error}");
    getrandom::fill(bytes).map_err(failed)
}

/// What becomes of somebody who sends a code.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Verdict {
    /// The token of a phone that may play.
    Paired(String),
    Wrong,
    /// Nothing was looked at; it may be tried again after so long.
    Wait(Duration),
    /// Why there is no token.
    Failed(String),
}

/// The code, the phones that know it, and how often somebody was wrong.
pub(crate) struct Pairing {
    code: PairingCode,
    tokens: Vec<String>,
    wrong: Vec<(IpAddr, Bucket)>,
    all_wrong: Bucket,
}

fn bucket((at_once, pause): (f64, Duration), now: Instant) -> Bucket {
    Bucket::new(1.0 / pause.as_secs_f64(), at_once, now)
}

/// Compares in a time that tells nothing of where they differ.
fn same(a: &str, b: &str) -> bool {
    let differing = a
        .bytes()
        .zip(b.bytes())
        .fold(0, |all, (a, b)| all | (a ^ b));
    a.len() == b.len() && differing == 0
}

impl Pairing {
    pub(crate) fn new(code: PairingCode, now: Instant) -> Self {
        Self {
            code,
            tokens: Vec::new(),
            wrong: Vec::new(),
            all_wrong: bucket(OF_ALL, now),
        }
    }

    /// Somebody at an address sends a code.
    pub(crate) fn hear(&mut self, code: &str, from: IpAddr, now: Instant) -> Verdict {
        let from = from.to_canonical();
        let of_one = self.bucket_of(from, now);
        let wait = self.wrong[of_one].1.wait(1.0, now);
        let wait = wait.max(self.all_wrong.wait(1.0, now));
        if wait > Duration::ZERO {
            return Verdict::Wait(wait);
        }
        if !same(code, self.code.digits()) {
            self.wrong[of_one].1.take(1.0, now);
            self.all_wrong.take(1.0, now);
            return Verdict::Wrong;
        }
        self.wrong.swap_remove(of_one);
        match new_token() {
            Ok(token) => {
                if self.tokens.len() >= PHONES {
                    self.tokens.remove(0);
                }
                self.tokens.push(token.clone());
                Verdict::Paired(token)
            }
            Err(why) => Verdict::Failed(why),
        }
    }

    /// Whether a phone was given this token.
    pub(crate) fn knows(&self, token: &str) -> bool {
        self.tokens.iter().any(|known| same(known, token))
    }

    /// Where the wrong codes of an address are counted.
    fn bucket_of(&mut self, from: IpAddr, now: Instant) -> usize {
        let known = self.wrong.iter().position(|(address, _)| *address == from);
        known.unwrap_or_else(|| {
            if self.wrong.len() >= COUNTED {
                // Whoever was quiet for longest is forgotten.
                let left = |bucket: &Bucket| (bucket.clone().left(now) * 1e6) as i64;
                let quiet = (0..self.wrong.len()).max_by_key(|at| left(&self.wrong[*at].1));
                quiet.map(|at| self.wrong.swap_remove(at));
            }
            self.wrong.push((from, bucket(OF_ONE, now)));
            self.wrong.len() - 1
        })
    }
}

fn new_token() -> Result<String, String> {
    let mut drawn = [0; 16];
    draw(&mut drawn)?;
    Ok(drawn.iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairing(now: Instant) -> Pairing {
        Pairing::new(PairingCode::of("271828").unwrap(), now)
    }

    fn at(last: u8) -> IpAddr {
        [192, 168, 1, last].into()
    }

    #[test]
    fn each_phone_that_knows_the_code_has_a_token_of_its_own() {
        let now = Instant::now();
        let mut pairing = pairing(now);
        let mut tokens: Vec<_> = (0..3)
            .map(|n| match pairing.hear("271828", at(n), now) {
                Verdict::Paired(token) => token,
                other => panic!("{other:?}"),
            })
            .collect();
        assert!(
            tokens
                .iter()
                .all(|token| pairing.knows(token) && token.len() == 32)
        );
        tokens.sort();
        tokens.dedup();
        assert_eq!(tokens.len(), 3);
        for none in ["", "271828", &tokens[0][1..], &format!("{}0", tokens[0])] {
            assert!(!pairing.knows(none), "{none}");
        }
    }

    #[test]
    fn wrong_codes_by_the_thousand_are_not_even_looked_at_the_right_one_among_them() {
        let begin = Instant::now();
        let mut pairing = pairing(begin);
        let (mut wrong, mut waits) = (0, 0);
        for n in 0..10_000 {
            // Four a second for most of an hour.
            let now = begin + Duration::from_millis(250) * n;
            let code = if n % 100 == 99 {
                "271828".to_owned()
            } else {
                format!("{n:06}")
            };
            match pairing.hear(&code, at(7), now) {
                Verdict::Wrong => wrong += 1,
                Verdict::Wait(_) => waits += 1,
                // By luck, as one in ten times among some fifty tries.
                Verdict::Paired(_) => assert!(n > 200),
                Verdict::Failed(why) => panic!("{why}"),
            }
        }
        assert!((30..=60).contains(&wrong), "{wrong} were looked at");
        assert!(waits > 9_900);
    }

    #[test]
    fn somebody_who_was_wrong_waits_and_others_need_not() {
        let now = Instant::now();
        let mut pairing = pairing(now);
        for _ in 0..5 {
            assert_eq!(pairing.hear("000000", at(1), now), Verdict::Wrong);
        }
        let Verdict::Wait(wait) = pairing.hear("271828", at(1), now) else {
            panic!("no pause");
        };
        assert!(matches!(
            pairing.hear("271828", at(2), now),
            Verdict::Paired(_)
        ));
        let later = now + wait + Duration::from_millis(1);
        assert!(matches!(
            pairing.hear("271828", at(1), later),
            Verdict::Paired(_)
        ));
    }

    #[test]
    fn many_addresses_share_what_all_may_try_and_leave_no_more_than_a_bounded_memory() {
        let now = Instant::now();
        let mut pairing = pairing(now);
        let all = (0..10_000_u32).map(|n| IpAddr::from((0x0A00_0000 + n).to_be_bytes()));
        let looked = all.filter(|from| pairing.hear("000000", *from, now) == Verdict::Wrong);
        assert_eq!(looked.count(), 30);
        assert!(pairing.wrong.len() <= COUNTED);
    }

    #[test]
    fn a_code_is_six_to_twelve_digits() {
        for _ in 0..20 {
            assert!(is_code(PairingCode::draw().unwrap().digits()));
        }
        assert_ne!(PairingCode::draw(), PairingCode::draw(), "one in a million");
        for text in [
            "",
            "12345",
            "1234567890123",
            "12345a",
            "１２３４５６",
            "-12345",
        ] {
            assert!(PairingCode::of(text).is_none(), "{text}");
        }
    }
}
