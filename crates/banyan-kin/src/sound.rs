//! How Chinese names sound: pinyin without tones, as people type it.

use pinyin::ToPinyin as _;

/// Whether any letter is Chinese.
pub(crate) fn has_han(text: &str) -> bool {
    !text.is_ascii() && text.chars().any(|c| c.to_pinyin().is_some())
}

/// Surnames that are read otherwise than the same letters elsewhere (《通用规范汉字表》 and the usual
/// dictionaries of surnames), in both scripts.
const SURNAMES: [(&str, &str); 34] = [
    ("万俟", "mo qi"),
    ("萬俟", "mo qi"),
    ("尉迟", "yu chi"),
    ("尉遲", "yu chi"),
    ("长孙", "zhang sun"),
    ("長孫", "zhang sun"),
    ("单于", "chan yu"),
    ("單于", "chan yu"),
    ("澹台", "tan tai"),
    ("澹臺", "tan tai"),
    ("单", "shan"),
    ("單", "shan"),
    ("曾", "zeng"),
    ("解", "xie"),
    ("仇", "qiu"),
    ("区", "ou"),
    ("區", "ou"),
    ("任", "ren"),
    ("查", "zha"),
    ("盖", "ge"),
    ("蓋", "ge"),
    ("朴", "piao"),
    ("翟", "zhai"),
    ("乐", "yue"),
    ("樂", "yue"),
    ("缪", "miao"),
    ("繆", "miao"),
    ("员", "yun"),
    ("員", "yun"),
    ("冼", "xian"),
    ("覃", "qin"),
    ("种", "chong"),
    ("秘", "bi"),
    ("繁", "po"),
];

/// A name in pinyin, in one piece: "jiabaoyu" for 賈寶玉. What is not Chinese stays as it is.
pub(crate) fn pinyin(name: &str) -> String {
    let mut out = String::with_capacity(name.len() * 2);
    syllables(name, |syllable| out.push_str(syllable));
    out
}

/// The same with a space after each syllable, so that 西安 and 先 are told apart.
pub(crate) fn spelt(name: &str) -> String {
    let mut out = String::with_capacity(name.len() * 2);
    syllables(name, |syllable| {
        out.push_str(syllable);
        out.push(' ');
    });
    out
}

/// The first letters of its syllables: "jby".
pub(crate) fn initials(name: &str) -> String {
    let mut out = String::new();
    syllables(name, |syllable| out.extend(syllable.chars().next()));
    out
}

fn syllables(name: &str, mut each: impl FnMut(&str)) {
    let name = name.trim_start();
    let surname = SURNAMES.iter().find(|(surname, _)| name.starts_with(surname));
    let read = surname.map_or(0, |(surname, _)| surname.len());
    surname.into_iter().flat_map(|(_, sound)| sound.split(' ')).for_each(&mut each);
    for c in name.get(read..).unwrap_or_default().chars() {
        match c.to_pinyin() {
            Some(pinyin) => each(pinyin.plain()),
            None => each(c.encode_utf8(&mut [0; 4])),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_pinyin() {
        for (name, whole, first) in [
            ("賈寶玉", "jiabaoyu", "jby"),
            ("贾宝玉", "jiabaoyu", "jby"),
            ("曾国藩", "zengguofan", "zgf"),
            ("尉迟敬德", "yuchijingde", "ycjd"),
            ("单雄信", "shanxiongxin", "sxx"),
            ("欧阳修", "ouyangxiu", "oyx"),
            ("", "", ""),
        ] {
            assert_eq!((pinyin(name).as_str(), initials(name).as_str()), (whole, first), "{name}");
        }
        assert!(has_han("a賈") && !has_han("Jia") && !has_han("Brontë"));
    }
}
