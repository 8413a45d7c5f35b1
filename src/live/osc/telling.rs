//! What is told over the net: what is heard and felt, each beat, and where controls stand.

use super::super::status::HeardNow;
use super::wishes::{address, prefix};
use crate::control::{Control, Snapshot};
use crate::emotion::CLASS_NAMES;
use rosc::{OscBundle, OscMessage, OscPacket, OscTime, OscType, encoder};

/// An onset of this strength is told.
const ONSET: f32 = 0.5;

/// A datagram of more bytes is cut in pieces by networks.
const LONGEST: usize = 1400;

const AT_ONCE: OscTime = OscTime {
    seconds: 0,
    fractional: 1,
};

/// A message of an instance, by the end of its address.
fn message(number: u32, end: &str, args: Vec<OscType>) -> OscMessage {
    OscMessage {
        addr: prefix(number) + end,
        args,
    }
}

/// Where a control stands: its plain value.
pub(super) fn stand(number: u32, control: Control, all: &Snapshot) -> OscMessage {
    OscMessage {
        addr: address(number, control),
        args: vec![OscType::Float(control.get(all))],
    }
}

/// The performer's own mood as one point, for pads.
pub(super) fn own_mood(number: u32, all: &Snapshot) -> OscMessage {
    let point = all.controls.steering.manual;
    message(number, "mood", point.map(OscType::Float).to_vec())
}

/// What is heard and felt.
pub(super) fn mood(number: u32, now: &HeardNow) -> Vec<OscMessage> {
    let float = |end: &str, x: f32| message(number, end, vec![OscType::Float(x)]);
    let mut told = vec![
        float("heard/valence", now.heard.valence),
        float("heard/arousal", now.heard.arousal),
        float("heard/certainty", now.heard.confidence),
        float("shown/valence", now.shown.valence),
        float("shown/arousal", now.shown.arousal),
        float("tempo", now.time.tempo as f32),
        float("loudness", now.frame.loudness),
    ];
    let classes = CLASS_NAMES.iter().zip(now.heard.classes);
    told.extend(classes.map(|(name, weight)| float(&format!("class/{name}"), weight)));
    let bands = now.frame.bands.map(OscType::Float).to_vec();
    told.push(message(number, "bands", bands));
    if let Some(words) = now.words {
        let [valence, arousal] = words.point;
        told.extend([
            float("words/valence", valence),
            float("words/arousal", arousal),
            float("words/certainty", words.certainty),
            float("words/disagreement", words.disagreement(&now.heard)),
        ]);
    }
    told
}

/// What happened since it was asked last.
#[derive(Debug, Default)]
pub(super) struct Events {
    /// The beat that was told last.
    beat: Option<i64>,
    /// Where the hop was whose onset was told last.
    onset: Option<u64>,
}

impl Events {
    /// Beats (which of the bar, from 1 on, and the bar's number, from 1 on) and onsets (their strength) that are new.
    pub fn since(&mut self, number: u32, now: &HeardNow) -> Vec<OscMessage> {
        let mut told = Vec::new();
        let beat = now.time.beats.floor() as i64;
        if self.beat.replace(beat).is_some_and(|last| last != beat) {
            let a_bar = now.time.beats_per_bar.max(1.0).round() as i64;
            let [of_bar, bar] = [beat.rem_euclid(a_bar), beat.div_euclid(a_bar)];
            let args = [of_bar, bar].map(|n| OscType::Int((n + 1) as i32)).to_vec();
            told.push(message(number, "beat", args));
        }
        let position = now.frame.position;
        if now.frame.onset >= ONSET && self.onset.replace(position) != Some(position) {
            told.push(message(
                number,
                "onset",
                vec![OscType::Float(now.frame.onset)],
            ));
        }
        told
    }
}

/// Datagrams with all of `messages`, each as large as networks take in one piece.
pub(super) fn datagrams(messages: Vec<OscMessage>) -> Vec<Vec<u8>> {
    let mut datagrams = Vec::new();
    let mut content = Vec::new();
    let mut size = 0;
    let mut send = |content: &mut Vec<OscPacket>| {
        let content = std::mem::take(content);
        let bundle = OscPacket::Bundle(OscBundle {
            timetag: AT_ONCE,
            content,
        });
        datagrams.extend(encoder::encode(&bundle).ok());
    };
    for message in messages {
        // Name, types and numbers, each to whole words, and its length.
        let more = message.addr.len() + 5 * message.args.len() + 16;
        if size + more > LONGEST && !content.is_empty() {
            send(&mut content);
            size = 0;
        }
        size += more;
        content.push(OscPacket::Message(message));
    }
    if !content.is_empty() {
        send(&mut content);
    }
    datagrams
}

#[cfg(test)]
mod tests {
    use super::super::packet;
    use super::*;
    use crate::emotion::Emotion;
    use crate::live::TempoSource;
    use crate::signal::{AudioFrame, SongTime};

    fn at(beats: f64, onset: f32, position: u64) -> HeardNow {
        HeardNow {
            frame: AudioFrame {
                onset,
                position,
                ..AudioFrame::default()
            },
            time: SongTime {
                beats,
                beats_per_bar: 3.0,
                ..SongTime::default()
            },
            tempo: TempoSource::Heard,
            heard: Emotion::at(0.5, -0.25, 0.8),
            shown: Emotion::default(),
            words: None,
        }
    }

    #[test]
    fn each_beat_is_told_once_with_its_place_in_the_bar_and_each_onset() {
        let mut events = Events::default();
        let mut told = Vec::new();
        for step in 0..=40 {
            let now = at(
                f64::from(step) / 8.0,
                if step == 9 { 1.5 } else { 0.1 },
                step as u64 / 2,
            );
            told.extend(events.since(1, &now));
        }
        let beat = |of_bar, bar| message(1, "beat", vec![OscType::Int(of_bar), OscType::Int(bar)]);
        let onset = message(1, "onset", vec![OscType::Float(1.5)]);
        let expected = [
            beat(2, 1),
            onset,
            beat(3, 1),
            beat(1, 2),
            beat(2, 2),
            beat(3, 2),
        ];
        assert_eq!(told, expected);
    }

    #[test]
    fn all_that_is_told_fits_into_datagrams_and_is_read_back() {
        let all = Snapshot::default();
        let mut told = mood(12, &at(0.0, 0.0, 0));
        told.extend(
            Control::ALL
                .into_iter()
                .map(|control| stand(12, control, &all)),
        );
        let datagrams = datagrams(told.clone());
        assert!(datagrams.len() > 1);
        assert!(datagrams.iter().all(|datagram| datagram.len() <= LONGEST));
        let read = datagrams
            .iter()
            .flat_map(|datagram| packet::read(datagram).unwrap());
        let read: Vec<_> = read.map(|(_, message)| message).collect();
        assert_eq!(read, told);
    }
}
