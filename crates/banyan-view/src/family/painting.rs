//! The colours of everybody on a chart, and what each of them means.
//!
//! Nobody moves when the colours change: a scene has one ink a person, and those alone are others then.

use banyan_kin::{PersonId, Sex};
use banyan_scene::{Ink, Legend, LegendEntry};

use super::{Colouring, FamilyWorld, card, kinds::Kinds};
use crate::{Place, ToldRow, ToldSection, Value, View, figures::count, texts::Language};

/// What a person who is not on the chart belongs to.
const NOWHERE: u8 = u8::MAX;
/// The last so many centuries have colours of their own.
const CENTURIES: usize = Ink::STEPS.len() - 1;
/// What [`Colouring::Completeness`] asks for: birth, death, a place, a source.
const FACTS: u8 = 4;

/// Who is painted in which colour.
pub(super) struct Painting {
    pub by: Colouring,
    /// In which it is known who may live.
    pub year: i32,
    /// By person, the place of their group in `groups`.
    of: Vec<u8>,
    groups: Vec<Group>,
    /// The group that is lit; all others are pale.
    lit: Option<u8>,
}

/// Persons of one colour.
struct Group {
    meaning: Meaning,
    ink: Ink,
    persons: u32,
}

/// What a colour says, in no language.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Meaning {
    Sex(Sex),
    /// The first and the last, counted from 1.
    Generations(u32, u32),
    /// What the file calls it.
    Named(String),
    Known(u8),
    /// 19 is 1801 to 1900, -1 the last before Christ.
    Century(i32),
    UpToCentury(i32),
    Living(bool),
    /// So many kinds have no colour of their own.
    Others(u32),
    None(Colouring),
    /// Under a mask.
    Hidden,
}

impl Painting {
    /// By sex, on a chart of those who have places.
    pub(super) fn by_sex(sexes: &[Sex], is_placed: impl Fn(usize) -> bool) -> Self {
        let meaning = |sex| (Meaning::Sex(sex), card::ink(sex));
        let meanings = [Sex::Male, Sex::Female, Sex::Unknown].map(meaning).into();
        Self::new(Colouring::Sex, 0, sexes.len(), meanings, |place| {
            let sex = sexes.get(place).filter(|_| is_placed(place))?;
            Some(match sex {
                Sex::Male => 0,
                Sex::Female => 1,
                Sex::Unknown | Sex::Other => 2,
            })
        })
    }

    /// Groups of the persons for whom there is a place in `meanings`. Groups of nobody are left out.
    fn new(
        by: Colouring,
        year: i32,
        persons: usize,
        meanings: Vec<(Meaning, Ink)>,
        group: impl Fn(usize) -> Option<u8>,
    ) -> Self {
        let mut of: Vec<u8> = (0..persons).map(|place| group(place).unwrap_or(NOWHERE)).collect();
        let mut counts = vec![0_u32; meanings.len()];
        for group in &of {
            if let Some(count) = counts.get_mut(usize::from(*group)) {
                *count += 1;
            }
        }
        let mut groups = Vec::new();
        let mut moved = vec![NOWHERE; meanings.len()];
        for ((place, (meaning, ink)), persons) in moved.iter_mut().zip(meanings).zip(counts) {
            if persons > 0 {
                *place = groups.len() as u8;
                groups.push(Group { meaning, ink, persons });
            }
        }
        for group in &mut of {
            *group = moved.get(usize::from(*group)).copied().unwrap_or(NOWHERE);
        }
        Self { by, year, of, groups, lit: None }
    }

    pub(super) fn tint(&self, person: PersonId) -> Ink {
        let group = self.of.get(person.index()).copied().unwrap_or(NOWHERE);
        match self.groups.get(usize::from(group)) {
            Some(_) if self.lit.is_some_and(|lit| lit != group) => Ink::CardEdge,
            Some(group) => group.ink,
            None => Ink::Idle,
        }
    }
}

impl FamilyWorld {
    pub fn colouring(&self) -> Colouring {
        self.painting.by
    }

    /// Paints everybody by something else; `year` is that in which it is asked who may live.
    pub fn paint(&mut self, by: Colouring, year: i32) {
        self.painting = self.painted(by, year);
        self.tint();
    }

    /// Lights the persons of a row of the legend, as [`Place::id`] names it, and makes all others pale.
    /// Everybody is lit if that row was, or if there is no such row.
    pub fn light(&mut self, id: &str) {
        let row = id.strip_prefix('@').and_then(|row| row.parse().ok());
        let is_there = |row: &u8| usize::from(*row) < self.painting.groups.len();
        self.painting.lit = row.filter(is_there).filter(|row| self.painting.lit != Some(*row));
        self.tint();
    }

