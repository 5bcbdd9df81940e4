//! The cycle of sixty (干支) that counts years and days: ten stems beside twelve branches.

const STEMS: [char; 10] = ['甲', '乙', '丙', '丁', '戊', '己', '庚', '辛', '壬', '癸'];
const BRANCHES: [char; 12] =
    ['子', '丑', '寅', '卯', '辰', '巳', '午', '未', '申', '酉', '戌', '亥'];

/// The place of a lunar year in the cycle: 0 is 甲子. Years before Christ are negative.
pub(super) fn of_year(year: i16) -> u8 {
    let counted = i32::from(year) + i32::from(year < 0);
    (counted - 4).rem_euclid(60) as u8
}

/// The place of a day number.
pub(super) const fn of_day(number: i32) -> u8 {
    (number - 11).rem_euclid(60) as u8
}

/// The two characters of a place.
pub(super) fn name(place: u8) -> String {
    let stem = STEMS.get(usize::from(place % 10));
    stem.into_iter().chain(BRANCHES.get(usize::from(place % 12))).collect()
}

/// The place that a text begins with, and what follows.
pub(super) fn starting(text: &str) -> Option<(u8, &str)> {
    let mut characters = text.chars();
    let (stem, branch) = (characters.next()?, characters.next()?);
    let stem = STEMS.iter().position(|&of| of == stem)? as u8;
    let branch = BRANCHES.iter().position(|&of| of == branch)? as u8;
    let place = (0..60).find(|place| (place % 10, place % 12) == (stem, branch))?;
    Some((place, characters.as_str()))
}

/// Whether a character is a branch, as the hours of the day are called by.
pub(super) fn is_branch(character: char) -> bool {
    BRANCHES.contains(&character)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_and_days_have_their_names() {
        for (year, expect) in [
            (1984, "甲子"),
            (1691, "辛未"),
            (1911, "辛亥"),
            (4, "甲子"),
            (-57, "甲子"),
            (-140, "辛丑"),
        ] {
            assert_eq!(name(of_year(year)), expect, "{year}");
            assert_eq!(starting(expect), Some((of_year(year), "")), "{year}");
        }
        // 1 January 2000 was 戊午.
        assert_eq!(name(of_day(2_451_545)), "戊午");
        assert_eq!(starting("甲丑年"), None);
        assert_eq!(starting("辛未年三月"), Some((7, "年三月")));
    }
}
