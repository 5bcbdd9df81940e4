//! Terms for relatives by blood.

use super::{Term, by};
use crate::{
    person::Sex,
    relation::shape::{Blood, Seniority},
};

/// 高祖 and above, after 《尔雅·释亲》 and its later additions: the fourth generation up and more.
const ABOVE: [&str; 6] = ["高祖", "天祖", "烈祖", "太祖", "远祖", "鼻祖"];
/// 玄孙 and below: the fourth generation down and more.
const BELOW: [&str; 6] = ["玄孙", "来孙", "晜孙", "仍孙", "云孙", "耳孙"];

pub(super) fn term(blood: &Blood) -> Term {
    let term = match (blood.up.len(), blood.down.len()) {
        (0, 0) => Term::of("本人", &[]),
        (_, 0) => ancestor(&blood.up),
        (0, _) => descendant(&blood.down),
        (1, 1) => sibling(blood),
        (1, _) => below_sibling(&blood.down),
        (up, 1) => above(blood, up),
        (up, down) if up == down => cousin(blood, up),
        (up, down) if up > down => elder_cousin(blood, up, down),
        (up, down) => younger_cousin(blood, up, down),
    };
    if blood.by_birth { term } else { adopted(blood, &term) }
}

fn adopted(blood: &Blood, term: &Term) -> Term {
    match (blood.up.len(), blood.down.len()) {
        (1, 0) => Term::of(by(blood.sex(), "养父", "养母", "养父母"), &[]),
        (0, 1) => Term::of(by(blood.sex(), "养子", "养女", "养子女"), &["嗣子"]),
        _ => Term::of(format!("{}（收养）", term.name), &[]),
    }
}

fn is_male(sexes: &[Sex]) -> bool {
    sexes.iter().all(|sex| *sex != Sex::Female)
}

/// 祖父, 外祖母, 曾外祖父, 高祖母.
fn ancestor(up: &[Sex]) -> Term {
    let (sex, generations) = (up.last().copied().unwrap_or_default(), up.len());
    let first_is_mother = up.first() == Some(&Sex::Female);
    match generations {
        1 => match sex {
            Sex::Male => Term::of("父亲", &["爸爸"]),
            Sex::Female => Term::of("母亲", &["妈妈"]),
            Sex::Unknown | Sex::Other => Term::of("父母", &[]),
        },
        2 => match (first_is_mother, sex) {
            (false, Sex::Male) => Term::of("祖父", &["爷爷"]),
            (false, Sex::Female) => Term::of("祖母", &["奶奶"]),
            (true, Sex::Male) => Term::of("外祖父", &["外公", "姥爷"]),
            (true, Sex::Female) => Term::of("外祖母", &["外婆", "姥姥"]),
            (false, _) => Term::of("祖父母", &[]),
            (true, _) => Term::of("外祖父母", &[]),
        },
        3.. => {
            // 外 before for the mother's side; 外 within where the line leaves it later on.
            let between = up.get(1..generations - 1).unwrap_or_default();
            let outer = if first_is_mother { "外" } else { "" };
            let inner = if is_male(between) { "" } else { "外" };
            let sex = by(sex, "父", "母", "父母");
            let name = match generations {
                3 => format!("{outer}曾{inner}祖{sex}"),
                _ => match ABOVE.get(generations - 4) {
                    Some(above) => {
                        let word = above.trim_end_matches('祖');
                        format!("{outer}{word}{inner}祖{sex}")
                    }
                    None => {
                        let outer = if outer.is_empty() { inner } else { outer };
                        format!("{outer}第{generations}代祖{sex}")
                    }
                },
            };
            let also: &[&str] = match (generations, first_is_mother, inner) {
                (3, false, "") => &["太爷爷、太奶奶"],
                (3, true, "") => &["太外公、太外婆"],
                _ => &[],
            };
            Term { name, also: also.iter().map(|&word| word.to_owned()).collect() }
        }
        0 => Term::default(),
    }
}

/// 孙女, 外孙, 曾外孙, 玄孙.
fn descendant(down: &[Sex]) -> Term {
    let (sex, generations) = (down.last().copied().unwrap_or_default(), down.len());
    let female = by(sex, "", "女", "");
    match generations {
        0 => Term::default(),
        1 => Term::of(by(sex, "儿子", "女儿", "子女"), &[]),
        _ => {
            let by_daughter = down.first() == Some(&Sex::Female);
            let between = down.get(1..generations - 1).unwrap_or_default();
            let outer = if by_daughter { "外" } else { "" };
            let inner = if is_male(between) { "" } else { "外" };
            let name = match generations {
                // 外孙子 is said 外孙.
                2 => format!(
                    "{outer}孙{}",
                    by(sex, if by_daughter { "" } else { "子" }, "女", "子女")
                ),
                3 => format!("{outer}曾{inner}孙{female}"),
                _ => match BELOW.get(generations - 4) {
                    Some(below) => {
                        let word = below.trim_end_matches('孙');
                        format!("{outer}{word}{inner}孙{female}")
                    }
                    None => {
                        let outer = if outer.is_empty() { inner } else { outer };
                        format!("{outer}第{generations}代孙{female}")
                    }
                },
            };
            Term::of(name, &[])
        }
    }
}

