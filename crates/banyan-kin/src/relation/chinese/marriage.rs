//! Terms for relatives by marriage.

use super::{Term, blood, by};
use crate::{
    person::Sex,
    relation::shape::{Blood, Seniority},
};

const fn legs(blood: &Blood) -> (usize, usize) {
    (blood.up.len(), blood.down.len())
}

/// A husband's or wife's relatives: 公公, 岳母, 大姑, 小舅子, 继子, 内侄.
pub(super) fn of_partner(partner: Sex, blood: &Blood) -> Option<Term> {
    let sex = blood.sex();
    let elder = blood.seniority;
    if legs(blood) == (0, 1) {
        return Some(Term::of(by(sex, "继子", "继女", "继子女"), &[]));
    }
    Some(match (partner, legs(blood)) {
        (Sex::Male, (1, 0)) => match sex {
            Sex::Male => Term::of("公公", &[]),
            Sex::Female => Term::of("婆婆", &[]),
            _ => Term::of("公婆", &[]),
        },
        (Sex::Female, (1, 0)) => match sex {
            Sex::Male => Term::of("岳父", &["丈人"]),
            Sex::Female => Term::of("岳母", &["丈母娘"]),
            _ => Term::of("岳父母", &[]),
        },
        (Sex::Male, (2, 0)) if blood.up.first() == Some(&Sex::Male) => {
            Term::of(by(sex, "祖翁", "祖婆", "祖翁祖婆"), &["太公公、太婆婆"])
        }
        (Sex::Female, (2, 0)) if blood.up.first() == Some(&Sex::Male) => {
            Term::of(by(sex, "岳祖父", "岳祖母", "岳祖父母"), &["太岳父、太岳母"])
        }
        (Sex::Male, (1, 1)) => match (sex, elder) {
            (Sex::Male, Seniority::Elder) => Term::of("大伯子", &["大伯", "夫兄"]),
            (Sex::Male, Seniority::Younger) => Term::of("小叔子", &["小叔", "夫弟"]),
            (Sex::Male, Seniority::Unknown) => Term::of("丈夫的兄弟", &[]),
            (Sex::Female, Seniority::Elder) => Term::of("大姑子", &["大姑", "夫姐"]),
            (Sex::Female, Seniority::Younger) => Term::of("小姑子", &["小姑", "夫妹"]),
            (Sex::Female, Seniority::Unknown) => Term::of("丈夫的姐妹", &[]),
            _ => return None,
        },
        (Sex::Female, (1, 1)) => match (sex, elder) {
            (Sex::Male, Seniority::Elder) => Term::of("大舅子", &["内兄", "妻兄"]),
            (Sex::Male, Seniority::Younger) => Term::of("小舅子", &["内弟", "妻弟"]),
            (Sex::Male, Seniority::Unknown) => Term::of("妻子的兄弟", &[]),
            (Sex::Female, Seniority::Elder) => Term::of("大姨子", &["妻姐"]),
            (Sex::Female, Seniority::Younger) => Term::of("小姨子", &["妻妹"]),
            (Sex::Female, Seniority::Unknown) => Term::of("妻子的姐妹", &[]),
            _ => return None,
        },
        (Sex::Female, (1, 2)) => match blood.down.first() {
            Some(Sex::Female) => Term::of(by(sex, "姨甥", "姨甥女", "姨甥姨甥女"), &[]),
            _ => Term::of(by(sex, "内侄", "内侄女", "内侄内侄女"), &[]),
        },
        _ => return None,
    })
}

