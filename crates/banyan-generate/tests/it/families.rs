//! Made-up families are as real ones, and a reader finds nothing odd about them.

use std::collections::BTreeSet;

use banyan_gedcom::read;
use banyan_generate::family::{Culture, Family, NEVER, NONE, Person, Union, family, gedcom};

const SIZES: [u32; 8] = [0, 1, 2, 3, 17, 1_000, 5_000, 60_000];

#[track_caller]
fn person(family: &Family, id: u32) -> &Person {
    &family.persons[id as usize]
}

fn parents(union: &Union) -> impl Iterator<Item = u32> {
    [union.husband, union.wife].into_iter().filter(|&parent| parent != NONE)
}

#[test]
fn counts_are_exact_and_the_seed_decides() {
    for persons in SIZES {
        assert_eq!(family(persons, 1).persons.len(), persons as usize);
    }
    assert_eq!(gedcom(3_000, 7), gedcom(3_000, 7));
    assert_ne!(gedcom(3_000, 7), gedcom(3_000, 8));
    let mut pieces = Vec::new();
    family(3_000, 7).write_gedcom(&mut pieces).unwrap();
    assert_eq!(pieces, gedcom(3_000, 7));
}

#[test]
fn the_reader_finds_everybody_and_nothing_odd() {
    for (persons, seed) in SIZES.into_iter().zip(1..) {
        let made_up = family(persons, seed);
        let document = read(&made_up.gedcom(), &mut |_, _| {}).unwrap();
        assert_eq!(document.diagnostics, []);
        assert_eq!(document.genealogy.persons.len(), persons as usize);
        assert_eq!(document.families as usize, made_up.unions.len());
        assert!(document.genealogy.ancestry_cycles().is_empty());
    }
}

#[test]
fn children_are_younger_than_their_parents_and_parents_alive() {
    for seed in 0..6 {
        let family = family(20_000, seed);
        for (union, id) in family.unions.iter().zip(0..) {
            for &child in family.children_of(union) {
                let child = person(&family, child);
                assert!(child.born_to == id || child.adopted_by == id);
                for parent in parents(union) {
                    let parent = person(&family, parent);
                    let age = child.born - parent.born;
                    assert!(age >= 15 * 12, "a parent of {age} months");
                    let alive =
                        if parent.is_male { parent.died.saturating_add(9) } else { parent.died };
                    assert!(child.adopted_by == id || child.born <= alive);
                }
            }
            if union.married != NEVER {
                for partner in parents(union) {
                    let partner = person(&family, partner);
                    assert!(partner.born + 15 * 12 <= union.married);
                    assert!(union.married <= partner.died);
                }
            }
            assert!(union.husband == NONE || person(&family, union.husband).is_male);
            assert!(union.wife == NONE || !person(&family, union.wife).is_male);
        }
        for (person, id) in family.persons.iter().zip(0..) {
            assert!(person.born <= person.died);
            for union in [person.born_to, person.adopted_by] {
                let union = family.unions.get(union as usize);
                assert!(union.is_none_or(|union| family.children_of(union).contains(&id)));
            }
        }
    }
}

/// `share` in percent.
#[track_caller]
fn check_share(what: &str, part: usize, whole: usize, (least, most): (f64, f64)) {
    let share = part as f64 * 100.0 / whole as f64;
    assert!((least..=most).contains(&share), "{what}: {share:.2} % ({part} of {whole})");
}

#[test]
fn shares_are_those_of_real_files() {
    for persons in [3_000, 30_000, 100_000] {
        let family = family(persons, 11);
        let all = family.persons.len();
        let adopted = family.persons.iter().filter(|it| it.adopted_by != NONE).count();
        let couples: Vec<&Union> =
            family.unions.iter().filter(|it| it.husband != NONE && it.wife != NONE).collect();
        let has_parents = |id: u32| {
            let person = person(&family, id);
            person.born_to != NONE || person.adopted_by != NONE
        };
        let of_two_families =
            couples.iter().filter(|it| has_parents(it.husband) && has_parents(it.wife)).count();
        let childless = couples.iter().filter(|it| it.children.0 == it.children.1).count();
        let mut unions = vec![0u32; all];
        for partner in family.unions.iter().flat_map(parents) {
            unions[partner as usize] += 1;
        }
        let married = unions.iter().filter(|&&count| count > 0).count();
        let again = unions.iter().filter(|&&count| count > 1).count();
        let lone =
            (0..all as u32).filter(|&id| unions[id as usize] == 0 && !has_parents(id)).count();
        check_share("adopted", adopted, all, (1.0, 3.0));
        check_share("couples of two families", of_two_families, couples.len(), (10.0, 18.0));
        check_share("childless", childless, couples.len(), (8.0, 25.0));
        check_share("married again", again, married, (4.0, 25.0));
        check_share("lone", lone, all, (0.5, 1.8));
        check_share("couples", couples.len(), all, (15.0, 35.0));
    }
}

#[test]
fn large_families_have_many_cultures_and_generations() {
    let family = family(200_000, 2);
    let cultures: BTreeSet<Culture> = family.persons.iter().map(|it| it.culture).collect();
    assert_eq!(cultures.len(), Culture::ALL.len());
    let mut depth = vec![0u32; family.persons.len()];
    let mut by_age: Vec<u32> = (0..family.persons.len() as u32).collect();
    by_age.sort_by_key(|&id| person(&family, id).born);
    for id in by_age {
        let above = person(&family, id).born_to;
        let Some(union) = family.unions.get(above as usize) else { continue };
        let deepest = parents(union).map(|parent| depth[parent as usize]).max();
        depth[id as usize] = deepest.map_or(0, |deepest| deepest + 1);
    }
    let deepest = depth.iter().max().copied().unwrap_or(0);
    assert!((9..=22).contains(&deepest), "{deepest} generations");
    let text = String::from_utf8(family.gedcom()).unwrap();
    assert!(text.contains("1 NAME /贾/"), "the surname stands first");
}
