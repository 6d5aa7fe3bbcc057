/// The number of a document as the decree writes it: at least two digits
/// (`5` → `05`, `125` → `125`), a letter kept (`6a` → `06a`). PL1-II.3.c.
pub fn document_number(number: &str) -> String {
    let digits = number.trim_start_matches('0');
    let length = digits.chars().take_while(char::is_ascii_digit).count();
    format!("{}{digits}", "0".repeat(2usize.saturating_sub(length)))
}

/// A decimal number as Vietnamese texts write it: dots between thousands, a
/// comma before the fraction (`1250.5` → `1.250,5`).
///
/// Texts that are not plain decimal numbers come back unchanged.
pub fn grouped(number: &str) -> String {
    let (sign, rest) = number.strip_prefix('-').map_or(("", number), |rest| ("-", rest));
    let (whole, fraction) = rest.split_once('.').unwrap_or((rest, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(fraction) {
        return number.to_owned();
    }
    let mut out = String::from(sign);
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            out.push('.');
        }
        out.push(digit);
    }
    let fraction = fraction.trim_end_matches('0');
    if !fraction.is_empty() {
        out.push(',');
        out.push_str(fraction);
    }
    out
}

/// The letters of points (điểm), in the order that the decree's own lists use.
const POINT_LETTERS: &str = "abcdđeghiklmnopqrstuvxy";

/// The letter of the n-th point, from 1: `a b c d đ e g …`; after `y` the
/// series goes on with two letters, which the decree does not define.
pub fn point_letter(n: usize) -> String {
    let letters: Vec<char> = POINT_LETTERS.chars().collect();
    let n = n.max(1) - 1;
    let (round, at) = (n / letters.len(), n % letters.len());
    let mut out = String::new();
    if let Some(first) = round.checked_sub(1).and_then(|index| letters.get(index)) {
        out.push(*first);
    }
    out.push(letters[at]);
    out
}

/// A Roman numeral in capitals; 0 gives an empty text.
pub fn roman(mut n: usize) -> String {
    const PARTS: [(usize, &str); 13] = [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    let mut out = String::new();
    for (value, text) in PARTS {
        while n >= value {
            out.push_str(text);
            n -= value;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn document_numbers_have_two_digits() {
        let cases =
            [("6", "06"), ("06", "06"), ("10", "10"), ("125", "125"), ("6a", "06a"), ("007", "07")];
        for (given, expected) in cases {
            assert_eq!(document_number(given), expected, "{given}");
        }
    }

    #[test]
    fn grouping_follows_vietnamese_usage() {
        let cases = [
            ("0", "0"),
            ("999", "999"),
            ("1250", "1.250"),
            ("1250000", "1.250.000"),
            ("-3.50", "-3,5"),
            ("12.0", "12"),
            ("5 – 10", "5 – 10"),
            ("", ""),
        ];
        for (given, expected) in cases {
            assert_eq!(grouped(given), expected, "{given}");
        }
    }

    #[test]
    fn point_letters_follow_the_decree() {
        let series: String = (1..=23).map(point_letter).collect();
        assert_eq!(series, "abcdđeghiklmnopqrstuvxy");
        assert_eq!(point_letter(24), "aa");
    }

    #[test]
    fn roman_numerals() {
        assert_eq!([1, 4, 9, 14, 40, 1990].map(roman), ["I", "IV", "IX", "XIV", "XL", "MCMXC"]);
    }
}
