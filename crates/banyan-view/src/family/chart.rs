//! Who is on the chart, and in which form.

use std::{fmt, str::FromStr};

use banyan_kin::{Genealogy, PersonId};
use banyan_layout::zupu::first_ancestor;
use serde::{Deserialize, Serialize};

use super::{Reach, Reaching, graph};

/// A chart as an address holds it: `everyone`, `timeline`, `ancestors:I52:4` (of whom, and
/// generations at most), `descendants:I52`, `hourglass:I52:3+2` (up and down), `relatives:I52:3`, `fan:I52:6`,
/// `half-fan:I52`, `su:I3`, `ou:I3`, `pagoda:I3`, `list:I3`; of the last four also without a person:
/// of the first ancestor.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Chart {
    #[default]
    Everyone,
    /// Everyone's life on an axis of years.
    Timeline,
    Part {
        kind: Part,
        /// Stable id of the person that it is about; empty for the first ancestor of most.
        of: String,
        /// Generations, or steps for relatives; `None` for all there are.
        most: Option<Reach>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Part {
    Ancestors,
    /// With their partners.
    Descendants,
    /// Both.
    Hourglass,
    /// By blood and by marriage, so many steps away.
    Relatives,
    /// Ancestors in rings, all around.
    Fan,
    /// The same above the person alone.
    HalfFan,
    /// 苏式, the hanging-line chart of descendants.
    Su,
    /// 欧式, tables of five generations.
    Ou,
    /// 宝塔式, each generation a row around the middle.
    Pagoda,
    /// 牒记式, a column of text for each.
    List,
}

impl Part {
    pub const ALL: [Self; 10] = [
        Self::Ancestors,
        Self::Descendants,
        Self::Hourglass,
        Self::Relatives,
        Self::Fan,
        Self::HalfFan,
        Self::Su,
        Self::Ou,
        Self::Pagoda,
        Self::List,
    ];

    pub const fn is_fan(self) -> bool {
        matches!(self, Self::Fan | Self::HalfFan)
    }

    /// Whether it is one of the charts of printed Chinese genealogies, which begin with the first
    /// ancestor if nobody is named.
    pub const fn is_book(self) -> bool {
        matches!(self, Self::Su | Self::Ou | Self::Pagoda | Self::List)
    }

    /// Whether it has a number of generations up and another one down.
    pub const fn goes_both_ways(self) -> bool {
        matches!(self, Self::Hourglass)
    }

    /// Generations at first: so many fit a window with names that can be read.
    pub const fn usual_most(self) -> Option<Reach> {
        match self {
            Self::Fan | Self::HalfFan => Some(Reach::both(5)),
            Self::Su | Self::Ou | Self::Pagoda | Self::List => None,
            _ => Some(Reach::both(4)),
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Ancestors => "ancestors",
            Self::Descendants => "descendants",
            Self::Hourglass => "hourglass",
            Self::Relatives => "relatives",
            Self::Fan => "fan",
            Self::HalfFan => "half-fan",
            Self::Su => "su",
            Self::Ou => "ou",
            Self::Pagoda => "pagoda",
            Self::List => "list",
        }
    }
}

impl Chart {
    /// Who it is about; `None` if it is about everyone, or about whom the chart will find.
    pub fn subject(&self) -> Option<&str> {
        match self {
            Self::Everyone | Self::Timeline => None,
            Self::Part { of, .. } => Some(of.as_str()).filter(|of| !of.is_empty()),
        }
    }

    /// Whether branches of it can be folded away, and arranged: everything but books, fans and the
    /// axis of years.
    pub const fn has_branches(&self) -> bool {
        match self {
            Self::Everyone => true,
            Self::Timeline => false,
            Self::Part { kind, .. } => !kind.is_book() && !kind.is_fan(),
        }
    }

    /// Whether there are in-laws on it who can be left out.
    pub const fn has_in_laws(&self) -> bool {
        matches!(
            self,
            Self::Part { kind: Part::Descendants | Part::Hourglass | Part::Relatives, .. }
        )
    }

    /// The same with a generation more, or fewer; `None` where there is no such chart. `shown` is
    /// how many there are on it: one with all there are begins with fewer.
    pub fn reaching(&self, what: Reaching, shown: u32) -> Option<Self> {
        let Self::Part { kind, of, most } = self else { return None };
        let is_possible = match what {
            Reaching::More => most.is_some(),
            Reaching::Fewer => true,
            Reaching::MoreDown => most.is_some() && kind.goes_both_ways(),
            Reaching::FewerDown => kind.goes_both_ways(),
        };
        let most = most.unwrap_or(Reach::both(shown.saturating_sub(1)));
        let most = most.changed(what).filter(|_| is_possible)?;
        Some(Self::Part { kind: *kind, of: of.clone(), most: Some(most) })
    }
}

impl fmt::Display for Chart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Everyone => f.write_str("everyone"),
            Self::Timeline => f.write_str("timeline"),
            Self::Part { kind, of, most } => {
                f.write_str(kind.name())?;
                if !of.is_empty() || most.is_some() {
                    write!(f, ":{of}")?;
                }
                most.map_or(Ok(()), |most| write!(f, ":{most}"))
            }
        }
    }
}

