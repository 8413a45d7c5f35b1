//! EfficientNet-Lite0 (Tan and Le 2019, arXiv:1905.11946), batch norms folded, and what is read
//! from its feature maps.

use candle_core::{D, Result, Tensor};

use super::error::PictureMoodError;

/// Kernel's stride of each block; the layers' other sizes are those of their weights.
const STRIDES: [usize; 16] = [1, 2, 1, 2, 1, 2, 1, 1, 1, 1, 1, 2, 1, 1, 1, 1];
/// The blocks whose mean and deviation describe a picture.
const DESCRIBED: [usize; 3] = [4, 10, 15];
/// Mean and deviation of the pictures that the net was trained on, red, green, blue.
const MEAN: [f64; 3] = [0.485, 0.456, 0.406];
const DEVIATION: [f64; 3] = [0.229, 0.224, 0.225];

/// A 1x1 convolution: weight `[out, in]`, bias `[out, 1]`.
struct Pointwise {
    weight: Tensor,
    bias: Tensor,
}

/// A convolution of each channel by itself: weight `[channels, kernel, kernel]`.
struct Depthwise {
    weight: Tensor,
    bias: Tensor,
    stride: usize,
}

/// Mobile inverted bottleneck.
struct Block {
    expand: Option<Pointwise>,
    depthwise: Depthwise,
    project: Pointwise,
}

/// The network.
pub struct Eye {
    /// Weight `[32, 3, 3, 3]`, bias `[1, 32, 1, 1]`.
    stem: (Tensor, Tensor),
    blocks: Vec<Block>,
    head: Pointwise,
}

impl Eye {
    /// Takes the network's weights.
    pub fn new(
        take: &mut impl FnMut(&str) -> std::result::Result<Tensor, PictureMoodError>,
    ) -> std::result::Result<Self, PictureMoodError> {
        let mut stem = (take("eye.stem.weight")?, take("eye.stem.bias")?);
        stem.1 = stem.1.reshape((1, (), 1, 1))?;
        let mut blocks = Vec::new();
        for (i, stride) in STRIDES.into_iter().enumerate() {
            let weight = take(&format!("eye.blocks.{i}.depthwise.weight"))?;
            blocks.push(Block {
                // The first block has as many channels inside as outside.
                expand: (i > 0)
                    .then(|| Pointwise::new(&format!("eye.blocks.{i}.expand"), take))
                    .transpose()?,
                depthwise: Depthwise {
                    weight: weight.squeeze(1)?,
                    bias: take(&format!("eye.blocks.{i}.depthwise.bias"))?.reshape(((), 1, 1))?,
                    stride,
                },
                project: Pointwise::new(&format!("eye.blocks.{i}.project"), take)?,
            });
        }
        let head = Pointwise::new("eye.head", take)?;
        Ok(Self { stem, blocks, head })
    }

    /// Features of a picture `[3, side, side]`, 0 to 1: mean and deviation of the head's map, then
    /// of the described blocks'.
    pub fn describe(&self, picture: &Tensor) -> Result<Tensor> {
        let device = picture.device();
        let mean = Tensor::new(&MEAN, device)?.to_dtype(picture.dtype())?;
        let deviation = Tensor::new(&DEVIATION, device)?.to_dtype(picture.dtype())?;
        let picture = picture
            .broadcast_sub(&mean.reshape((3, 1, 1))?)?
            .broadcast_div(&deviation.reshape((3, 1, 1))?)?;

        // An even side and a stride of two leave one row and one column to pad, at the end.
        let padded = picture.pad_with_zeros(1, 0, 1)?.pad_with_zeros(2, 0, 1)?;
        let map = padded.unsqueeze(0)?.conv2d(&self.stem.0, 0, 2, 1, 1)?;
        let mut map = relu6(&map.broadcast_add(&self.stem.1)?)?.squeeze(0)?;
        let mut features = Vec::new();
        for (i, block) in self.blocks.iter().enumerate() {
            map = block.apply(&map)?;
            if DESCRIBED.contains(&i) {
                features.extend(mean_and_deviation(&map)?);
            }
        }
        let mut all = mean_and_deviation(&relu6(&self.head.apply(&map)?)?)?;
        all.append(&mut features);
        Tensor::cat(&all, 0)
    }
}