fn sibling(blood: &Blood) -> Term {
    let word = match (blood.sex(), blood.seniority) {
        (Sex::Male, Seniority::Elder) => "哥哥",
        (Sex::Male, Seniority::Younger) => "弟弟",
        (Sex::Male, Seniority::Unknown) => "兄弟",
        (Sex::Female, Seniority::Elder) => "姐姐",
        (Sex::Female, Seniority::Younger) => "妹妹",
        (Sex::Female, Seniority::Unknown) => "姐妹",
        _ => "兄弟姐妹",
    };
    if blood.is_full || !blood.by_birth {
        return Term::of(word, &[]);
    }
    match blood.up.first() {
        Some(Sex::Male) => Term::of(format!("同父异母的{word}"), &[]),
        Some(Sex::Female) => Term::of(format!("同母异父的{word}"), &[]),
        _ => Term::of(word, &[]),
    }
}

/// 侄子, 外甥女, 侄孙, 曾侄孙, 外甥孙女.
fn below_sibling(down: &[Sex]) -> Term {
    let (sex, generations) = (down.last().copied().unwrap_or_default(), down.len());
    let by_sister = down.first() == Some(&Sex::Female);
    if generations == 2 {
        return match by_sister {
            false => Term::of(by(sex, "侄子", "侄女", "侄子侄女"), &[]),
            true => Term::of(by(sex, "外甥", "外甥女", "外甥外甥女"), &[]),
        };
    }
    let root = if by_sister { "外甥" } else { "侄" };
    Term::of(grandchild_of(root, down.get(1..).unwrap_or_default()), &[])
}

/// 侄 with 孙: 侄孙, 侄外孙女, 曾侄孙, 玄侄孙. `down` begins with the 侄.
fn grandchild_of(root: &str, down: &[Sex]) -> String {
    let sex = down.last().copied().unwrap_or_default();
    let between = down.get(..down.len().saturating_sub(1)).unwrap_or_default();
    let inner = if is_male(between) { "" } else { "外" };
    let generation = match down.len() {
        0..=2 => String::new(),
        3 => "曾".to_owned(),
        n => match BELOW.get(n - 4) {
            Some(below) => below.trim_end_matches('孙').to_owned(),
            None => format!("第{n}代"),
        },
    };
    format!("{generation}{root}{inner}孙{}", by(sex, "", "女", ""))
}

/// 伯父, 姑母, 舅公, 曾叔祖父: who stands beside an ancestor. `up` counts to the common one.
fn above(blood: &Blood, up: usize) -> Term {
    let peer = blood.up.get(up - 2).copied().unwrap_or_default();
    beside(&blood.up, peer, blood.sex(), blood.seniority, up - 1, "")
}

/// One beside the ancestor `generations` up. `prefix` (堂, 表 ...) tells how far aside.
fn beside(
    up: &[Sex],
    peer: Sex,
    sex: Sex,
    seniority: Seniority,
    generations: usize,
    prefix: &str,
) -> Term {
    if generations == 1 {
        let (name, also): (&str, &[&str]) = match (peer, sex, seniority) {
            (Sex::Female, Sex::Male, _) => ("舅父", &["舅舅"]),
            (Sex::Female, Sex::Female, _) => ("姨母", &["姨妈", "阿姨"]),
            (Sex::Female, ..) => ("舅父姨母", &[]),
            (_, Sex::Male, Seniority::Elder) => ("伯父", &["伯伯", "大爷"]),
            (_, Sex::Male, Seniority::Younger) => ("叔父", &["叔叔"]),
            (_, Sex::Male, Seniority::Unknown) => ("伯叔父", &["叔伯"]),
            (_, Sex::Female, _) => ("姑母", &["姑妈", "姑姑"]),
            _ => ("伯叔姑母", &[]),
        };
        return match prefix {
            "" => Term::of(name, also),
            prefix => Term::of(format!("{prefix}{name}"), &[]),
        };
    }
    let outer = if up.first() == Some(&Sex::Female) { "外" } else { "" };
    let (root, also): (&str, &[&str]) = match (peer, sex, seniority) {
        (Sex::Female, Sex::Male, _) => ("舅公", &["舅爷", "舅祖父"]),
        (Sex::Female, Sex::Female, _) => ("姨婆", &["姨奶奶", "姨祖母"]),
        (Sex::Female, ..) => ("舅公姨婆", &[]),
        (_, Sex::Male, Seniority::Elder) => ("伯祖父", &["伯公", "伯爷爷"]),
        (_, Sex::Male, Seniority::Younger) => ("叔祖父", &["叔公", "叔爷爷"]),
        (_, Sex::Male, Seniority::Unknown) => ("伯叔祖父", &["叔公"]),
        (_, Sex::Female, _) => ("姑祖母", &["姑婆", "姑奶奶"]),
        _ => ("伯叔祖父姑祖母", &[]),
    };
    let generation = match generations {
        2 => String::new(),
        3 => "曾".to_owned(),
        n => match ABOVE.get(n - 4) {
            Some(above) => above.trim_end_matches('祖').to_owned(),
            None => format!("第{n}代"),
        },
    };
    let between = up.get(1..generations - 1).unwrap_or_default();
    let inner = if is_male(between) { "" } else { "外" };
    let name = format!("{outer}{generation}{inner}{prefix}{root}");
    let is_plain = prefix.is_empty() && generation.is_empty() && outer.is_empty();
    Term::of(name, if is_plain { also } else { &[] })
}

