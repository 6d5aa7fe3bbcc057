use std::fmt;
use std::str::FromStr;

/// How a number is read where Vietnamese has two ways of saying it. Both are right
/// everywhere; an office keeps to one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct NumberStyle {
    /// The word for tens that are nought.
    pub zero_tens: ZeroTens,
    /// The word for 1,000.
    pub thousand: Thousand,
}

/// What is said for tens that are nought: 105 is `một trăm linh năm` or
/// `một trăm lẻ năm`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ZeroTens {
    /// `linh`.
    #[default]
    Linh,
    /// `lẻ`.
    Le,
}

/// The word for 1,000.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Thousand {
    /// `nghìn`.
    #[default]
    Nghin,
    /// `ngàn`.
    Ngan,
}

/// A word that is not one of those that a style chooses from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not one of the words to choose from: `{0}`, `{1}`")]
pub struct UnknownWord(&'static str, &'static str);

impl fmt::Display for ZeroTens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Linh => "linh",
            Self::Le => "lẻ",
        })
    }
}

impl FromStr for ZeroTens {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        match word {
            "linh" => Ok(Self::Linh),
            "lẻ" => Ok(Self::Le),
            _ => Err(UnknownWord("linh", "lẻ")),
        }
    }
}

impl fmt::Display for Thousand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Nghin => "nghìn",
            Self::Ngan => "ngàn",
        })
    }
}

impl FromStr for Thousand {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        match word {
            "nghìn" => Ok(Self::Nghin),
            "ngàn" => Ok(Self::Ngan),
            _ => Err(UnknownWord("nghìn", "ngàn")),
        }
    }
}

/// The largest number that has words here: 10¹⁸, `một tỷ tỷ`.
pub const LARGEST_IN_WORDS: u64 = 1_000_000_000_000_000_000;

const DIGITS: [&str; 10] = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"];

const BILLION: u64 = 1_000_000_000;

