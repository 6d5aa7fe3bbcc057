use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{decompose_canonical, is_combining_mark};

/// Writes a text in capitals, as the decree asks for agency names, kinds and
/// headings ("in hoa"). The result is in NFC.
pub fn upper(text: &str) -> String {
    text.to_uppercase().nfc().collect()
}

/// A key for comparing names as people do: without case, tone marks and
/// diacritics, `đ` as `d`, runs of space as one.
///
/// `Ủy ban` and `Uỷ ban` have the same key.
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        for c in word.chars() {
            if c.is_ascii() {
                out.push(c.to_ascii_lowercase());
            } else {
                decompose_canonical(c, |part| fold_part(part, &mut out));
            }
        }
    }
    out
}

fn fold_part(part: char, out: &mut String) {
    if !is_combining_mark(part) {
        out.extend(part.to_lowercase().map(|c| if c == 'đ' { 'd' } else { c }));
    }
}

/// Whether the character is one of the 134 letters with marks of the
/// Vietnamese alphabet (67 in each case), in precomposed form.
pub fn is_vietnamese_letter(c: char) -> bool {
    matches!(c, '\u{1EA0}'..='\u{1EF9}'
        | 'À'..='Ã' | 'È'..='Ê' | 'Ì' | 'Í' | 'Ò'..='Õ' | 'Ù' | 'Ú' | 'Ý'
        | 'à'..='ã' | 'è'..='ê' | 'ì' | 'í' | 'ò'..='õ' | 'ù' | 'ú' | 'ý'
        | 'Ă' | 'ă' | 'Đ' | 'đ' | 'Ĩ' | 'ĩ' | 'Ũ' | 'ũ' | 'Ơ' | 'ơ' | 'Ư' | 'ư')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capitals_keep_the_marks() {
        assert_eq!(upper("Ủy ban nhân dân xã Định Mỹ"), "ỦY BAN NHÂN DÂN XÃ ĐỊNH MỸ");
        assert_eq!(upper("a\u{302}\u{301}"), "Ấ");
    }

    #[test]
    fn folding_ignores_tone_mark_style() {
        assert_eq!(fold("Uỷ  ban"), fold("ủy ban"));
        assert_eq!(fold("Đề nghị"), "de nghi");
    }

    #[test]
    fn folding_forgets_marks_whether_they_are_composed_or_not() {
        for text in ["Ủy ban Đặc khu", "  Đoàn\u{a0}\tThanh niên ", "İ ﬁ Ǆ 가 \u{301} a", ""]
        {
            let composed: String = text.nfc().collect();
            let apart: String = text.nfd().collect();
            assert_eq!(fold(&composed), fold(&apart), "{text}");
        }
        assert_eq!(fold("  Đoàn\u{a0}\tThanh niên "), "doan thanh nien");
        for c in ('\0'..='\u{2fff}').filter(|c| is_vietnamese_letter(*c)) {
            assert!(fold(&c.to_string()).bytes().all(|byte| byte.is_ascii_lowercase()), "{c}");
        }
    }

    #[test]
    fn the_alphabet_has_134_marked_letters() {
        let count =
            (0..0x2000u32).filter_map(char::from_u32).filter(|c| is_vietnamese_letter(*c)).count();
        assert_eq!(count, 134);
    }
}
