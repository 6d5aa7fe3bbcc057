//! The comparison finds what it is there for.

use vanban::catalog::Exception;

use super::form::{Words, faults};
use super::words::{mark, plain, words};

const GAZETTE: &str = "\
# Mẫu số 99, Phụ lục V, trang 7
Mẫu số 99
……[1]……, ngày…… tháng …… năm……
BIÊN BẢN
Họ và tên: ……[2]…… ; Giới tính: ……
Có □\tKhông □
(Ký, ghi rõ mỗi quan hệ)
Căn cứ Nghị định số 163/2026/NĐ-CP.

---
[1] Địa danh.
[2] Người vi phạm.
";

const OURS: &str = "\
Mẫu số 99
……………{1}, ngày …… tháng …… năm ……
BIÊN BẢN
Họ và tên{0}: ……………; Giới tính: ……………
Có ☐ Không ☐
(Ký, ghi rõ mỗi quan hệ)
Căn cứ Nghị định số 163/2026/NĐ-CP.
";

const NOTES: [&str; 2] = ["Người vi phạm.", "Địa danh."];

/// Our text, in which `{0}` and `{1}` are the marks of the notes.
fn ours(text: &str, notes: &[&str]) -> Words {
    let numbers = [0, 1, 2];
    let text = numbers.iter().fold(text.to_owned(), |text, number| {
        text.replace(&format!("{{{number}}}"), &mark(*number).to_string())
    });
    Words::new(&text, notes.iter().map(|&note| note.to_owned()).enumerate())
}

fn found(ours: &Words, exceptions: &[Exception]) -> String {
    faults(&Words::of_gazette(GAZETTE), ours, exceptions).join("\n")
}

fn exception(gazette: &str, ours: &str) -> Exception {
    let (gazette, ours) = (gazette.to_owned(), ours.to_owned());
    Exception { gazette, ours, reason: "a slip of the gazette".to_owned() }
}

#[test]
fn dots_spaces_lines_and_the_order_of_notes_do_not_matter() {
    assert_eq!(found(&ours(OURS, &NOTES), &[]), "");
    let one_line = OURS.replace('\n', " ");
    assert_eq!(found(&ours(&one_line, &NOTES), &[]), "");
}