/// A relative's partner: 嫂子, 儿媳, 姐夫, 婶母, 姑父, 继母, 侄媳.
pub(super) fn into(blood: &Blood, sex: Sex) -> Option<Term> {
    let elder = blood.seniority;
    let relative = blood.sex();
    Some(match legs(blood) {
        (1, 0) => match sex {
            Sex::Male => Term::of("继父", &["后爹"]),
            Sex::Female => Term::of("继母", &["后妈"]),
            _ => Term::of("继父母", &[]),
        },
        (0, 1) => match sex {
            Sex::Male => Term::of("女婿", &[]),
            Sex::Female => Term::of("儿媳", &["媳妇"]),
            _ => Term::of("儿媳女婿", &[]),
        },
        (1, 1) => match (relative, elder, sex) {
            (Sex::Male, Seniority::Elder, Sex::Female) => Term::of("嫂子", &["嫂嫂"]),
            (Sex::Male, Seniority::Younger, Sex::Female) => Term::of("弟媳", &["弟妹"]),
            (Sex::Male, Seniority::Unknown, Sex::Female) => Term::of("兄弟媳妇", &[]),
            (Sex::Female, Seniority::Elder, Sex::Male) => Term::of("姐夫", &[]),
            (Sex::Female, Seniority::Younger, Sex::Male) => Term::of("妹夫", &[]),
            (Sex::Female, Seniority::Unknown, Sex::Male) => Term::of("姐妹夫", &[]),
            _ => return None,
        },
        (0 | 1, _) => {
            let term = blood::term(blood).name;
            let root = term.trim_end_matches('子').trim_end_matches('女').to_owned();
            Term::of(format!("{root}{}", by(sex, "女婿", "媳妇", "媳妇女婿")), &[])
        }
        (_, 1) => beside(blood, sex)?,
        (up, down) if up == down => {
            let term = blood::term(blood).name;
            let (root, word) = match (elder, relative, sex) {
                (Seniority::Elder, Sex::Male, Sex::Female) => (term.strip_suffix('兄')?, "嫂"),
                (Seniority::Younger, Sex::Male, Sex::Female) => (term.as_str(), "媳"),
                (Seniority::Elder | Seniority::Younger, Sex::Female, Sex::Male) => {
                    (term.as_str(), "夫")
                }
                _ => return None,
            };
            Term::of(format!("{root}{word}"), &[])
        }
        _ => return None,
    })
}

/// The partner of a parent's, grandparent's ... sibling: the term with its other half.
fn beside(blood: &Blood, sex: Sex) -> Option<Term> {
    const PAIRS: [(&str, &str, &[&str]); 12] = [
        ("伯祖父", "伯祖母", &["伯婆"]),
        ("叔祖父", "叔祖母", &["叔婆", "婶婆"]),
        ("姑祖母", "姑祖父", &["姑公", "姑丈公"]),
        ("舅公", "舅婆", &["舅奶奶", "妗婆"]),
        ("姨婆", "姨公", &["姨爷爷", "姨丈公"]),
        ("伯叔父", "伯叔母", &[]),
        ("伯父", "伯母", &["大娘"]),
        ("叔父", "婶母", &["婶婶", "叔母"]),
        ("姑母", "姑父", &["姑丈"]),
        ("舅父", "舅母", &["舅妈", "妗子"]),
        ("姨母", "姨父", &["姨丈"]),
        ("伯叔祖父", "伯叔祖母", &[]),
    ];
    let term = blood::term(blood).name;
    // A man's wife and a woman's husband.
    let fits = matches!((blood.sex(), sex), (Sex::Male, Sex::Female) | (Sex::Female, Sex::Male));
    let (root, other, also) = PAIRS
        .iter()
        .filter(|_| fits)
        .filter_map(|&(word, other, also)| Some((term.strip_suffix(word)?, other, also)))
        .min_by_key(|(root, ..)| root.len())?;
    let also = if root.is_empty() { also } else { &[] };
    Some(Term::of(format!("{root}{other}"), also))
}

/// The partners of a partner's siblings: 连襟 and 妯娌 and their like.
pub(super) fn of_partner_and_back(ours: Sex, blood: &Blood, theirs: Sex) -> Option<Term> {
    if legs(blood) != (1, 1) {
        return None;
    }
    let elder = blood.seniority;
    Some(match (ours, blood.sex(), theirs) {
        (Sex::Female, Sex::Female, Sex::Male) => Term::of("连襟", &["一担挑"]),
        (Sex::Male, Sex::Male, Sex::Female) => Term::of("妯娌", &[]),
        (Sex::Female, Sex::Male, Sex::Female) => match elder {
            Seniority::Elder => Term::of("舅嫂", &["内嫂"]),
            Seniority::Younger => Term::of("舅弟媳", &["内弟妇"]),
            Seniority::Unknown => return None,
        },
        (Sex::Male, Sex::Female, Sex::Male) => match elder {
            Seniority::Elder => Term::of("大姑夫", &["大姑姐夫"]),
            Seniority::Younger => Term::of("小姑夫", &["小姑妹夫"]),
            Seniority::Unknown => return None,
        },
        _ => return None,
    })
}

/// A child's parents-in-law: 亲家.
pub(super) fn by_child(child: &Blood, parent: &Blood) -> Option<Term> {
    if legs(child) != (0, 1) || legs(parent) != (1, 0) {
        return None;
    }
    Some(match parent.sex() {
        Sex::Male => Term::of("亲家公", &["亲家"]),
        Sex::Female => Term::of("亲家母", &["亲家"]),
        _ => Term::of("亲家", &[]),
    })
}