/// How far aside, in words: 堂 and 表 for children of siblings, 从 beyond.
fn aside(blood: &Blood, degree: usize) -> &'static str {
    // 堂 are those who share the surname: men alone between both and their ancestor.
    let (_, up) = blood.up.split_last().unwrap_or((&Sex::Unknown, &[]));
    let (_, down) = blood.down.split_last().unwrap_or((&Sex::Unknown, &[]));
    let is_agnatic = is_male(up) && is_male(down) && !up.contains(&Sex::Unknown);
    match (degree, is_agnatic) {
        (1, true) => "堂",
        (1, false) => "表",
        (2, true) => "再从",
        (2, false) => "从表",
        (3, true) => "三从",
        (_, true) => "族",
        (_, false) => "远房表",
    }
}

/// 堂兄, 表妹, 再从弟, 族姐.
fn cousin(blood: &Blood, up: usize) -> Term {
    let aside = aside(blood, up - 1);
    let word = match (blood.sex(), blood.seniority) {
        (Sex::Male, Seniority::Elder) => "兄",
        (Sex::Male, Seniority::Younger) => "弟",
        (Sex::Male, Seniority::Unknown) => "兄弟",
        (Sex::Female, Seniority::Elder) => "姐",
        (Sex::Female, Seniority::Younger) => "妹",
        (Sex::Female, Seniority::Unknown) => "姐妹",
        _ => "兄弟姐妹",
    };
    let mut also = Vec::new();
    if aside == "表" {
        // By whose sibling: 姑表 (the father's sister's child), 舅表, 姨表.
        let parent = blood.up.first().copied().unwrap_or_default();
        let aunt = blood.down.first().copied().unwrap_or_default();
        let kind = match (parent, aunt) {
            (Sex::Male, Sex::Female) => "姑表",
            (Sex::Female, Sex::Male) => "舅表",
            (Sex::Female, Sex::Female) => "姨表",
            _ => "",
        };
        also.extend((!kind.is_empty()).then(|| format!("{kind}{word}")));
    }
    if word == "兄" && up == 2 {
        also.push(format!("{aside}哥"));
    }
    if aside == "再从" {
        also.push(format!("从堂{word}"));
    }
    Term { name: format!("{aside}{word}"), also }
}

/// 堂伯父, 表姨母, 再从叔父, 堂伯祖父: of an elder generation, aside.
fn elder_cousin(blood: &Blood, up: usize, down: usize) -> Term {
    let generations = up - down;
    let peer = blood.up.get(generations - 1).copied().unwrap_or_default();
    // Seen from the ancestor of the same generation, they are cousins.
    let from_peer = Blood {
        up: blood.up.get(generations..).unwrap_or_default().to_vec(),
        down: blood.down.clone(),
        ..blood.clone()
    };
    let aside = aside(&from_peer, down - 1);
    beside(&blood.up, peer, blood.sex(), blood.seniority, generations, aside)
}

/// 堂侄, 表外甥女, 再从侄, 堂侄孙: of a younger generation, aside.
fn younger_cousin(blood: &Blood, up: usize, down: usize) -> Term {
    let generations = down - up;
    let (line, below) = blood.down.split_at(up);
    let cousin = Blood { down: line.to_vec(), ..blood.clone() };
    let aside = aside(&cousin, up - 1);
    let by_woman = line.last() == Some(&Sex::Female);
    let sex = blood.sex();
    let name = match (generations, by_woman) {
        (1, false) => format!("{aside}{}", by(sex, "侄", "侄女", "侄子侄女")),
        (1, true) => format!("{aside}{}", by(sex, "外甥", "外甥女", "外甥外甥女")),
        (_, by_woman) => {
            let root = format!("{aside}{}", if by_woman { "外甥" } else { "侄" });
            grandchild_of(&root, below)
        }
    };
    Term::of(name, &[])
}
