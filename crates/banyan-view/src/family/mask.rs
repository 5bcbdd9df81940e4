//! Those who may live, hidden: of them cards, details, search, figures and exports know nothing but
//! sex and links.

use banyan_kin::{Genealogy, HiddenNames, PersonId, TextId};
use banyan_layout::{family::FamilyLayout, geometry::Point};

use super::{FamilyWorld, Plan, Stage, record};
use crate::{
    figures,
    texts::Language,
    world::{Word, Words},
};

/// What lies under a mask, and whom it hides.
pub(super) struct Mask {
    /// The genealogy with everybody in it.
    pub open: Genealogy,
    /// By person.
    hidden: Vec<bool>,
    /// What they are called, which others may be said to have told.
    pub names: HiddenNames,
}

impl FamilyWorld {
    /// A family in which those who may live in a year are hidden; everybody shows without a year.
    pub fn with_mask(
        open: Genealogy,
        year: Option<i32>,
        words: Words,
        plan: impl Into<Plan>,
        progress: &mut dyn FnMut(Stage, f32),
    ) -> Self {
        Self::under_mask(open, year, words, plan.into(), |_| Point::default(), progress)
    }

    fn under_mask(
        open: Genealogy,
        year: Option<i32>,
        words: Words,
        plan: Plan,
        origin: impl FnOnce(&FamilyLayout) -> Point,
        progress: &mut dyn FnMut(Stage, f32),
    ) -> Self {
        let Some(year) = year else {
            return Self::made(open, None, words, plan, origin, progress);
        };
        let hidden = open.living(year);
        let names = HiddenNames::of(&open, &hidden);
        let genealogy = open.masked(&hidden, words.get(Word::Living), &names);
        Self::made(genealogy, Some(Mask { open, hidden, names }), words, plan, origin, progress)
    }

    /// The same family and chart under another mask, or with words in another language. Everyone
    /// stands where they stood, but on an axis of years: there the hidden have none of their own.
    pub fn masked(
        self,
        year: Option<i32>,
        words: Words,
        progress: &mut dyn FnMut(Stage, f32),
    ) -> Self {
        let (calendar, language) = (self.calendar, self.language);
        let (by, this_year) = (self.painting.by, self.painting.year);
        let open = self.mask.map_or(self.genealogy, |mask| mask.open);
        let origin = self.origin;
        let mut world = Self::under_mask(open, year, words, self.plan, |_| origin, progress);
        world.paint(by, this_year);
        Self { calendar, language, ..world }
    }

    /// How many are hidden; `None` where nobody has to be.
    pub fn hidden(&self) -> Option<usize> {
        let mask = self.mask.as_ref()?;
        Some(mask.hidden.iter().filter(|is_hidden| **is_hidden).count())
    }

    /// The same in words; none where nobody has to be hidden.
    pub fn told_hidden(&self, language: Language) -> String {
        let Some(hidden) = self.hidden() else { return String::new() };
        let key = match hidden {
            0 => "hidden_nobody",
            1 => "hidden_one",
            _ => "hidden_some",
        };
        language.say(key, &[("count", &figures::count(hidden as u64))])
    }

    /// Whether the person of this index is hidden.
    pub(super) fn is_hidden(&self, person: usize) -> bool {
        let hidden = |mask: &Mask| mask.hidden.get(person).copied().unwrap_or(true);
        self.mask.as_ref().is_some_and(hidden)
    }

    /// The line of the file where the record of a person begins who is not hidden.
    pub fn record_line(&self, node: u32) -> Option<u32> {
        let person = self.genealogy.person(PersonId(node))?;
        (!self.is_hidden(node as usize)).then_some(person.line)
    }

    /// The lines of a record that may be seen: without texts that name somebody who is hidden.
    pub fn seen_lines<'t>(
        &self,
        lines: impl Iterator<Item = (u32, &'t str)>,
    ) -> impl Iterator<Item = (u32, &'t str)> {
        let lines: Vec<(u32, &str)> = lines.collect();
        let seen = match &self.mask {
            Some(mask) => record::without_names(&lines, &mask.names),
            None => lines,
        };
        seen.into_iter()
    }

    /// The genealogy with everybody in it.
    const fn whole(&self) -> &Genealogy {
        match &self.mask {
            Some(mask) => &mask.open,
            None => &self.genealogy,
        }
    }

    /// The path of the picture that a card names by this number.
    pub fn photo_path(&self, photo: u32) -> &str {
        self.whole().texts.get(TextId(photo))
    }

    /// The number of a picture, which a mask leaves as it is: pictures that were decoded stay at hand.
    pub(super) fn photo(&self, person: PersonId) -> Option<u32> {
        self.genealogy.photo(person)?;
        self.whole().photo(person).map(|photo| photo.0)
    }
}

#[cfg(test)]
mod tests {
    use banyan_scene::{Card, CardSource as _};

    use super::*;
    use crate::{View, World as _, details::told, family::Chart};

