//! Every character that an official document may hold is printed and can be
//! read back.

use unicode_normalization::UnicodeNormalization;
use vanban::viet::is_vietnamese_letter;

use super::support::pdf::Pdf;
use super::support::{codes_of, pdf_of, text_of};

/// A plan with one paragraph.
pub fn plan(paragraph: &str) -> String {
    let data = serde_json::json!({
        "template": "plan",
        "issuer": { "name": "ỦY BAN NHÂN DÂN\nXÃ ĐỊNH MỸ", "symbol": "UBND" },
        "place": "Định Mỹ",
        "date": "2026-08-05",
        "subject": "Thử ký tự",
        "sections": [{ "title": "Nội dung", "content": [paragraph, "Đoạn cuối"] }],
        "recipients": { "paper": ["Các ấp"] },
        "signature": { "TM": "Ủy ban nhân dân", "title": "Chủ tịch", "name": "Nguyễn Văn Mẫu" },
    });
    data.to_string()
}

fn alphabet() -> Vec<char> {
    let letters: Vec<char> =
        (0..0x2000).filter_map(char::from_u32).filter(|c| is_vietnamese_letter(*c)).collect();
    assert_eq!(letters.len(), 134);
    letters
}

/// Words of one letter: every letter stands alone and cannot hide.
fn spaced(letters: impl Iterator<Item = char>) -> String {
    letters.map(|letter| format!("x{letter}x")).collect::<Vec<_>>().join(" ")
}

fn words(text: &str) -> Vec<String> {
    text.nfc().collect::<String>().split_whitespace().map(str::to_owned).collect()
}

#[test]
fn the_whole_vietnamese_alphabet_is_printed() {
    let letters = spaced(alphabet().into_iter());
    let printed = words(&Pdf::new(&pdf_of(&plan(&letters))).text());
    for word in words(&letters) {
        assert!(printed.contains(&word), "{word} is missing");
    }
}

#[test]
fn decomposed_input_prints_like_composed_input() {
    let composed = spaced(alphabet().into_iter());
    let decomposed: String = composed.nfd().collect();
    assert_ne!(composed, decomposed);
    assert_eq!(pdf_of(&plan(&composed)), pdf_of(&plan(&decomposed)));
    assert_eq!(text_of(&plan(&composed)), text_of(&plan(&decomposed)));
}

#[test]
fn every_style_has_every_letter() {
    // Bold in the subject, italic in the bases, bold italic has only `Nơi nhận:`.
    let letters = spaced(alphabet().into_iter());
    let mut data: serde_json::Value = serde_json::from_str(&plan("Một đoạn")).unwrap();
    data["subject"] = letters.clone().into();
    data["bases"] = serde_json::json!([letters]);
    let printed = words(&Pdf::new(&pdf_of(&data.to_string())).text());
    for word in words(&letters) {
        let count = printed.iter().filter(|other| other.trim_end_matches('.') == word).count();
        assert!(count >= 2, "{word} is printed {count} times");
    }
}

#[test]
fn signs_are_printed() {
    let signs = "“ ” ‘ ’ – — … ₫ ☐ ☑ ☒ ✓ № ™ § ° ± × ÷ ≤ ≥ ½ ² ³ α β Ω ← → • € £ « »";
    let printed = Pdf::new(&pdf_of(&plan(signs))).text();
    let printed: String = printed.split_whitespace().collect();
    let expected: String = signs.split_whitespace().collect();
    assert!(printed.contains(&expected), "{printed}");
}

#[test]
fn a_character_without_a_glyph_is_a_finding_and_no_failure() {
    assert_eq!(codes_of(&plan("chữ 漢 và 字")), ["FN03", "FN03"]);
    assert!(codes_of(&plan("chữ Việt")).is_empty());
}

/// A zero-width or soft character must not fail the compilation either.
#[test]
fn invisible_characters_do_no_harm() {
    for text in ["a\u{a0}b", "a\u{ad}b", "a\u{2011}b", "a\u{2009}b"] {
        assert!(codes_of(&plan(text)).is_empty(), "{text:?}");
        assert!(Pdf::new(&pdf_of(&plan(text))).text().contains("NỘI DUNG"), "{text:?}");
    }
    for text in ["a\u{200b}b", "a\u{200d}b", "a\u{feff}b", "a\u{2028}b", "a\u{202e}b"] {
        assert_eq!(codes_of(&plan(text)), ["IN05"], "{text:?}");
    }
}
