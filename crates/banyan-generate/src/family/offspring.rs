//! Children, born and adopted.

use super::{NEVER, NONE, PRESENT, Union, name::Name, society::Society, village::Village};

impl Society {
    /// The children of a union that began in `month` and, by death or divorce, came to an `end`.
    pub(super) fn have_children(
        &mut self,
        village: &mut Village,
        union: u32,
        month: i32,
        end: i32,
    ) {
        let Some(&Union { husband, wife, .. }) = self.union(union) else { return };
        let mother = self.person(wife).map(|wife| i32::from(wife.born));
        let father = self.person(husband).map(|husband| i32::from(husband.born));
        let mother_died = self.person(wife).map_or(NEVER, |wife| wife.died);
        let like = self.person(husband).or_else(|| self.person(wife));
        let like = like.map_or_else(Name::default, |parent| parent.name);
        // From when on, and until when, both parents can have children.
        let young = mother.max(father).map_or(month, |born| born + 17 * 12);
        let old = mother.map_or(month + 25 * 12, |born| born + 44 * 12);
        // A child may be born after its father's death.
        let until = old.min(end + 7).min(mother_died.into()).min(PRESENT * 12 - 1);

        let most = match month / 12 {
            _ if husband == NONE => 2,
            ..1890 => 9,
            1890..1950 => 5,
            _ => 3,
        };
        let is_childless = self.random.percent(10);
        let wanted = if is_childless { 0 } else { self.random.near_middle(1, most) };
        let mut born = (month + 8 + self.random.near_middle(0, 30)).max(young);
        for _ in 0..wanted {
            if born > until {
                break;
            }
            let is_adopted = self.random.per_mille(16);
            let at_once = if !is_adopted && self.random.per_mille(12) { 2 } else { 1 };
            for _ in 0..at_once {
                let parents = if is_adopted { (NONE, union) } else { (union, NONE) };
                let Some(child) = self.child(born, like, parents) else { return };
                self.raise(village, child, born);
            }
            born += self.random.near_middle(14, 46);
        }
        // Those without children sometimes take one in, mostly of a large family nearby.
        if is_childless && self.random.percent(12) {
            self.adopt_nephew(union, [father, mother]);
        }
    }

    fn raise(&mut self, village: &mut Village, child: u32, born: i32) {
        self.family.children.push(child);
        let is_male = self.person(child).is_some_and(|child| child.is_male);
        let due = born + self.months_until_marriage(is_male);
        village.is_due(child, due);
    }

    /// A child of the husband's brother or sister is adopted, and known by both families.
    fn adopt_nephew(&mut self, union: u32, born: [Option<i32>; 2]) {
        let Some(&Union { husband, .. }) = self.union(union) else { return };
        let Some(&uncle) = self.person(husband) else { return };
        let nephew = self.other_child(uncle.born_to, husband).and_then(|sibling| {
            let parents = self.latest.get(sibling as usize).copied()?;
            self.other_child(parents, husband)
        });
        let youngest = born.into_iter().flatten().max().unwrap_or(0);
        let Some(nephew) = nephew else { return };
        let Some(record) = self.family.persons.get_mut(nephew as usize) else { return };
        let may_be = record.adopted_by == NONE
            && record.born_to != NONE
            && i32::from(record.born) > youngest + 17 * 12
            && self.latest.get(nephew as usize) == Some(&NONE);
        if may_be {
            record.adopted_by = union;
            self.family.children.push(nephew);
        }
    }
}
