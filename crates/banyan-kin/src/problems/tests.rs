use super::*;
use crate::{
    Claim, Date, Draft, Fact, FactKind, Name, NameParts, Pedigree, Role, Sex, Side, TextId,
};

/// A family of lines: "1 M /賈/珠 *1800 +1850" is a person, "1 2 = 3 4 @1830" a union of 1 and 2 with
/// the children 3 and 4.
fn family(text: &str) -> Genealogy {
    let mut draft = Draft::default();
    let mut claims = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let fact = |draft: &mut Draft, word: &str| {
            let (mark, date) = word.split_at(1);
            let kind = match mark {
                "*" => FactKind::Birth,
                "+" => FactKind::Death,
                "@" => FactKind::Marriage,
                _ => return None,
            };
            let date = Date::read(&date.replace('_', " "), &mut draft.texts);
            Some(Fact { kind, date, ..Fact::default() })
        };
        let Some((partners, children)) = line.split_once('=') else {
            let mut words = line.split_whitespace();
            let xref = draft.texts.intern(words.next().unwrap());
            draft.begin_person(xref, 0);
            draft.set_sex(if words.next() == Some("M") { Sex::Male } else { Sex::Female });
            for word in words {
                if let Some(fact) = fact(&mut draft, word) {
                    draft.add_fact(fact);
                } else {
                    let parts = NameParts::of(word);
                    let name = Name {
                        surname: draft.texts.intern(parts.surname),
                        given: draft.texts.intern(&format!("{}{}", parts.before, parts.after)),
                        ..Name::default()
                    };
                    let name = name.spelt(word, &mut draft.texts);
                    draft.add_name(name);
                }
            }
            continue;
        };
        let union = draft.begin_union(TextId::EMPTY, 0);
        let claim = |role, word: &str| {
            let person = PersonId(word.parse::<u32>().unwrap() - 1);
            Claim { role, person, union, side: Side::Union, line: 0 }
        };
        claims.extend(partners.split_whitespace().map(|word| claim(Role::Partner, word)));
        for word in children.split_whitespace() {
            if let Some(fact) = fact(&mut draft, word) {
                draft.add_union_fact(fact);
            } else {
                claims.push(claim(Role::Child(Pedigree::Unstated), word));
            }
        }
    }
    draft.claim(claims);
    draft.finish().0
}

/// Each problem as "code: persons", with persons counted from 1.
fn problems(text: &str) -> Vec<String> {
    let say = |problem: Problem| {
        let persons: Vec<String> =
            problem.persons.iter().map(|id| (id.0 + 1).to_string()).collect();
        format!("{}: {}", problem.kind.code(), persons.join(" "))
    };
    family(text).problems().into_iter().map(say).collect()
}

#[test]
fn lives_are_held_against_each_other() {
    for (text, expect) in [
        ("1 M *1800 +1799", &["died_before_born: 1"][..]),
        ("1 M *1800 +1800", &[]),
        ("1 M *ABT_1800 +1799", &[]),
        ("1 M *BEF_1800 +1799", &[]),
        ("1 F *1800 +1830\n2 M *1831\n1 = 2", &["born_after_mother_died: 2 1"]),
        ("1 F *1800 +1830\n2 M *1830\n1 = 2", &[]),
        ("1 M *1800 +1_JAN_1830\n2 M *1_OCT_1830\n1 = 2", &[]),
        ("1 M *1800 +1_JAN_1830\n2 M *1_DEC_1830\n1 = 2", &["born_after_father_died: 2 1"]),
        ("1 M *1800\n2 M *1811\n1 = 2", &["parent_too_young: 1 2"]),
        ("1 M *1800\n2 M *1813\n1 = 2", &[]),
        ("1 F *1800\n2 M *1858\n1 = 2", &["mother_too_old: 1 2"]),
        ("1 F *1800\n2 M *1855\n1 = 2", &[]),
        ("1 M *1800\n2 M *1870\n1 = 2", &[]),
        ("1 M *1800\n2 F *1790\n1 2 = @1795", &["married_before_born: 1"]),
        ("1 M *1800 +1850\n2 F\n1 2 = @1851", &["married_after_death: 1"]),
        ("1 M\n2 M\n1 = 2\n2 = 1", &["own_ancestor: 1 2"]),
    ] {
        let found: Vec<String> =
            problems(text).into_iter().filter(|found| !found.starts_with("generations")).collect();
        assert_eq!(found, expect, "{text}");
    }
}

