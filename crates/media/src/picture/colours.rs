//! What a file's numbers mean as colours, and the same colours in sRGB.
//!
//! By the ICC profile that is embedded; in PNG first of all by its code points (cICP), and where
//! there is no profile and no mark of sRGB by its chromaticities and gamma, as its third edition
//! says.

use super::jpeg;
use image::{DynamicImage, ImageBuffer, ImageFormat, Rgba};
use moxcms::{
    Chromaticity, CicpProfile, ColorPrimaries, ColorProfile, DataColorSpace, Layout, ToneReprCurve,
    TransformOptions, XyY,
};
use std::io::Cursor;

/// How far a gamma may be from sRGB's and still mean its curve.
const GAMMA_OF_SRGB: std::ops::RangeInclusive<f32> = 0.44..=0.47;

/// The colour space of a file; none for sRGB, which is also what those mean that say nothing.
/// `embedded` is its ICC profile.
///
/// # Errors
/// What is in doubt, where the colours cannot be told.
pub fn of(
    format: ImageFormat,
    bytes: &[u8],
    embedded: Option<Vec<u8>>,
) -> Result<Option<ColorProfile>, String> {
    // The decoder has made RGB of it by a formula, of which no profile knows.
    if format == ImageFormat::Jpeg && jpeg::components(bytes) == Some(4) {
        return Err("its colours are those of a printer (CMYK) and only roughly known".to_owned());
    }
    if format == ImageFormat::Png
        && let Some(space) = of_png(bytes, embedded.is_some())
    {
        return Ok(space);
    }
    let Some(embedded) = embedded else {
        return Ok(None);
    };
    let profile = ColorProfile::new_from_slice(&embedded)
        .map_err(|_| "its colour profile cannot be read, and it is taken for sRGB".to_owned())?;
    match profile.color_space {
        DataColorSpace::Rgb | DataColorSpace::Gray => Ok(Some(profile)),
        _ => Err("its colours are those of a printer (CMYK) and only roughly known".to_owned()),
    }
}

/// What PNG's own chunks say, where they count: before a profile, or where there is none.
fn of_png(bytes: &[u8], has_profile: bool) -> Option<Option<ColorProfile>> {
    let reader = png::Decoder::new(Cursor::new(bytes)).read_info().ok()?;
    let info = reader.info();
    if let Some(points) = &info.coding_independent_code_points {
        let points = CicpProfile {
            color_primaries: points.color_primaries.try_into().ok()?,
            transfer_characteristics: points.transfer_function.try_into().ok()?,
            matrix_coefficients: points.matrix_coefficients.try_into().ok()?,
            full_range: points.is_video_full_range_image,
        };
        return Some(Some(ColorProfile::new_from_cicp(points)));
    }
    if has_profile {
        return None;
    }
    if info.srgb.is_some() {
        return Some(None);
    }
    let gamma = info.gama_chunk.map(png::ScaledFloat::into_value);
    let gamma = gamma.filter(|gamma| *gamma > 0.0 && !GAMMA_OF_SRGB.contains(gamma));
    if gamma.is_none() && info.chrm_chunk.is_none() {
        return Some(None);
    }
    let mut space = ColorProfile::new_srgb();
    // What is measured is told by its curve and primaries, not by a standard's number.
    space.cicp = None;
    if let Some(chromaticities) = info.chrm_chunk {
        let at = |(x, y): (png::ScaledFloat, png::ScaledFloat)| {
            Chromaticity::new(x.into_value(), y.into_value())
        };
        let white = at(chromaticities.white);
        let primaries = ColorPrimaries {
            red: at(chromaticities.red),
            green: at(chromaticities.green),
            blue: at(chromaticities.blue),
        };
        let told = [white, primaries.red, primaries.green, primaries.blue];
        if told.iter().any(|at| at.y <= 0.0) {
            return Some(None);
        }
        let white = XyY {
            x: white.x.into(),
            y: white.y.into(),
            yb: 1.0,
        };
        space.update_rgb_colorimetry(white, primaries);
    }
    if let Some(gamma) = gamma {
        let curve = ToneReprCurve::Parametric(vec![1.0 / gamma]);
        space.red_trc = Some(curve.clone());
        space.green_trc = Some(curve.clone());
        space.blue_trc = Some(curve);
    }
    Some(Some(space))
}

/// `picture`, whose colours are in `space`, in sRGB; as it was, and what is in doubt, where that
/// cannot be done.
pub fn to_srgb(picture: DynamicImage, space: &ColorProfile) -> (DynamicImage, Option<String>) {
    let doubt = || Some("its colour profile does not fit it, and it is taken for sRGB".to_owned());
    let (layout, pixels) = match space.color_space {
        DataColorSpace::Gray if picture.color().has_color() => return (picture, doubt()),
        DataColorSpace::Gray => (Layout::GrayAlpha, picture.to_luma_alpha16().into_raw()),
        _ => (Layout::Rgba, picture.to_rgba16().into_raw()),
    };
    let srgb = ColorProfile::new_srgb();
    let options = TransformOptions::default();
    let transform = space.create_transform_16bit(layout, &srgb, Layout::Rgba, options);
    let mut seen = vec![0; picture.width() as usize * picture.height() as usize * 4];
    let done = transform.and_then(|transform| transform.transform(&pixels, &mut seen));
    let (width, height) = (picture.width(), picture.height());
    let buffer = ImageBuffer::<Rgba<u16>, _>::from_raw(width, height, seen);
    match (done, buffer) {
        (Ok(()), Some(buffer)) => (DynamicImage::ImageRgba16(buffer), None),
        _ => (picture, doubt()),
    }
}
