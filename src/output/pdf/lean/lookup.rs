//! Tables that are asked for every character of a text, written so that the answer
//! is found sooner. What they say stays the same.

use std::borrow::Cow;
use std::collections::BTreeMap;

use ttf_parser::{Face, PlatformId, cmap::Subtable};

use super::{LeanError, broken, put_u16, u16_at};

/// The characters from `first` to `last` have the glyphs from `glyph` on.
struct Group {
    first: u32,
    last: u32,
    glyph: u32,
}

/// Returns a `cmap` table with one list of groups of characters, of format 12; a font whose
/// lists do not say the same, or that is not ordered by Unicode, keeps its table.
///
/// To read the list of format 4, which fonts of the past have, took a quarter of the time in
/// which a text is shaped.
pub(super) fn cmap<'a>(face: &Face<'_>, data: &'a [u8]) -> Cow<'a, [u8]> {
    let Some(cmap) = face.tables().cmap else { return data.into() };
    let symbols = |one: &Subtable| one.platform_id == PlatformId::Windows && one.encoding_id == 0;
    if cmap.subtables.into_iter().any(|one| symbols(&one)) {
        return data.into();
    }
    let mut lists = cmap.subtables.into_iter().filter(Subtable::is_unicode).map(|one| glyphs(&one));
    let Some(first) = lists.next().filter(|list| !list.is_empty()) else { return data.into() };
    if lists.any(|list| list != first) {
        return data.into();
    }
    let groups = groups(&first);
    let count = groups.len() as u32;
    // Version, one list; it is for Windows, has all of Unicode, and begins behind this.
    let mut out = [0, 1, 3, 10, 0, 12].map(u16::to_be_bytes).concat();
    // Format, nothing.
    out.extend([12, 0].map(u16::to_be_bytes).concat());
    // Length, no language.
    out.extend([16 + 12 * count, 0, count].map(u32::to_be_bytes).concat());
    for group in groups {
        out.extend([group.first, group.last, group.glyph].map(u32::to_be_bytes).concat());
    }
    out.into()
}

fn glyphs(list: &Subtable) -> BTreeMap<u32, u16> {
    let mut glyphs = BTreeMap::new();
    list.codepoints(|c| {
        if let Some(glyph) = list.glyph_index(c) {
            glyphs.insert(c, glyph.0);
        }
    });
    glyphs
}

fn groups(glyphs: &BTreeMap<u32, u16>) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for (&c, &glyph) in glyphs {
        let glyph = u32::from(glyph);
        match groups.last_mut() {
            Some(group) if group.last + 1 == c && group.glyph + (c - group.first) == glyph => {
                group.last = c;
            }
            _ => groups.push(Group { first: c, last: c, glyph }),
        }
    }
    groups
}

/// A class for each of more glyphs than this would take more room than a font of text is worth;
/// fonts of text have fewer.
const MOST_CLASSES: u16 = 4096;

/// Returns the `GDEF` table with a class for each glyph instead of ranges of glyphs; a font of
/// very many glyphs keeps its table.
pub(super) fn gdef(data: &[u8]) -> Result<Cow<'_, [u8]>, LeanError> {
    let at = |at| u16_at(data, at).ok_or(broken(*b"GDEF"));
    let old = usize::from(at(4)?);
    if old == 0 || at(old)? != 2 {
        return Ok(data.into());
    }
    let ranges = (0..usize::from(at(old + 2)?)).map(|number| {
        let start = old + 4 + 6 * number;
        Ok((at(start)?, at(start + 2)?, at(start + 4)?))
    });
    let ranges: Vec<(u16, u16, u16)> = ranges.collect::<Result<_, LeanError>>()?;
    let first = ranges.iter().map(|range| range.0).min();
    let last = ranges.iter().map(|range| range.1).max();
    let new = data.len().next_multiple_of(2);
    let (Some((first, last)), Ok(place)) = (first.zip(last), u16::try_from(new)) else {
        return Ok(data.into());
    };
    let count = last.checked_sub(first).and_then(|more| more.checked_add(1));
    let count = count.ok_or(broken(*b"GDEF"))?;
    if count > MOST_CLASSES {
        return Ok(data.into());
    }
    let mut classes = vec![0; usize::from(count)];
    for (from, to, class) in ranges {
        let (from, to) = (usize::from(from - first), usize::from(to - first));
        classes.get_mut(from..=to).ok_or(broken(*b"GDEF"))?.fill(class);
    }
    let mut out = data.to_vec();
    out.resize(new, 0);
    put_u16(&mut out, 4, place).ok_or(broken(*b"GDEF"))?;
    out.extend([1, first, count].map(u16::to_be_bytes).concat());
    out.extend(classes.into_iter().flat_map(u16::to_be_bytes));
    Ok(out.into())
}
