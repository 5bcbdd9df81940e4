//! Years of other eras among words, which dates are not read as: 1400 AH is 1980.

/// From a year of an era to the last year of ours that it may be.
type Era = fn(i32) -> i32;

/// Words and signs that stand beside a year of another era, as they are compared: small letters, and
/// none but letters. Years after Reingold and Dershowitz, "Calendrical Calculations", 4th ed.
const ERAS: [(&[&str], Era); 9] = [
    (&["ah", "hijri", "hijra", "hegira", "هـ", "ه", "هجري", "هجرية"], of_the_hijra),
    (&["sh", "ahs", "shamsi", "jalali", "ش"], |year| year + 622),
    (&["am", "mundi"], |year| year - 3760),
    (&["be", "buddhist", "พศ"], |year| year - 543),
    (&["saka", "śaka", "shaka"], |year| year + 79),
    (&["vs", "bs", "vikram", "samvat"], |year| year - 56),
    (&["皇紀", "皇纪", "kōki", "koki"], |year| year - 660),
    (&["檀紀", "檀纪", "단기", "dangi"], |year| year - 2333),
    (&["黃帝", "黄帝", "開國", "开国"], |year| year - 2697),
];

/// How a year is counted that stands among these words; `None` for one of ours, as far as is said.
pub(super) fn other_era(written: &str) -> Option<Era> {
    let small = written.to_lowercase();
    // "A.H." is one word, "p. m." are two.
    let words: Vec<String> = small
        .split(|c: char| !c.is_alphabetic() && !matches!(c, '.' | '\u{300}'..='\u{36f}' | 'ـ'))
        .map(|word| word.replace('.', ""))
        .filter(|word| !word.is_empty())
        .collect();
    let has = |sign: &&str| {
        let is_script =
            !sign.is_ascii() && sign.chars().all(|c| ('\u{3000}'..'\u{e000}').contains(&c));
        if is_script { small.contains(*sign) } else { words.iter().any(|word| word == sign) }
    };
    ERAS.iter().find(|(signs, _)| signs.iter().any(has)).map(|(_, era)| *era)
}

/// The Islamic year is eleven days shorter than ours; year 1 began in 622.
fn of_the_hijra(year: i32) -> i32 {
    // 354.367 days of 365.2425.
    (f64::from(year) * 0.970_224 + 622.54).floor() as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_of_other_eras_are_told_by_the_words_beside_them() {
        for (written, year, expect) in [
            ("1400 AH", 1400, Some(1980)),
            ("in the year 1400 a.h. (Muharram)", 1400, Some(1980)),
            ("سنة 1400 هـ", 1400, Some(1980)),
            ("Anno Mundi 5680", 5680, Some(1920)),
            ("1370 SH", 1370, Some(1992)),
            ("B.E. 2460", 2460, Some(1917)),
            ("พ.ศ. 2460", 2460, Some(1917)),
            ("皇紀2600年", 2600, Some(1940)),
            ("黃帝紀元4609年", 4609, Some(1912)),
            ("the winter of 1850", 1850, None),
            ("1850, at 3 o'clock", 1850, None),
            ("Ahmed says 1400", 1400, None),
        ] {
            assert_eq!(other_era(written).map(|era| era(year)), expect, "{written}");
        }
    }
}