impl FromStr for Chart {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (name, rest) = text.split_once(':').unwrap_or((text, ""));
        match (name, rest) {
            ("everyone", "") => return Ok(Self::Everyone),
            ("timeline", "") => return Ok(Self::Timeline),
            _ => {}
        }
        let kind = Part::ALL.into_iter().find(|part| part.name() == name).ok_or(())?;
        let reach = |most: &str| {
            let reach: Option<Reach> = most.parse().ok();
            reach.filter(|reach| reach.is_both() || kind.goes_both_ways())
        };
        let (of, most) = match rest.rsplit_once(':').map(|(of, most)| (of, reach(most))) {
            Some((of, Some(most))) => (of, Some(most)),
            _ => (rest, None),
        };
        if of.is_empty() && !kind.is_book() {
            return Err(());
        }
        Ok(Self::Part { kind, of: of.to_owned(), most })
    }
}

/// Whom a part is about, if they are there.
pub(super) fn subject(genealogy: &Genealogy, kind: Part, of: &str) -> Option<PersonId> {
    if of.is_empty() && kind.is_book() {
        return first_ancestor(&graph::kin_graph(genealogy)).map(PersonId);
    }
    genealogy.person_by_id(of)
}

/// The persons that a part has, in the order of the file. `of` is always among them. In-laws are
/// partners who are not of their blood.
pub(super) fn members(
    genealogy: &Genealogy,
    kind: Part,
    of: PersonId,
    most: Option<Reach>,
    has_in_laws: bool,
) -> Vec<PersonId> {
    let ancestors = || reached(genealogy, &[of], most.map(|most| most.up), up);
    let descendants = || {
        let mut line = reached(genealogy, &[of], most.map(|most| most.down), down);
        if has_in_laws {
            let partners: Vec<PersonId> =
                line.iter().flat_map(|&person| partners(genealogy, person)).collect();
            line.extend(partners);
        }
        line
    };
    let mut members = match kind {
        Part::Ancestors | Part::Fan | Part::HalfFan => ancestors(),
        Part::Descendants | Part::Su | Part::Ou | Part::Pagoda | Part::List => descendants(),
        Part::Hourglass => [ancestors(), descendants()].concat(),
        Part::Relatives => reached(genealogy, &[of], most.map(|most| most.up), around),
    };
    members.sort_unstable();
    members.dedup();
    if kind == Part::Relatives && !has_in_laws {
        let above = reached(genealogy, &[of], None, up);
        let mut blood = reached(genealogy, &above, None, down);
        blood.sort_unstable();
        members.retain(|member| blood.binary_search(member).is_ok());
    }
    members
}