#[test]
fn generations_that_do_not_agree_are_told() {
    // 1 has 2 and 3, 2 has 4; an uncle who marries his niece stands a generation above her.
    let niece = "1 M\n2 M\n3 M\n4 F\n5 M\n1 = 2 3\n2 = 4\n3 4 = 5";
    assert_eq!(problems(niece), ["generations_off: 3 4"]);
    // First cousins are of one generation.
    let cousins = "1 M\n2 M\n3 M\n4 F\n5 M\n6 M\n1 = 2 3\n2 = 4\n3 = 5\n5 4 = 6";
    assert!(problems(cousins).is_empty());
    let kinds: Vec<ProblemKind> = family(niece).problems().iter().map(|p| p.kind).collect();
    assert_eq!(kinds, [ProblemKind::GenerationsOff { generations: 1 }]);
}

#[test]
fn a_name_without_the_word_of_its_generation_is_told() {
    let clan = |names: &[&str]| {
        let mut text = "1 M /李/公\n".to_owned();
        for (number, name) in (2..).zip(names) {
            text += &format!("{number} M /李/{name}\n");
        }
        let children: Vec<String> = (2..names.len() + 2).map(|n| n.to_string()).collect();
        text + &format!("1 = {}", children.join(" "))
    };
    for (names, expect) in [
        (&["文忠", "文孝", "文禮", "武義"][..], &["other_generation_word: 5"][..]),
        (&["忠文", "孝文", "禮文", "義"], &["other_generation_word: 5"]),
        (&["文忠", "文孝", "武禮"], &[]),
        (&["文忠", "文孝", "文禮", "武義", "志", "信"], &[]),
        (&["John", "John", "John", "Paul"], &[]),
    ] {
        assert_eq!(problems(&clan(names)), expect, "{names:?}");
    }
}

#[test]
fn the_same_name_and_year_is_told_once() {
    let text = "1 M Ann/Lee/ *1800\n2 F ANN/LEE/ *3_MAY_1800\n3 F Ann/Lee/ *1801\n4 F Ann *1801";
    assert!(problems(text).is_empty(), "a man and a woman are two");
    let text = text.replace("1 M", "1 F");
    assert_eq!(problems(&text), ["same_name_and_birth: 1 2"]);
}

#[test]
fn statistics_count_what_is_known() {
    let genealogy = family(
        "1 M John/Lee/ *1_MAY_1800 +30_APR_1850\n2 F Ann/Gray/ *1805 +1899
         3 M John/LEE/ *1825\n4 F Zoë/Lee/ *BEF_1830\n5 M /?/
         1 2 = 3 4 @1824\n3 = 5",
    );
    let statistics = genealogy.statistics();
    assert_eq!((statistics.persons, statistics.men, statistics.women), (5, 3, 2));
    assert_eq!((statistics.unions, statistics.generations), (2, 3));
    assert_eq!(statistics.life_spans.count, 2);
    assert_eq!((statistics.life_spans.least, statistics.life_spans.most), (Some(49), Some(94)));
    let centuries: Vec<(i32, u32)> =
        statistics.centuries.iter().map(|century| (century.century, century.born)).collect();
    assert_eq!(centuries, [(18, 1), (19, 2)]);
    assert_eq!(statistics.marriage_age_men.median, Some(24));
    assert_eq!(statistics.marriage_age_women.median, Some(19));
    assert_eq!(statistics.first_child_age_women.most, Some(20));
    assert_eq!(statistics.children_per_union, Some(1.5));
    assert_eq!(statistics.surnames[0].name, "Lee");
    assert_eq!(statistics.surnames[0].persons, 3);
    assert_eq!(statistics.given_names[0].name, "John");
    assert_eq!(statistics.given_names[0].first, PersonId(0));
    assert_eq!(statistics.oldest, Some(PersonId(1)));
    let known = statistics.completeness;
    assert_eq!((known.name, known.birth, known.death), (4, 4, 2));
    assert_eq!((known.parents, known.both_parents), (3, 2));
}

#[test]
fn nobody_has_no_figures() {
    let statistics = Genealogy::default().statistics();
    assert_eq!(statistics, crate::Statistics::default());
    assert!(Genealogy::default().problems().is_empty());
}

#[test]
fn a_ring_of_ancestors_has_a_longest_line() {
    assert_eq!(family("1 M\n2 M\n3 M\n1 = 2\n2 = 1 3").longest_line(), 3);
}

#[test]
fn a_child_of_a_hundred_thousand_unions_is_looked_at_once_for_each() {
    let unions = "2 = 1\n".repeat(100_000);
    let family = family(&format!("1 M A *1900\n2 M B *1870\n{unions}"));
    assert_eq!(family.parent_unions(PersonId(0)).len(), 100_000);
    assert_eq!(family.children_by_kind(UnionId(99_999)).count(), 1);
    assert_eq!(family.problems().len(), 0);
    assert_eq!(family.statistics().persons, 2);
}
