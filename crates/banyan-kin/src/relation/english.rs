//! What somebody is to another, in English.

use super::shape::{Blood, Leg, Shape};
use crate::person::Sex;

/// "second cousin once removed", "half-brother-in-law", "wife's first cousin"; empty for a way that
/// leads nowhere but back ("self").
pub fn name(shape: &Shape) -> String {
    let mut legs = shape.legs.as_slice();
    if legs.is_empty() {
        return "self".to_owned();
    }
    let mut parts: Vec<String> = Vec::new();
    while !legs.is_empty() {
        let (term, taken) = longest(legs);
        parts.push(term);
        legs = legs.get(taken..).unwrap_or_default();
    }
    let last = parts.pop().unwrap_or_default();
    parts.iter().map(|part| format!("{part}'s ")).collect::<String>() + &last
}

/// The term for as many of the first legs as have one, and how many they are.
fn longest(legs: &[Leg]) -> (String, usize) {
    let known = match legs {
        [Leg::Partner(_), Leg::Blood(blood), Leg::Partner(sex), ..] if is_sibling(blood) => {
            // The wife's sister's husband.
            Some((half(blood) + by(*sex, "brother-in-law", "sister-in-law", "sibling-in-law"), 3))
        }
        [Leg::Partner(_), Leg::Blood(blood), ..] => of_partner(blood).map(|term| (term, 2)),
        [Leg::Blood(blood), Leg::Partner(sex), ..] => married_in(blood, *sex).map(|term| (term, 2)),
        _ => None,
    };
    known.unwrap_or_else(|| match legs.first() {
        Some(Leg::Blood(blood)) => (of_blood(blood), 1),
        Some(Leg::Partner(sex)) => (by(*sex, "husband", "wife", "partner").to_owned(), 1),
        None => (String::new(), 1),
    })
}

fn is_sibling(blood: &Blood) -> bool {
    blood.up.len() == 1 && blood.down.len() == 1
}

fn by<'a>(sex: Sex, male: &'a str, female: &'a str, other: &'a str) -> &'a str {
    match sex {
        Sex::Male => male,
        Sex::Female => female,
        Sex::Unknown | Sex::Other => other,
    }
}

fn half(blood: &Blood) -> String {
    let is_half = !blood.is_full && !blood.up.is_empty() && !blood.down.is_empty();
    if is_half && blood.by_birth { "half-".to_owned() } else { String::new() }
}

/// A relation that is not of blood throughout.
fn adoptive(blood: &Blood) -> &'static str {
    if blood.by_birth { "" } else { "adoptive " }
}

/// A partner's relative, where English has a word.
fn of_partner(blood: &Blood) -> Option<String> {
    let sex = blood.sex();
    Some(match (blood.up.len(), blood.down.len()) {
        (1, 0) => by(sex, "father-in-law", "mother-in-law", "parent-in-law").to_owned(),
        (n @ 2.., 0) => {
            greats(n - 2, by(sex, "grandfather", "grandmother", "grandparent")) + "-in-law"
        }
        (1, 1) => half(blood) + by(sex, "brother-in-law", "sister-in-law", "sibling-in-law"),
        (0, 1) => by(sex, "stepson", "stepdaughter", "stepchild").to_owned(),
        _ => return None,
    })
}

/// A relative's partner, where English has a word.
fn married_in(blood: &Blood, sex: Sex) -> Option<String> {
    Some(match (blood.up.len(), blood.down.len()) {
        (0, 1) => by(sex, "son-in-law", "daughter-in-law", "child-in-law").to_owned(),
        (1, 1) => half(blood) + by(sex, "brother-in-law", "sister-in-law", "sibling-in-law"),
        (1, 0) => by(sex, "stepfather", "stepmother", "step-parent").to_owned(),
        (n @ 2.., 1) => {
            half(blood) + &greats(n - 2, by(sex, "uncle", "aunt", "uncle or aunt")) + " by marriage"
        }
        _ => return None,
    })
}

fn of_blood(blood: &Blood) -> String {
    let sex = blood.sex();
    let term = match (blood.up.len(), blood.down.len()) {
        (0, 0) => "self".to_owned(),
        (1, 0) => by(sex, "father", "mother", "parent").to_owned(),
        (n, 0) => greats(n - 2, by(sex, "grandfather", "grandmother", "grandparent")),
        (0, 1) => by(sex, "son", "daughter", "child").to_owned(),
        (0, n) => greats(n - 2, by(sex, "grandson", "granddaughter", "grandchild")),
        (1, 1) => half(blood) + by(sex, "brother", "sister", "sibling"),
        (1, n) => half(blood) + &greats(n - 2, by(sex, "nephew", "niece", "nephew or niece")),
        (n, 1) => half(blood) + &greats(n - 2, by(sex, "uncle", "aunt", "uncle or aunt")),
        (up, down) => {
            let cousin = format!("{} cousin", ordinal(up.min(down) - 1));
            let removed = match up.abs_diff(down) {
                0 => String::new(),
                1 => " once removed".to_owned(),
                2 => " twice removed".to_owned(),
                n => format!(" {} times removed", number(n)),
            };
            half(blood) + &cousin + &removed
        }
    };
    adoptive(blood).to_owned() + &term
}

/// "great-great-grandfather"; from the fifth on "5× great-grandfather".
fn greats(count: usize, term: &str) -> String {
    match count {
        0..=4 => "great-".repeat(count) + term,
        count => format!("{count}× great-{term}"),
    }
}

fn ordinal(n: usize) -> String {
    const WORDS: [&str; 12] = [
        "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth",
        "tenth", "eleventh", "twelfth",
    ];
    if let Some(word) = n.checked_sub(1).and_then(|n| WORDS.get(n)) {
        return (*word).to_owned();
    }
    let ending = match (n % 10, n % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{n}{ending}")
}

fn number(n: usize) -> String {
    const WORDS: [&str; 7] = ["three", "four", "five", "six", "seven", "eight", "nine"];
    n.checked_sub(3).and_then(|n| WORDS.get(n)).map_or_else(|| n.to_string(), |&word| word.into())
}