    /// Those who are lit, in the order of the file.
    pub fn lit(&self) -> impl Iterator<Item = u32> {
        let lit = self.painting.lit;
        let persons = (0u32..).zip(&self.painting.of);
        persons.filter(move |(_, group)| lit == Some(**group)).map(|(person, _)| person)
    }

    fn tint(&mut self) {
        for (person, tint) in self.genealogy.person_ids().zip(&mut self.scene.tints) {
            *tint = self.painting.tint(person);
        }
    }

    fn painted(&self, by: Colouring, year: i32) -> Painting {
        let genealogy = &self.genealogy;
        let persons = genealogy.persons.len();
        let placed = |place: usize| {
            let rect = self.scene.boxes.get(place);
            rect.is_some_and(|rect| !rect.is_empty())
        };
        let everybody = || genealogy.person_ids().filter(|person| placed(person.index()));
        // A mask leaves sex and links; what else it would be painted by is not told.
        let is_hidden = |place: usize| self.is_hidden(place);
        let finish = |mut meanings: Vec<(Meaning, Ink)>, group: &dyn Fn(usize) -> Option<u8>| {
            let unknown = meanings.len() as u8;
            meanings.push((Meaning::None(by), Ink::Idle));
            meanings.push((Meaning::Hidden, Ink::Idle));
            Painting::new(by, year, persons, meanings, |place| match place {
                place if !placed(place) => None,
                place if is_hidden(place) => Some(unknown + 1),
                place => Some(group(place).unwrap_or(unknown)),
            })
        };
        let by_kind = |kinds: Kinds| {
            let shown = everybody().filter(|person| !is_hidden(person.index()));
            let ranked = kinds.ranked(shown);
            let mut place_of = vec![NOWHERE; kinds.names.len()];
            let mut meanings = Vec::new();
            for (&(kind, _), ink) in ranked.iter().zip(Ink::HUES) {
                if let (Some(place), Some(name)) =
                    (place_of.get_mut(kind as usize), kinds.names.get(kind as usize))
                {
                    *place = meanings.len() as u8;
                    meanings.push((Meaning::Named(name.clone()), ink));
                }
            }
            let others = meanings.len() as u8;
            let left = ranked.len().saturating_sub(Ink::HUES.len());
            meanings.push((Meaning::Others(left as u32), Ink::Others));
            finish(meanings, &|place| {
                let kind = kinds.of.get(place).copied()?;
                let group = place_of.get(kind as usize).copied()?;
                Some(if group == NOWHERE { others } else { group })
            })
        };
        match by {
            Colouring::Sex => {
                let sexes: Vec<Sex> = genealogy.persons.iter().map(|person| person.sex).collect();
                Painting { year, ..Painting::by_sex(&sexes, placed) }
            }
            Colouring::Surname => by_kind(Kinds::surnames(genealogy)),
            Colouring::Branch => by_kind(Kinds::branches(genealogy, &self.placing.generations)),
            Colouring::GenerationWord => by_kind(Kinds::generation_words(genealogy)),
            Colouring::BirthPlace => by_kind(Kinds::birth_places(genealogy)),
            Colouring::Generation => {
                let rows = &self.placing.generations;
                let row = |place: usize| rows.get(place).copied().filter(|row| *row != u32::MAX);
                let last = everybody().filter_map(|person| row(person.index())).max();
                let last = last.unwrap_or_default();
                let width = (last + 1).div_ceil(Ink::STEPS.len() as u32);
                let groups = (last + 1).div_ceil(width);
                let meanings = (0..groups).map(|group| {
                    let first = group * width;
                    let meaning = Meaning::Generations(first + 1, (first + width).min(last + 1));
                    (meaning, step(group as usize, groups as usize))
                });
                finish(meanings.collect(), &|place| u8::try_from(row(place)? / width).ok())
            }
            Colouring::Completeness => {
                let meanings = (0..=FACTS).map(|known| {
                    (Meaning::Known(known), step(usize::from(known), usize::from(FACTS) + 1))
                });
                finish(meanings.collect(), &|place| Some(self.known(PersonId(place as u32))))
            }
            Colouring::Century => {
                let century = |place: usize| genealogy.birth_century(PersonId(place as u32));
                let mut all: Vec<i32> =
                    everybody().filter_map(|person| century(person.index())).collect();
                all.sort_unstable();
                all.dedup();
                let early = all.len().saturating_sub(CENTURIES);
                // One more than there are colours needs no "earlier" for one alone.
                let early = if early == 1 { 0 } else { early };
                let late = all.split_off(early);
                let groups = late.len() + usize::from(early > 0);
                let meanings = all.last().map(|&last| Meaning::UpToCentury(last)).into_iter();
                let meanings = meanings.chain(late.iter().map(|&it| Meaning::Century(it)));
                let meanings = meanings.zip(0..).map(|(it, place)| (it, step(place, groups)));
                finish(meanings.collect(), &|place| {
                    let at = late.partition_point(|&it| it < century(place).unwrap_or(i32::MAX));
                    let own = century(place)?;
                    let is_early = late.first().is_some_and(|&first| own < first);
                    let place = if is_early { 0 } else { at + usize::from(early > 0) };
                    u8::try_from(place).ok()
                })
            }
            Colouring::Living => {
                let living = genealogy.living(year);
                let meanings = vec![
                    (Meaning::Living(true), Ink::Accent),
                    (Meaning::Living(false), Ink::Others),
                ];
                finish(meanings, &|place| Some(u8::from(!living.get(place)?)))
            }
        }
    }

