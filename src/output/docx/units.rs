//! The units of WordprocessingML.

/// Points in a millimetre.
pub(super) const MM: f64 = 72.0 / 25.4;

/// A length in points as twentieths of a point.
pub(super) fn twips(points: f64) -> u32 {
    whole(points * 20.0)
}

/// A length in millimetres as twentieths of a point.
pub(super) fn twips_of_mm(millimetres: f64) -> u32 {
    twips(millimetres * MM)
}

/// A size in points as half points.
pub(super) fn half_points(points: f64) -> u32 {
    whole(points * 2.0)
}

/// A length in millimetres as English metric units, in which pictures are measured.
pub(super) fn emu(millimetres: f64) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "a page is small")]
    let units = (millimetres * 36_000.0).round() as i64;
    units
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "lengths on a page are small and not negative"
)]
fn whole(value: f64) -> u32 {
    value.round().max(0.0) as u32
}