    /// A dead couple, and a daughter who may live; with an archive's path of a picture for each.
    const FAMILY: &str = "\
0 HEAD
1 GEDC
2 VERS 5.5.1
1 CHAR UTF-8
0 @I1@ INDI
1 NAME Adam /Ahorn/
1 SEX M
1 BIRT
2 DATE 1950
1 DEAT
1 OBJE
2 FILE adam.jpg
1 FAMS @F1@
0 @I2@ INDI
1 NAME Berta /Buche/
1 SEX F
1 DEAT
2 DATE 2001
1 FAMS @F1@
0 @I3@ INDI
1 NAME Carla /Geheim/
1 SEX F
1 OBJE
2 FILE carla.jpg
1 BIRT
2 DATE 3 MAR 1984
2 PLAC Verborgen
1 FAMC @F1@
0 @I4@ INDI
1 NAME Dora /Ahorn/
1 BIRT
2 DATE 1980
1 DEAT
2 DATE 1990
1 BURI
2 DATE (as Carla /Geheim/ has it)
2 PLAC Hof von Carla Geheim
1 EVEN
2 TYPE Reise zu Geheim, Carla
2 DATE INT 1989 (Carla Geheim)
1 TITL Patin von Carla Geheim
1 OBJE
2 FILE dora_und_carla_geheim.jpg
1 FAMC @F1@
0 @F1@ FAM
1 HUSB @I1@
1 WIFE @I2@
1 CHIL @I3@
1 CHIL @I4@
0 TRLR
";
    const SECRETS: [&str; 5] = ["Carla", "Geheim", "1984", "Verborgen", "carla"];

    fn world(year: Option<i32>, chart: Chart) -> FamilyWorld {
        let genealogy =
            banyan_gedcom::read(FAMILY.as_bytes(), &mut |_, _| ()).expect("a GEDCOM").genealogy;
        FamilyWorld::with_mask(genealogy, year, Words::english(), chart, &mut |_, _| ())
    }

    /// All that anybody can be told of a family.
    fn all_that_is_told(world: &FamilyWorld) -> String {
        let mut all = format!("{:?}", world.scene().landmarks);
        for node in (0u32..).take(world.scene().len()) {
            let mut card = Card::default();
            world.card(node, &mut card);
            let photo = card.photo.map(|photo| world.photo_path(photo).to_owned());
            let summary = world.summary(node);
            all += &format!("{card:?} {photo:?} {} {}\n", summary.title, summary.subtitle);
            all += &told(&world.details(node));
            for language in [Language::English, Language::Chinese] {
                let kinship = world.kinship("I1", &world.id_of(node), 0).unwrap();
                let kinship = crate::told::tell_kinship(kinship, world, View::Family, language);
                all += &format!("{kinship:?}");
            }
        }
        all
    }

    #[test]
    fn nothing_is_told_of_the_living_on_any_chart() {
        let part =
            Chart::Part { kind: super::super::Part::Descendants, of: "I1".into(), most: None };
        for chart in [Chart::Everyone, Chart::Timeline, part] {
            let masked = world(Some(2026), chart.clone());
            let all = all_that_is_told(&masked);
            for secret in SECRETS {
                assert!(!all.contains(secret), "{secret} in {chart:?}: {all}");
                assert_eq!(masked.search(secret, 9), [], "{secret}");
            }
            assert!(
                all.contains("Living") && all.contains("Adam Ahorn") && all.contains("adam.jpg")
            );
            assert!(all.contains("*1950") && all.contains("1980–1990"), "{all}");
            assert!(all.contains("1989") && !all.contains("dora_und"), "{all}");
            assert_eq!(masked.hidden(), Some(1));
        }
        let open = all_that_is_told(&world(None, Chart::Everyone));
        SECRETS.iter().for_each(|secret| assert!(open.contains(secret), "{secret}"));
    }

    #[test]
    fn everyone_stands_where_they_stood() {
        let open = world(None, Chart::Everyone);
        let boxes = open.scene().boxes.clone();
        let photos = [0, 2].map(|node| open.photo(PersonId(node)));
        assert_eq!(open.hidden(), None);
        assert_eq!(open.record_line(2), Some(20));

        let masked = open.masked(Some(2026), Words::english(), &mut |_, _| ());
        assert_eq!(masked.scene().boxes, boxes);
        assert!(boxes[3].x < boxes[2].x, "by births, of which a mask knows none");
        assert_eq!([0, 2].map(|node| masked.photo(PersonId(node))), [photos[0], None]);
        assert_eq!((masked.record_line(2), masked.record_line(0)), (None, Some(5)));
        assert_eq!(masked.find("I3"), Some(2));

        let chinese = masked.masked(Some(2026), Words::of(Language::Chinese), &mut |_, _| ());
        assert_eq!(chinese.summary(2).title, "在世者");
        assert_eq!(chinese.scene().boxes, boxes);
        let open = chinese.masked(None, Words::english(), &mut |_, _| ());
        assert_eq!(open.summary(2).title, "Carla Geheim");
        assert_eq!(open.hidden(), None);
    }

    #[test]
    fn years_pass() {
        assert_eq!(world(Some(2094), Chart::Everyone).hidden(), Some(1));
        assert_eq!(world(Some(2095), Chart::Everyone).hidden(), Some(0));
        let told = |year| world(year, Chart::Everyone).told_hidden(Language::English);
        assert_eq!(told(Some(2094)), "1 who may live is hidden");
        assert_eq!(told(Some(2095)), "nobody has to be hidden");
        assert_eq!(told(None), "");
    }
}
