/// An hour of the day in words: `8:00`, `08h00` and `8h` are `08 giờ 00`; none
/// where the text is written otherwise or the clock has no such hour.
pub fn clock_text(text: &str) -> Option<String> {
    let (hour, minute) = text.trim().split_once([':', 'h', 'H'])?;
    let minute = if minute.is_empty() && !text.contains(':') { "00" } else { minute };
    let number = |part: &str, below: u8| {
        let digits = matches!(part.len(), 1 | 2) && part.bytes().all(|byte| byte.is_ascii_digit());
        part.parse::<u8>().ok().filter(|number| digits && *number < below)
    };
    Some(format!("{:02} giờ {:02}", number(hour, 24)?, number(minute, 60)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_told_from_other_texts() {
        for (given, expected) in [
            ("8:00", "08 giờ 00"),
            ("08h05", "08 giờ 05"),
            ("8h", "08 giờ 00"),
            ("23:59", "23 giờ 59"),
        ] {
            assert_eq!(clock_text(given).as_deref(), Some(expected), "{given}");
        }
        for given in ["24:00", "8:60", "8", "8:", "chiều", "8 giờ", "08:00, thứ Sáu", "+8:00", ""]
        {
            assert_eq!(clock_text(given), None, "{given}");
        }
    }
}