/// A decimal number in Vietnamese words: `24` is `hai mươi tư`, `-1005` is
/// `âm một nghìn không trăm linh năm`, `12.50` is `mười hai phẩy năm`.
///
/// The number is written as data files write it, with a point before the fraction
/// and nothing between thousands. None for other texts, and for numbers that are
/// larger than [`LARGEST_IN_WORDS`] or have more than twelve digits after the point.
pub fn number_words(number: &str, style: NumberStyle) -> Option<String> {
    let (minus, rest) = number.strip_prefix('-').map_or((false, number), |rest| (true, rest));
    let (whole, fraction) = rest.split_once('.').unwrap_or((rest, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || rest.ends_with('.') || !digits(whole) || !digits(fraction) {
        return None;
    }
    let value: u64 = whole.parse().ok().filter(|value| *value <= LARGEST_IN_WORDS)?;
    let fraction = fraction.trim_end_matches('0');
    if fraction.len() > 12 {
        return None;
    }
    let mut words = Words { style, said: Vec::new() };
    if minus && (value > 0 || !fraction.is_empty()) {
        words.said.push("âm".to_owned());
    }
    words.whole(value);
    if !fraction.is_empty() {
        words.say("phẩy");
        words.fraction(fraction);
    }
    Some(words.said.join(" "))
}

/// A number on its way into words.
struct Words {
    style: NumberStyle,
    said: Vec<String>,
}

impl Words {
    fn say(&mut self, word: &str) {
        self.said.push(word.to_owned());
    }

    fn digit(&mut self, digit: u64) {
        self.say(DIGITS[usize::try_from(digit % 10).unwrap_or_default()]);
    }

    fn whole(&mut self, number: u64) {
        if number == 0 {
            self.digit(0);
        } else {
            self.billions(number, false);
        }
    }

    /// A number above nought; `follows` says whether larger units were said before it.
    fn billions(&mut self, number: u64, follows: bool) {
        let (above, below) = (number / BILLION, number % BILLION);
        let mut follows = follows;
        if above > 0 {
            self.billions(above, follows);
            self.say("tỷ");
            follows = true;
        }
        let thousand = self.style.thousand.to_string();
        for (size, unit) in [(1_000_000, "triệu"), (1_000, thousand.as_str()), (1, "")] {
            let group = below / size % 1_000;
            if group == 0 {
                continue;
            }
            self.group(group, follows);
            if !unit.is_empty() {
                self.say(unit);
            }
            follows = true;
        }
    }

    /// Three digits, not all nought; after larger units with `không trăm`.
    fn group(&mut self, group: u64, follows: bool) {
        let (hundreds, tens, ones) = (group / 100, group / 10 % 10, group % 10);
        let has_hundreds = hundreds > 0 || follows;
        if has_hundreds {
            self.digit(hundreds);
            self.say("trăm");
        }
        match (tens, ones) {
            (0, 0) => {}
            (0, _) => {
                if has_hundreds {
                    self.say(&self.style.zero_tens.to_string());
                }
                self.digit(ones);
            }
            (1, _) => {
                self.say("mười");
                self.ones(ones, false);
            }
            _ => {
                self.digit(tens);
                self.say("mươi");
                self.ones(ones, true);
            }
        }
    }

    /// The ones after tens: 5 is `lăm`; after twenty and more 1 is `mốt`, 4 is `tư`.
    fn ones(&mut self, ones: u64, after_twenty: bool) {
        match ones {
            0 => {}
            5 => self.say("lăm"),
            1 if after_twenty => self.say("mốt"),
            4 if after_twenty => self.say("tư"),
            _ => self.digit(ones),
        }
    }

    /// What stands after the point: read as a number, if it is short and begins with
    /// no nought; else digit by digit.
    fn fraction(&mut self, digits: &str) {
        match digits.parse() {
            Ok(number) if digits.len() <= 3 && !digits.starts_with('0') => self.whole(number),
            _ => digits.bytes().for_each(|byte| self.digit(u64::from(byte - b'0'))),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn words(number: &str) -> String {
        number_words(number, NumberStyle::default()).unwrap_or_else(|| panic!("{number}"))
    }

    #[test]
    fn whole_numbers() {
        for (number, expected) in [
            ("0", "không"),
            ("1", "một"),
            ("4", "bốn"),
            ("5", "năm"),
            ("9", "chín"),
            ("02", "hai"),
            ("10", "mười"),
            ("11", "mười một"),
            ("14", "mười bốn"),
            ("15", "mười lăm"),
            ("19", "mười chín"),
            ("20", "hai mươi"),
            ("21", "hai mươi mốt"),
            ("22", "hai mươi hai"),
            ("24", "hai mươi tư"),
            ("25", "hai mươi lăm"),
            ("31", "ba mươi mốt"),
            ("34", "ba mươi tư"),
            ("40", "bốn mươi"),
            ("44", "bốn mươi tư"),
            ("45", "bốn mươi lăm"),
            ("50", "năm mươi"),
            ("55", "năm mươi lăm"),
            ("91", "chín mươi mốt"),
            ("99", "chín mươi chín"),
            ("100", "một trăm"),
            ("101", "một trăm linh một"),
            ("104", "một trăm linh bốn"),
            ("105", "một trăm linh năm"),
            ("110", "một trăm mười"),
            ("111", "một trăm mười một"),
            ("115", "một trăm mười lăm"),
            ("121", "một trăm hai mươi mốt"),
            ("200", "hai trăm"),
            ("444", "bốn trăm bốn mươi tư"),
            ("505", "năm trăm linh năm"),
            ("555", "năm trăm năm mươi lăm"),
            ("999", "chín trăm chín mươi chín"),
            ("1000", "một nghìn"),
            ("1001", "một nghìn không trăm linh một"),
            ("1005", "một nghìn không trăm linh năm"),
            ("1010", "một nghìn không trăm mười"),
            ("1015", "một nghìn không trăm mười lăm"),
            ("1021", "một nghìn không trăm hai mươi mốt"),
            ("1100", "một nghìn một trăm"),
            ("1105", "một nghìn một trăm linh năm"),
            ("2026", "hai nghìn không trăm hai mươi sáu"),
            ("10000", "mười nghìn"),
            ("10001", "mười nghìn không trăm linh một"),
            ("15000", "mười lăm nghìn"),
            ("21000", "hai mươi mốt nghìn"),
            ("24005", "hai mươi tư nghìn không trăm linh năm"),
            ("100000", "một trăm nghìn"),
            ("105000", "một trăm linh năm nghìn"),
            ("1000000", "một triệu"),
            ("1000001", "một triệu không trăm linh một"),
            ("1005000", "một triệu không trăm linh năm nghìn"),
            ("1250000", "một triệu hai trăm năm mươi nghìn"),
            (
                "21021021",
                "hai mươi mốt triệu không trăm hai mươi mốt nghìn không trăm hai mươi mốt",
            ),
            ("100000000", "một trăm triệu"),
            ("1000000000", "một tỷ"),
            ("1000000005", "một tỷ không trăm linh năm"),
            ("1015000000", "một tỷ không trăm mười lăm triệu"),
            ("24000000000", "hai mươi tư tỷ"),
            ("1000000000000", "một nghìn tỷ"),
            ("1500000000000", "một nghìn năm trăm tỷ"),
            ("1000005000000", "một nghìn tỷ không trăm linh năm triệu"),
            ("2000001000000000", "hai triệu không trăm linh một tỷ"),
            ("1000000000000000000", "một tỷ tỷ"),
            ("-5", "âm năm"),
            ("-0", "không"),
        ] {
            assert_eq!(words(number), expected, "{number}");
        }
    }

    #[test]
    fn decimals() {
        for (number, expected) in [
            ("12.5", "mười hai phẩy năm"),
            ("12.50", "mười hai phẩy năm"),
            ("12.0", "mười hai"),
            ("3.14", "ba phẩy mười bốn"),
            ("1.25", "một phẩy hai mươi lăm"),
            ("2.05", "hai phẩy không năm"),
            ("0.105", "không phẩy một trăm linh năm"),
            ("0.005", "không phẩy không không năm"),
            ("7.1415", "bảy phẩy một bốn một năm"),
            ("-0.5", "âm không phẩy năm"),
        ] {
            assert_eq!(words(number), expected, "{number}");
        }
    }

    #[test]
    fn an_office_may_say_le_and_ngan() {
        let style = NumberStyle { zero_tens: ZeroTens::Le, thousand: Thousand::Ngan };
        let words = |number| number_words(number, style).unwrap();
        assert_eq!(words("105"), "một trăm lẻ năm");
        assert_eq!(words("1005"), "một ngàn không trăm lẻ năm");
        assert_eq!(words("1000001"), "một triệu không trăm lẻ một");
        for style in ["linh", "lẻ"] {
            assert_eq!(style.parse::<ZeroTens>().map(|one| one.to_string()), Ok(style.to_owned()));
        }
        for style in ["nghìn", "ngàn"] {
            assert_eq!(style.parse::<Thousand>().map(|one| one.to_string()), Ok(style.to_owned()));
        }
        assert!("le".parse::<ZeroTens>().is_err() && "nghin".parse::<Thousand>().is_err());
    }

    #[test]
    fn other_texts_have_no_words() {
        for text in [
            "",
            "-",
            "+5",
            "5.",
            ".5",
            "1.250.000",
            "1,5",
            "mười",
            "5 – 10",
            "1e3",
            " 5",
            "٥",
            "1000000000000000001",
            "99999999999999999999999",
            "0.1234567890123",
        ] {
            assert_eq!(number_words(text, NumberStyle::default()), None, "{text}");
        }
    }

    /// What a reader makes of the words: the number again, and one space between words.
    #[test]
    fn different_numbers_have_different_words() {
        let steps = (0..1_000_000_u64).step_by(7);
        let large = (0..60_u32).map(|power| 3_u64.pow(power % 37) * 2_u64.pow(power / 37));
        let mut seen = HashSet::new();
        for number in (0..5_000).chain(steps).chain(large).collect::<HashSet<u64>>() {
            let words = words(&number.to_string());
            assert!(!words.contains("  ") && words.trim() == words, "{number}: `{words}`");
            assert!(seen.insert(words), "{number} has the words of another number");
        }
        assert!(seen.len() > 140_000, "{}", seen.len());
    }
}