#[test]
fn a_note_stands_at_the_words_of_the_gazette() {
    let among_dots = OURS.replace("tên{0}: ……………", "tên: ……{0}……");
    assert_eq!(found(&ours(&among_dots, &NOTES), &[]), "");
    let elsewhere = OURS.replace("{0}", "").replace("Giới tính:", "Giới tính{0}:");
    insta::assert_snapshot!(found(&ours(&elsewhere, &NOTES), &[]), @"
    the note `Người vi phạm .` stands elsewhere:
        gazette: …… BIÊN BẢN Họ và tên[*] : …… ; Giới ⟦tính⟧ : …… Có ☐ Không ☐ ( Ký ,
        ours:    …… BIÊN BẢN Họ và tên : …… ; Giới ⟦tính[*]⟧ : …… Có ☐ Không ☐ ( Ký ,
    ");
}

#[test]
fn the_gazette_may_have_a_note_at_more_words_than_we() {
    let gazette = GAZETTE.replace("Giới tính:", "Giới tính[2]:");
    let faults = |ours: &Words| faults(&Words::of_gazette(&gazette), ours, &[]).join("\n");
    assert_eq!(faults(&ours(OURS, &NOTES)), "");
    let twice = OURS.replace("Giới tính:", "Giới tính{2}:");
    assert_eq!(faults(&ours(&twice, &[NOTES[0], NOTES[1], NOTES[0]])), "");
}

#[test]
fn a_changed_word_is_shown_with_what_stands_around_it() {
    let changed = ours(&OURS.replace("mỗi", "mối"), &NOTES);
    insta::assert_snapshot!(found(&changed, &[]), @"
    other words:
        gazette: ☐ Không ☐ ( Ký , ghi rõ ⟦mỗi⟧ quan hệ ) Căn cứ Nghị định số
        ours:    ☐ Không ☐ ( Ký , ghi rõ ⟦mối⟧ quan hệ ) Căn cứ Nghị định số
    ");
}

#[test]
fn case_marks_and_signs_count() {
    for (from, to) in [
        ("BIÊN BẢN", "Biên bản"),
        ("Giới tính:", "Giới tính"),
        ("Giới tính", "Giới tinh"),
        ("NĐ-CP.", "NĐ-CP"),
        ("Có ☐", "Có"),
        ("Có ☐", "☐ Có"),
        ("163/2026", "163/2025"),
    ] {
        assert!(OURS.contains(from));
        let changed = ours(&OURS.replace(from, to), &NOTES);
        assert_ne!(found(&changed, &[]), "", "{from} → {to}");
    }
}

#[test]
fn a_missing_label_and_words_of_our_own_are_found() {
    let missing = found(&ours(&OURS.replace("; Giới tính: ……………", ""), &NOTES), &[]);
    assert!(missing.starts_with("missing:"), "{missing}");
    assert!(missing.contains("⟦…… ; Giới tính :⟧"), "{missing}");
    let more = found(&ours(&OURS.replace("BIÊN BẢN", "BIÊN BẢN LÀM VIỆC"), &NOTES), &[]);
    assert!(more.starts_with("not in the gazette:"), "{more}");
    assert!(more.contains("⟦LÀM VIỆC⟧"), "{more}");
    let end = found(&ours(&format!("{OURS}./."), &NOTES), &[]);
    assert!(end.starts_with("not in the gazette:"), "{end}");
}

#[test]
fn words_in_another_order_are_found() {
    let turned = OURS.replace("BIÊN BẢN\n", "").replace("Mẫu số 99\n", "BIÊN BẢN\nMẫu số 99\n");
    assert_ne!(found(&ours(&turned, &NOTES), &[]), "");
}

#[test]
fn a_missing_blank_is_found_and_one_more_is_not_wrong() {
    let none = found(&ours(&OURS.replace("Giới tính: ……………", "Giới tính:"), &NOTES), &[]);
    assert!(none.starts_with("no blank:"), "{none}");
    let by_spaces = OURS.replace("Giới tính: ……………", "Giới tính:      ");
    assert_eq!(found(&ours(&by_spaces, &NOTES), &[]), "");
    let more = OURS.replace("BIÊN BẢN", "…… BIÊN BẢN");
    assert_eq!(found(&ours(&more, &NOTES), &[]), "");
}

#[test]
fn notes_are_compared_too() {
    let dropped = found(&ours(OURS, &NOTES[..1]), &[]);
    assert_eq!(dropped, "a note is missing:\n    gazette: Địa danh .");
    let changed = found(&ours(OURS, &[NOTES[0], "Nơi lập."]), &[]);
    assert!(changed.contains("a note is missing:\n    gazette: Địa danh"), "{changed}");
    assert!(changed.contains("a note is not in the gazette:\n    ours:    Nơi lập"), "{changed}");
}

#[test]
fn an_exception_is_applied_and_must_be_needed() {
    let corrected = ours(&OURS.replace("mỗi", "mối"), &NOTES);
    assert_eq!(found(&corrected, &[exception("mỗi quan hệ", "mối quan hệ")]), "");
    let unused = found(&ours(OURS, &NOTES), &[exception("mỗi liên hệ", "mối liên hệ")]);
    assert!(unused.contains("`mỗi liên hệ` is not used"), "{unused}");
    // Who stops correcting the slip must take the exception away.
    assert_ne!(found(&ours(OURS, &NOTES), &[exception("mỗi quan hệ", "mối quan hệ")]), "");
    let idle = found(&ours(OURS, &NOTES), &[exception("mỗi quan hệ", "mỗi  quan hệ")]);
    assert!(idle.contains("changes no word"), "{idle}");
}

#[test]
fn an_exception_may_drop_words_and_notes() {
    let shorter = ours(&OURS.replace("(Ký, ghi rõ mỗi quan hệ)\n", ""), &NOTES[..1]);
    let exceptions = [exception("(Ký, ghi rõ mỗi quan hệ)", ""), exception("Địa danh.", "")];
    assert_eq!(found(&shorter, &exceptions), "");
}

#[test]
fn a_full_stop_is_a_word_and_dots_are_not() {
    let said = |text: &str| plain(&words(text));
    assert_eq!(said("ngày.... tháng … năm."), "ngày tháng năm .");
    assert_eq!(said("nơi cấp: ."), "nơi cấp :");
    assert_eq!(said("Điều 3. ……"), said("Điều 3……"));
    assert_eq!(said("3.1. Tại"), "3 . 1 . Tại");
    assert_eq!(said("…………"), "");
}
