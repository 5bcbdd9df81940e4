//! 称谓: what somebody is to another, in Chinese, by side, age and sex.
//!
//! The words follow 《尔雅·释亲》 for the generations and the usage of 《现代汉语词典》 for the rest;
//! regions differ, so a term comes with other usual ones. Where an age is not known the word that
//! covers both is used (伯叔 rather than 伯 or 叔).

mod blood;
mod marriage;

use super::shape::{Leg, Shape};
use crate::person::Sex;

/// A term and other usual ones.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Term {
    pub name: String,
    pub also: Vec<String>,
}

impl Term {
    fn of(name: impl Into<String>, also: &[&str]) -> Self {
        Self { name: name.into(), also: also.iter().map(|&word| word.to_owned()).collect() }
    }
}

/// 堂兄, 表妹, 舅公, 连襟; where no word fits, a chain of words: 妻子的表妹.
pub fn name(shape: &Shape) -> Term {
    let mut legs = shape.legs.as_slice();
    if legs.is_empty() {
        return Term::of("本人", &["自己"]);
    }
    let mut chain = String::new();
    loop {
        let (term, taken) = longest(legs);
        legs = legs.get(taken..).unwrap_or_default();
        if legs.is_empty() {
            let also = if chain.is_empty() { term.also } else { Vec::new() };
            return Term { name: chain + &term.name, also };
        }
        chain += &term.name;
        chain.push('的');
    }
}

/// The term for as many of the first legs as have one, and how many they are.
fn longest(legs: &[Leg]) -> (Term, usize) {
    let three = match legs {
        [Leg::Partner(ours), Leg::Blood(blood), Leg::Partner(theirs), ..] => {
            marriage::of_partner_and_back(*ours, blood, *theirs)
        }
        [Leg::Blood(one), Leg::Partner(_), Leg::Blood(other), ..] => marriage::by_child(one, other),
        _ => None,
    };
    let two = || match legs {
        [Leg::Partner(sex), Leg::Blood(blood), ..] => marriage::of_partner(*sex, blood),
        [Leg::Blood(blood), Leg::Partner(sex), ..] => marriage::into(blood, *sex),
        _ => None,
    };
    let one = || match legs.first() {
        Some(Leg::Blood(blood)) => blood::term(blood),
        Some(Leg::Partner(sex)) => match sex {
            Sex::Male => Term::of("丈夫", &["先生"]),
            Sex::Female => Term::of("妻子", &["太太"]),
            Sex::Unknown | Sex::Other => Term::of("配偶", &["伴侣"]),
        },
        None => Term::default(),
    };
    if let Some(term) = three {
        return (term, 3);
    }
    two().map_or_else(|| (one(), 1), |term| (term, 2))
}

fn by<'a>(sex: Sex, male: &'a str, female: &'a str, other: &'a str) -> &'a str {
    match sex {
        Sex::Male => male,
        Sex::Female => female,
        Sex::Unknown | Sex::Other => other,
    }
}