/// Who is reached from some persons in so many steps, and they.
fn reached(
    genealogy: &Genealogy,
    of: &[PersonId],
    most: Option<u32>,
    step: fn(&Genealogy, PersonId) -> Vec<PersonId>,
) -> Vec<PersonId> {
    let mut is_seen = vec![false; genealogy.persons.len()];
    let mut see = |person: PersonId| {
        is_seen.get_mut(person.index()).is_some_and(|seen| !std::mem::replace(seen, true))
    };
    let mut layer: Vec<PersonId> = of.iter().copied().filter(|&person| see(person)).collect();
    let mut all = layer.clone();
    let mut steps = 0;
    while !layer.is_empty() && most.is_none_or(|most| steps < most) {
        steps += 1;
        let next = layer.iter().flat_map(|&person| step(genealogy, person));
        layer = next.filter(|&person| see(person)).collect();
        all.extend(&layer);
    }
    all
}

fn up(genealogy: &Genealogy, person: PersonId) -> Vec<PersonId> {
    genealogy.parents(person)
}

fn down(genealogy: &Genealogy, person: PersonId) -> Vec<PersonId> {
    let unions = genealogy.partner_unions(person).iter();
    unions.flat_map(|&union| genealogy.children(union)).copied().collect()
}

fn partners(genealogy: &Genealogy, person: PersonId) -> Vec<PersonId> {
    let unions = genealogy.partner_unions(person).iter();
    unions.flat_map(|&union| genealogy.partners(union)).copied().collect()
}

fn around(genealogy: &Genealogy, person: PersonId) -> Vec<PersonId> {
    let mut all = up(genealogy, person);
    all.extend(down(genealogy, person));
    all.extend(partners(genealogy, person));
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn charts_as_text() {
        let part = |kind, of: &str, most: Option<u32>| Chart::Part {
            kind,
            of: of.into(),
            most: most.map(Reach::both),
        };
        let both = |up, down| Chart::Part {
            kind: Part::Hourglass,
            of: "a:b".into(),
            most: Some(Reach { up, down }),
        };
        for (text, chart) in [
            ("everyone", Chart::Everyone),
            ("timeline", Chart::Timeline),
            ("ancestors:I52:4", part(Part::Ancestors, "I52", Some(4))),
            ("relatives:#7", part(Part::Relatives, "#7", None)),
            ("hourglass:a:b:2", part(Part::Hourglass, "a:b", Some(2))),
            ("hourglass:a:b:3+2", both(3, 2)),
            ("ancestors:I52:3+2", part(Part::Ancestors, "I52:3+2", None)),
            ("half-fan:I52:6", part(Part::HalfFan, "I52", Some(6))),
            ("su", part(Part::Su, "", None)),
            ("ou::9", part(Part::Ou, "", Some(9))),
            ("pagoda:I3", part(Part::Pagoda, "I3", None)),
        ] {
            assert_eq!(text.parse(), Ok(chart.clone()), "{text}");
            assert_eq!(chart.to_string(), text);
        }
        let ancestors = part(Part::Ancestors, "I52", Some(1));
        let (more, fewer) = (Reaching::More, Reaching::Fewer);
        assert_eq!(ancestors.reaching(more, 2), Some(part(Part::Ancestors, "I52", Some(2))));
        assert_eq!(ancestors.reaching(fewer, 2), None);
        assert_eq!(ancestors.reaching(Reaching::MoreDown, 2), None, "it does not go down");
        assert_eq!(both(3, 2).reaching(Reaching::FewerDown, 6), Some(both(3, 1)));
        assert_eq!(both(3, 2).reaching(more, 6), Some(both(4, 3)));
        assert_eq!(Chart::Timeline.reaching(more, 2), None);
        let all = part(Part::Su, "", None);
        assert_eq!(all.reaching(fewer, 5), Some(part(Part::Su, "", Some(3))));
        assert_eq!((all.reaching(more, 5), all.reaching(fewer, 1)), (None, None));
        for text in ["", "ancestors", "ancestors:", "nobody:I5", "timeline:I5", "fan", "fan::4"] {
            assert_eq!(text.parse::<Chart>(), Err(()), "{text}");
        }
    }
}
