//! The whole: village after village, until there are enough persons.

use std::mem;

use super::{Culture, Family, NEVER, NONE, PRESENT, Person, Union, Village, name::Name};
use crate::random::Random;

/// Villages next to each other that are of one culture.
const VILLAGES_OF_A_REGION: u32 = 12;
/// Singles of the villages before who are still to be had in the next ones.
const MOST_NEIGHBOURS: usize = 600;

/// What grows, and what is needed to grow it.
pub(super) struct Society {
    pub family: Family,
    pub random: Random,
    /// How many persons are still to come.
    pub left: u32,
    /// Person -> their latest union.
    pub latest: Vec<u32>,
    /// Person -> whether they may marry now.
    pub is_free: Vec<bool>,
    /// Singles of the villages before, by birth.
    pub neighbours: Vec<u32>,
}

pub(super) fn grow(persons: u32, seed: u64) -> Family {
    let family = Family {
        persons: Vec::with_capacity(persons as usize),
        unions: Vec::with_capacity(persons as usize / 3),
        children: Vec::with_capacity(persons as usize),
        villages: Vec::new(),
        seed,
    };
    let mut society = Society {
        family,
        random: Random::new(seed),
        left: persons,
        latest: Vec::with_capacity(persons as usize),
        is_free: Vec::with_capacity(persons as usize),
        neighbours: Vec::new(),
    };
    let first_culture = society.random.below(Culture::ALL.len() as u32);
    while society.left > 0 {
        let number = society.family.villages.len() as u32;
        // Beyond that number the last village takes in everybody.
        if number < u32::from(u16::MAX) {
            let region = first_culture + number / VILLAGES_OF_A_REGION;
            let culture = Culture::ALL[region as usize % Culture::ALL.len()];
            let number = society.random.next() as u32;
            society.family.villages.push(Village { culture, number });
        }
        let single = society.settle_village();
        society.settle_strays();
        society.keep_as_neighbours(single);
    }
    society.family
}

impl Society {
    /// The village that is being settled.
    pub(super) fn village(&self) -> u16 {
        self.family.villages.len().saturating_sub(1) as u16
    }

    pub(super) fn culture(&self) -> Culture {
        self.family.villages.last().map_or(Culture::English, |village| village.culture)
    }

    pub(super) fn person(&self, id: u32) -> Option<&Person> {
        self.family.persons.get(id as usize)
    }

    pub(super) fn union(&self, id: u32) -> Option<&Union> {
        self.family.unions.get(id as usize)
    }

    /// Somebody of whose parents nothing is known; `None` if there are enough persons.
    pub(super) fn stranger(&mut self, is_male: bool, born: i32) -> Option<u32> {
        let name = Name::of_stranger(self.culture(), is_male, &mut self.random);
        self.add(is_male, born, name, (NONE, NONE))
    }

    /// A child with a parent's surname, of a union that it was born to or adopted by.
    pub(super) fn child(&mut self, born: i32, like: Name, parents: (u32, u32)) -> Option<u32> {
        let is_male = self.random.per_mille(512);
        let name = Name::of_child(self.culture(), like, is_male, &mut self.random);
        self.add(is_male, born, name, parents)
    }

    fn add(
        &mut self,
        is_male: bool,
        born: i32,
        name: Name,
        (born_to, adopted_by): (u32, u32),
    ) -> Option<u32> {
        self.left = self.left.checked_sub(1)?;
        let died = born + self.months_of_life(born);
        // Whoever might still live is taken to live; of others nobody knows when they died.
        let is_over = died < PRESENT * 12;
        let person = Person {
            is_male,
            born: born as i16,
            died: if is_over { died as i16 } else { NEVER },
            village: self.village(),
            culture: self.culture(),
            born_to,
            adopted_by,
            name,
        };
        let id = self.family.persons.len() as u32;
        self.family.persons.push(person);
        self.latest.push(NONE);
        self.is_free.push(true);
        Some(id)
    }

    /// How long somebody lives. Childhood was dangerous until about 1900.
    fn months_of_life(&mut self, born: i32) -> i32 {
        let dangerous = match born / 12 {
            ..1800 => 22,
            1800..1880 => 16,
            1880..1930 => 8,
            _ => 1,
        };
        if self.random.percent(dangerous) {
            let most = self.random.between(1, 12 * 12);
            return self.random.between(0, most);
        }
        let most = if born / 12 < 1880 { 92 } else { 101 };
        // The older half of two draws: few die at thirty, most between sixty and eighty.
        let (one, other) = (self.random.between(18, most), self.random.between(40, most));
        one.max(other) * 12 + self.random.between(0, 11)
    }

    /// Whoever marries at that time has not died before.
    pub(super) fn live_until(&mut self, id: u32, month: i32) {
        if let Some(person) = self.family.persons.get_mut(id as usize) {
            person.died = person.died.max(month.min(PRESENT * 12 - 1) as i16);
        }
    }

    /// People without any link, and small families of their own, as every large file has them.
    fn settle_strays(&mut self) {
        let settled = self.family.persons.iter().rev();
        let here = settled.take_while(|person| person.village == self.village()).count() as i32;
        for _ in 0..(here + self.random.between(0, 99)) / 100 {
            let (is_male, born) = (self.random.percent(50), self.some_month());
            if self.stranger(is_male, born).is_none() {
                return;
            }
        }
        for _ in 0..(here + self.random.between(0, 299)) / 300 {
            let born = self.some_month();
            let (Some(man), Some(woman)) = (self.stranger(true, born), self.stranger(false, born))
            else {
                return;
            };
            let married = born + 24 * 12;
            for partner in [man, woman] {
                self.live_until(partner, married + 8 * 12);
            }
            let first = self.family.children.len() as u32;
            let union = self.family.unions.len() as u32;
            let name = self.person(man).map_or_else(Name::default, |man| man.name);
            for number in 0..self.random.between(0, 2) {
                let Some(child) = self.child(married + 10 + 30 * number, name, (union, NONE))
                else {
                    break;
                };
                self.family.children.push(child);
            }
            let children = (first, self.family.children.len() as u32);
            let married = married as i16;
            let divorced = NEVER;
            self.family.unions.push(Union {
                husband: man,
                wife: woman,
                married,
                divorced,
                children,
            });
        }
    }

    fn some_month(&mut self) -> i32 {
        self.random.between(1650 * 12, 1960 * 12)
    }

    /// The singles of this village are neighbours of the next.
    fn keep_as_neighbours(&mut self, mut single: Vec<u32>) {
        single.retain(|&id| self.is_free.get(id as usize) == Some(&true));
        // Half of the places are for the new ones, the rest for those who were there before.
        let known = mem::take(&mut self.neighbours);
        let stay = known.into_iter().filter(|&id| self.is_free.get(id as usize) == Some(&true));
        let mut all: Vec<u32> = stay.chain(single).collect();
        let step = all.len().div_ceil(MOST_NEIGHBOURS).max(1);
        all = all.into_iter().step_by(step).collect();
        all.sort_by_key(|&id| self.person(id).map_or(0, |person| person.born));
        self.neighbours = all;
    }
}