impl Block {
    fn apply(&self, map: &Tensor) -> Result<Tensor> {
        let inside = match &self.expand {
            Some(expand) => relu6(&expand.apply(map)?)?,
            None => map.clone(),
        };
        let inside = relu6(&self.depthwise.apply(&inside)?)?;
        let projected = self.project.apply(&inside)?;
        if projected.shape() == map.shape() {
            projected + map
        } else {
            Ok(projected)
        }
    }
}

impl Pointwise {
    fn new(
        name: &str,
        take: &mut impl FnMut(&str) -> std::result::Result<Tensor, PictureMoodError>,
    ) -> std::result::Result<Self, PictureMoodError> {
        Ok(Self {
            weight: take(&format!("{name}.weight"))?.flatten_from(1)?,
            bias: take(&format!("{name}.bias"))?.unsqueeze(1)?,
        })
    }

    /// `[in, height, width]` to `[out, height, width]`.
    fn apply(&self, map: &Tensor) -> Result<Tensor> {
        let (_, height, width) = map.dims3()?;
        let map = self.weight.matmul(&map.flatten_from(1)?)?;
        map.broadcast_add(&self.bias)?.reshape(((), height, width))
    }
}

impl Depthwise {
    /// `[channels, height, width]` to the same, or to half of both. As a sum over the taps of
    /// shifted maps, where a grouped convolution of this library goes channel by channel.
    fn apply(&self, map: &Tensor) -> Result<Tensor> {
        let (channels, height, width) = map.dims3()?;
        let (kernel, stride) = (self.weight.dim(1)?, self.stride);
        // As much padding as keeps the size, the odd one at the end. With a stride the padded
        // sides are made even, so that they can be split into alternate rows and columns.
        let before = (kernel - stride) / 2;
        let after = kernel - 1 - before;
        let map = map
            .pad_with_zeros(1, before, after)?
            .pad_with_zeros(2, before, after)?;
        let map = match stride {
            1 => map,
            _ => map
                .pad_with_zeros(1, 0, (height + kernel - 1) % stride)?
                .pad_with_zeros(2, 0, (width + kernel - 1) % stride)?,
        };
        let (padded_height, padded_width) = (map.dim(1)? / stride, map.dim(2)? / stride);
        let split = map.reshape((channels, padded_height, stride, padded_width, stride))?;
        let mut sum: Option<Tensor> = None;
        for row in 0..kernel {
            for column in 0..kernel {
                let shifted = split
                    .narrow(2, row % stride, 1)?
                    .narrow(4, column % stride, 1)?
                    .squeeze(4)?
                    .squeeze(2)?
                    .narrow(1, row / stride, height / stride)?
                    .narrow(2, column / stride, width / stride)?;
                let weight = self.weight.narrow(1, row, 1)?.narrow(2, column, 1)?;
                let product = shifted.broadcast_mul(&weight)?;
                sum = Some(match sum {
                    Some(sum) => (sum + product)?,
                    None => product,
                });
            }
        }
        match sum {
            Some(sum) => sum.broadcast_add(&self.bias),
            None => Ok(map),
        }
    }
}

fn relu6(map: &Tensor) -> Result<Tensor> {
    map.clamp(0f32, 6f32)
}

/// Mean and deviation (of a sample) of each channel over its positions.
fn mean_and_deviation(map: &Tensor) -> Result<Vec<Tensor>> {
    let flat = map.flatten_from(1)?;
    Ok(vec![flat.mean(D::Minus1)?, flat.var(D::Minus1)?.sqrt()?])
}