    /// How much is known of somebody, of four: dated birth, dated death, a place of either, a source.
    fn known(&self, person: PersonId) -> u8 {
        let genealogy = &self.genealogy;
        let has_place = [genealogy.birth(person), genealogy.death(person)]
            .into_iter()
            .flatten()
            .any(|fact| !fact.place.is_empty());
        let is_sourced = genealogy.person(person).is_some_and(|person| person.is_sourced);
        let is_born = genealogy.born(person).year().is_some();
        let is_dead = genealogy.known_death(person).is_some();
        [is_born, is_dead, has_place, is_sourced].map(u8::from).into_iter().sum()
    }

    /// What the colours mean, for a page or a picture.
    pub fn legend(&self, language: Language) -> Legend {
        let entry = |group: &Group| LegendEntry {
            ink: group.ink,
            label: meaning(&group.meaning, language),
            figure: count(u64::from(group.persons)),
        };
        Legend {
            heading: self.painting.by.title(language),
            entries: self.painting.groups.iter().map(entry).collect(),
        }
    }

    /// The same as rows, each of which lights its persons.
    pub fn told_legend(&self, language: Language) -> ToldSection {
        let most = self.painting.groups.iter().map(|group| group.persons).max().unwrap_or(1);
        let row = |(row, group): (usize, &Group)| {
            let share = u64::from(group.persons) * 1000 / u64::from(most);
            let number = Value::Text(count(u64::from(group.persons)));
            ToldRow {
                place: Some(Place { view: View::Family, id: format!("@{row}") }),
                share: u32::try_from(share).ok(),
                ink: group.ink.token().to_owned(),
                ..ToldRow::new(meaning(&group.meaning, language), number)
            }
        };
        let rows = self.painting.groups.iter().enumerate().map(row).collect();
        ToldSection { rows, ..ToldSection::default() }
    }

    /// Who is lit, in words; empty if everybody is.
    pub fn told_lit(&self, language: Language) -> String {
        let lit = self.painting.lit.and_then(|lit| self.painting.groups.get(usize::from(lit)));
        let said = lit.map(|group| {
            let number = count(u64::from(group.persons));
            let key = if group.persons == 1 { "lit_one" } else { "lit_some" };
            language.say(key, &[("what", &meaning(&group.meaning, language)), ("count", &number)])
        });
        said.unwrap_or_default()
    }
}

impl Colouring {
    /// What it is called.
    pub fn title(self, language: Language) -> String {
        language.say(&format!("colour_{}", self.name()), &[])
    }
}

/// The ink of a place among so many in their order.
fn step(place: usize, of: usize) -> Ink {
    let last = Ink::STEPS.len() - 1;
    let step = if of < 2 { last / 2 } else { place * last / (of - 1) };
    Ink::STEPS.get(step).copied().unwrap_or(Ink::Others)
}

fn meaning(meaning: &Meaning, language: Language) -> String {
    let say = |key: &str| language.say(key, &[]);
    let number = |key: &str, number: String| language.say(key, &[("number", &number)]);
    let century = |century: i32| {
        let key = if century < 0 { "figures_century_bc" } else { "figures_century" };
        number(key, language.ordinal(century.unsigned_abs()))
    };
    match meaning {
        Meaning::Sex(Sex::Male) => say("word_male"),
        Meaning::Sex(Sex::Female) => say("word_female"),
        Meaning::Sex(_) => say("word_unknown_sex"),
        Meaning::Generations(first, last) if first == last => {
            number("colour_generation_one", first.to_string())
        }
        Meaning::Generations(first, last) => {
            number("colour_generation_some", format!("{first}–{last}"))
        }
        Meaning::Named(name) => name.clone(),
        Meaning::Known(known) => number("colour_known", known.to_string()),
        Meaning::Century(it) => century(*it),
        Meaning::UpToCentury(it) => language.say("colour_up_to", &[("what", &century(*it))]),
        Meaning::Living(true) => say("colour_may_live"),
        Meaning::Living(false) => say("colour_dead"),
        Meaning::Others(kinds) => number("colour_others", count(u64::from(*kinds))),
        Meaning::None(by) => say(&format!("colour_none_{}", by.name())),
        Meaning::Hidden => say("colour_hidden"),
    }
}
