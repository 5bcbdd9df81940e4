//! Numbers in Chinese characters, or in digits.

/// The number that a text begins with, and what follows: 三十, 廿五, 一百零三, 一九三四, 1934.
pub(super) fn starting(text: &str) -> Option<(u32, &str)> {
    let end = text.find(|character| digit(character).is_none() && ten(character).is_none());
    let (number, rest) = text.split_at_checked(end.unwrap_or(text.len()))?;
    Some((value(number)?, rest))
}

fn digit(character: char) -> Option<u32> {
    match character {
        '〇' => Some(0),
        '0'..='9' => character.to_digit(10),
        _ => {
            (1..).zip("一二三四五六七八九".chars()).find(|&(_, of)| of == character).map(|(n, _)| n)
        }
    }
}

/// What multiplies the digit before it, or stands for so many tens.
fn ten(character: char) -> Option<u32> {
    Some(match character {
        '十' => 10,
        '百' => 100,
        '廿' => 20,
        '卅' => 30,
        '卌' => 40,
        _ => return None,
    })
}

fn value(number: &str) -> Option<u32> {
    let (mut total, mut last, mut has_digit) = (0_u32, 0, false);
    let is_counted = number.contains(|character| ten(character).is_some());
    for character in number.chars() {
        match (ten(character), digit(character)) {
            (Some(unit @ (10 | 100)), _) => {
                total += unit * if has_digit && last > 0 { last } else { 1 };
                (last, has_digit) = (0, false);
            }
            (Some(tens), _) => {
                total += tens;
                (last, has_digit) = (0, false);
            }
            (None, Some(digit)) => {
                last = if is_counted { digit } else { last.checked_mul(10)?.checked_add(digit)? };
                has_digit = true;
            }
            (None, None) => return None,
        }
    }
    (has_digit || total > 0).then(|| total.checked_add(last))?
}

/// A number up to 999 as people write it: 三十, 四十八, 一百零三.
pub(super) fn written(number: u32) -> String {
    let of = |digit: u32| "〇一二三四五六七八九".chars().nth(digit as usize).into_iter();
    let mut text = String::new();
    let (hundreds, tens, ones) = (number / 100 % 10, number / 10 % 10, number % 10);
    if hundreds > 0 {
        text.extend(of(hundreds));
        text.push('百');
        if tens == 0 && ones > 0 {
            text.push('零');
        }
    }
    if tens > 1 || tens == 1 && hundreds > 0 {
        text.extend(of(tens));
    }
    if tens > 0 {
        text.push('十');
    }
    if ones > 0 || number == 0 {
        text.extend(of(ones));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_and_written() {
        for (text, number) in [
            ("一", 1),
            ("十", 10),
            ("十二", 12),
            ("二十", 20),
            ("四十八", 48),
            ("一百一十三", 113),
            ("九十九", 99),
        ] {
            assert_eq!(starting(text), Some((number, "")), "{text}");
            assert_eq!(written(number), text);
        }
        for (text, number, rest) in [
            ("廿五年", 25, "年"),
            ("卅", 30, ""),
            ("一百〇三年", 103, "年"),
            ("一九三四年", 1934, "年"),
            ("1934年", 1934, "年"),
            ("二〇〇〇", 2000, ""),
            ("五日", 5, "日"),
        ] {
            assert_eq!(starting(text), Some((number, rest)), "{text}");
        }
        assert_eq!(written(103), "一百零三");
        assert_eq!(starting("年"), None);
        assert_eq!(starting("99999999999999999"), None);
    }
}
