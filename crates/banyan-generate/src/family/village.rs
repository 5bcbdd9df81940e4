//! A village from its first settlers to the present.

use std::mem;

use super::{NEVER, NONE, PRESENT, Union, society::Society};

/// What a village is about to do.
pub(super) struct Village {
    /// Year since the first -> who comes to marry then.
    due: Vec<Vec<u32>>,
    first_year: i32,
    /// Women and men who have not married, by when they were due.
    pub waiting: [Vec<u32>; 2],
}

impl Village {
    pub fn is_due(&mut self, person: u32, month: i32) {
        let year = usize::try_from(month / 12 - self.first_year).ok();
        if let Some(due) = year.and_then(|year| self.due.get_mut(year)) {
            due.push(person);
        }
    }
}

impl Society {
    /// Settles the newest village and gives those who stayed single.
    pub(super) fn settle_village(&mut self) -> Vec<u32> {
        // Some are hamlets, some are towns; nobody founds one for a handful of people.
        let size = self.random.between(10, 90);
        let size = match (600 + size * size) as u32 {
            size if self.left < size + 400 => self.left,
            size => size,
        };
        let budget = size.max(1) as i32;
        // A hundredth is lone, another lives in small families.
        let floor = self.left - (budget as u32 - budget as u32 / 50).min(self.left);
        // Where few are known, they are of late.
        let first_year = PRESENT - self.random.between(320, 460).min(60 + budget);
        let years = (PRESENT - first_year) as usize;
        let mut village =
            Village { due: vec![Vec::new(); years], first_year, waiting: Default::default() };
        for _ in 0..self.random.between(3, 4 + budget / 1500) {
            let born = (first_year - 24 + self.random.between(0, 80)) * 12;
            let due = born + self.months_until_marriage(true);
            if let Some(settler) = self.stranger(true, born) {
                village.is_due(settler, due);
            }
        }
        // So many families are recorded a year; more people than that and not all are followed.
        let per_mille_a_year = budget * 1000 / (years as i32 * 4);
        let mut quota = 3000;
        for year in 0..years {
            quota = (quota + per_mille_a_year).min(4000);
            let due = village.due.get_mut(year).map(mem::take).unwrap_or_default();
            for person in due {
                if self.left <= floor {
                    return village.waiting.concat();
                }
                quota -= self.come_of_age(&mut village, person, first_year + year as i32, quota);
            }
        }
        village.waiting.concat()
    }

    /// From birth to the first wedding.
    pub(super) fn months_until_marriage(&mut self, is_male: bool) -> i32 {
        match is_male {
            true => self.random.near_middle(20 * 12, 34 * 12),
            false => self.random.near_middle(17 * 12, 29 * 12),
        }
    }

    /// Somebody may marry now; gives what that takes of the quota.
    fn come_of_age(&mut self, village: &mut Village, id: u32, year: i32, quota: i32) -> i32 {
        let month = year * 12 + self.random.between(0, 11);
        let Some(&person) = self.person(id) else { return 0 };
        let is_free = self.is_free.get(id as usize) == Some(&true);
        if !is_free || i32::from(person.died) <= month || month >= PRESENT * 12 - 1 {
            return 0;
        }
        let is_first = self.latest.get(id as usize) == Some(&NONE);
        if is_first && (quota < 1000 || self.random.percent(8)) {
            village.waiting[usize::from(person.is_male)].push(id);
            return 0;
        }
        // A few have a child alone.
        let partner = match self.random.per_mille(15) && !person.is_male {
            true => NONE,
            false => match self.partner(village, id, month) {
                Some(partner) => partner,
                None => return 0,
            },
        };
        self.marry(village, id, partner, month);
        1000
    }

    fn marry(&mut self, village: &mut Village, one: u32, other: u32, month: i32) {
        let (husband, wife) = match self.person(one) {
            Some(person) if person.is_male => (one, other),
            _ => (other, one),
        };
        let died = |id| self.person(id).map_or(i32::from(NEVER), |person| i32::from(person.died));
        let death = died(husband).min(died(wife));
        let is_wedding = husband != NONE && wife != NONE;
        let divorces = match month / 12 {
            ..1870 => 0,
            1870..1950 => 6,
            _ => 30,
        };
        let divorced = match is_wedding && self.random.percent(divorces) {
            true => month + 12 * 2 + self.random.between(0, 12 * 20),
            false => i32::from(NEVER),
        };
        let divorced = if divorced < death.min(PRESENT * 12) { divorced } else { NEVER.into() };
        let end = death.min(divorced);

        let union = self.family.unions.len() as u32;
        let first = self.family.children.len() as u32;
        // The union is known before its children, who name it.
        self.family.unions.push(Union {
            husband,
            wife,
            married: if is_wedding { month as i16 } else { NEVER },
            divorced: divorced as i16,
            children: (first, first),
        });
        for id in [husband, wife].into_iter().filter(|&id| id != NONE) {
            self.latest[id as usize] = union;
            self.is_free[id as usize] = false;
        }
        self.have_children(village, union, month, end);
        let last = self.family.children.len() as u32;
        self.family.unions[union as usize].children = (first, last);

        for id in [husband, wife].into_iter().filter(|&id| id != NONE && end < PRESENT * 12) {
            self.marry_again(village, id, end);
        }
    }

    /// Who is left alone may marry once more.
    fn marry_again(&mut self, village: &mut Village, id: u32, end: i32) {
        let Some(&person) = self.person(id) else { return };
        let age = (end - i32::from(person.born)) / 12;
        let oldest = if person.is_male { 60 } else { 48 };
        let again = end + self.random.between(8, 5 * 12);
        if age < oldest && i32::from(person.died) > again && self.random.percent(50) {
            self.is_free[id as usize] = true;
            village.is_due(id, again);
        }
    }
}
