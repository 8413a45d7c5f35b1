//! Many loudspeakers on two.

use super::layout::Layout;

/// A stereo downmix after ITU-R BS.775: what stands on a side stays there, the centre goes to both,
/// the surrounds come softer, the subwoofer is left out, and nothing can clip. Mono is on both sides
/// as it is.
#[derive(Clone, Debug)]
pub struct StereoDownmix {
    weights: Box<[[f32; 2]]>,
}

impl StereoDownmix {
    /// A downmix of these loudspeakers.
    pub fn new(layout: &Layout) -> Self {
        Self {
            weights: layout.stereo_weights().into(),
        }
    }

    /// Left and right of one sample of every channel.
    pub fn mix(&self, frame: &[f32]) -> [f32; 2] {
        let side = |side: usize| {
            let parts = frame.iter().zip(&self.weights).map(|(s, w)| s * w[side]);
            parts.sum::<f32>()
        };
        [side(0), side(1)]
    }

    /// Appends left and right of every frame of interleaved `samples` to `out`.
    pub fn mix_interleaved(&self, samples: &[f32], out: &mut Vec<f32>) {
        let frames = samples.chunks_exact(self.weights.len().max(1));
        out.extend(frames.flat_map(|frame| self.mix(frame)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_channel_is_heard_on_its_side() {
        let layout = Layout::usual(6);
        let downmix = StereoDownmix::new(&layout);
        let alone = |channel: usize| {
            let mut frame = [0.0; 6];
            frame[channel] = 1.0;
            downmix.mix(&frame)
        };
        let [front_left, front_right] = [alone(0), alone(1)];
        assert!(front_left[0] > 0.4 && front_left[1] == 0.0);
        assert_eq!([front_right[1], front_right[0]], front_left);
        assert!(alone(2)[0] == alone(2)[1] && alone(2)[0] > 0.29);
        assert_eq!(alone(3), [0.0, 0.0]);
        assert!(alone(4)[0] > 0.29 && alone(4)[1] == 0.0);
        assert!(alone(5)[1] > 0.29 && alone(5)[0] == 0.0);
        assert_eq!(
            StereoDownmix::new(&Layout::usual(1)).mix(&[0.3]),
            [0.3, 0.3]
        );
    }
}
