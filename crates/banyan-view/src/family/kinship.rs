//! How two persons are related, ready to be told and to be lit on the chart.

use std::collections::BTreeSet;

use banyan_kin::{
    Limits, PersonId, Relation, Sex, UnionId, Way,
    relation::{Shape, Step, StepKind, chinese, english},
};
use banyan_layout::geometry::{Point, Rect};

use super::{FamilyWorld, card};
use crate::{
    details::{Label, Row, Section, Value},
    world::MOST_LINES,
};

/// Names of further ways that are told: of persons with thousands of common ancestors the rest is a
/// crowd.
const MOST_NAMES: usize = 8;

/// What one person is to another by one of the ways between them. It has the words of both languages,
/// since Chinese terms say more than English ones.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kinship {
    /// Names of the two persons: `to` is the `english` of `from`.
    pub from: String,
    pub to: String,
    /// They are one and the same, so that the other is still to be named.
    pub is_one: bool,
    /// Empty where no way leads from one to the other.
    pub english: String,
    pub chinese: String,
    /// Which of the ways is told, from 0 on.
    pub way: u32,
    pub ways: u32,
    pub sections: Vec<Section>,
    /// The persons on the way, and the lines between them, in world units.
    pub boxes: Vec<Rect>,
    pub lines: Vec<Vec<Point>>,
    /// Stable ids of those on the way who are not on the chart.
    pub absent: Vec<String>,
}

impl FamilyWorld {
    /// What the person with the stable id `to` is to `from`, by the way of this number; numbers past
    /// the last begin anew. `None` if either is not in the family.
    pub fn kinship(&self, from: &str, to: &str, way: u32) -> Option<Kinship> {
        let genealogy = &self.genealogy;
        let (from, to) = (genealogy.person_by_id(from)?, genealogy.person_by_id(to)?);
        let title = |person| card::title(genealogy, person, &self.words);
        let mut kinship =
            Kinship { from: title(from), to: title(to), is_one: from == to, ..Kinship::default() };
        if kinship.is_one {
            return Some(kinship);
        }
        let relation = genealogy.relate(from, to, Limits::default());
        let ways = ways(&relation);
        kinship.ways = ways.len() as u32;
        let Some(number) = way.checked_rem(kinship.ways) else { return Some(kinship) };
        let Some(way) = ways.get(number as usize) else { return Some(kinship) };
        let shape = Shape::of(genealogy, from, way);
        let chinese = chinese::name(&shape);
        kinship.way = number;
        kinship.english = english::name(&shape);
        let facts = self.facts(from, way, &kinship.english, &chinese, &relation);
        kinship.sections =
            vec![Section::new(None, facts), Section::new(Some(Label::Way), self.steps(from, way))];
        let others = self.other_names(from, &relation, &kinship.english);
        if !others.is_empty() {
            kinship.sections.push(Section::new(Some(Label::OtherWays), others));
        }
        kinship.chinese = chinese.name;
        let other_top = way.other_top.into_iter();
        let persons: Vec<PersonId> = way.persons(from).chain(other_top).collect();
        kinship.boxes = persons.iter().filter_map(|&person| self.rect(person)).collect();
        let absent = persons.iter().filter(|&&person| self.rect(person).is_none());
        kinship.absent = absent.map(|&person| self.id(person)).collect();
        kinship.lines = self.lines_of(from, way);
        Some(kinship)
    }

    fn facts(
        &self,
        from: PersonId,
        way: &Way,
        english: &str,
        chinese: &chinese::Term,
        relation: &Relation,
    ) -> Vec<Row> {
        let row = |label, value| Row { label, value, node: None };
        let also = chinese.also.join("、");
        let also = if also.is_empty() { also } else { format!("（{also}）") };
        let mut rows = vec![
            row(Label::InEnglish, Value::Text(english.to_owned())),
            row(Label::InChinese, Value::Text(format!("{}{also}", chinese.name))),
        ];
        if way.blood_legs().is_some_and(|(up, down)| up > 0 && down > 0) {
            let tops = [Some(way.top(from)), way.other_top];
            let tops = tops.into_iter().flatten();
            rows.extend(tops.map(|top| self.kin_row(Label::CommonAncestor, top)));
        }
        let kinship =
            relation.kinship.map_or(Value::Unknown, |kinship| Value::Text(share(kinship)));
        rows.push(row(Label::Kinship, kinship));
        rows.push(row(Label::KinLoops, Value::Count(relation.loops as u64)));
        rows
    }

    /// Everybody on the way, each called by what they are to the one before.
    fn steps(&self, from: PersonId, way: &Way) -> Vec<Row> {
        let step = |step: &Step| self.kin_row(self.label_of(step), step.to);
        let first = self.kin_row(Label::WayFrom, from);
        std::iter::once(first).chain(way.steps.iter().map(step)).collect()
    }

    fn label_of(&self, step: &Step) -> Label {
        let sex = self.genealogy.person(step.to).map(|person| person.sex);
        match (step.kind, sex) {
            (StepKind::Up { .. }, Some(Sex::Male)) => Label::Father,
            (StepKind::Up { .. }, Some(Sex::Female)) => Label::Mother,
            (StepKind::Up { .. }, _) => Label::Parent,
            (StepKind::Down { .. }, _) => Label::Child,
            (StepKind::Across, _) => Label::Partner,
        }
    }

    fn kin_row(&self, label: Label, person: PersonId) -> Row {
        let node = self.rect(person).map(|_| person.0);
        Row { label, value: Value::Text(self.named(person)), node }
    }

    /// What else they are to each other.
    fn other_names(&self, from: PersonId, relation: &Relation, told: &str) -> Vec<Row> {
        let mut seen = BTreeSet::from([told.to_owned()]);
        let mut rows = Vec::new();
        for way in relation.principal().into_iter().chain(relation.others(&self.genealogy, from)) {
            let shape = Shape::of(&self.genealogy, from, way);
            let (english, chinese) = (english::name(&shape), chinese::name(&shape).name);
            if rows.len() < MOST_NAMES && seen.insert(english.clone()) {
                let value = Value::Text(format!("{english} · {chinese}"));
                rows.push(Row { label: Label::AlsoRelated, value, node: None });
            }
        }
        rows
    }

    /// The lines that lead along the way. A child hangs from one parent of the couple, whichever the
    /// way passes, and the couple's own line leads to the other.
    fn lines_of(&self, from: PersonId, way: &Way) -> Vec<Vec<Point>> {
        let routes = &self.scene.routes;
        let mut lines = BTreeSet::new();
        let mut at = from;
        for step in &way.steps {
            let (one, other) = (at.0, step.to.0);
            let of_union = self.union_lines().of_union(step.union);
            let ends = |line: u32| routes.ends.get(line as usize).copied().unwrap_or_default();
            let joins = |line: &&u32| matches!(ends(**line), it if it == (one, other) || it == (other, one));
            let direct: Vec<u32> = of_union.iter().filter(joins).copied().collect();
            if direct.is_empty() {
                let partners = self.genealogy.partners(step.union);
                let touches = |line: &&u32| {
                    let (from, to) = ends(**line);
                    let is_couple = [from, to].iter().all(|end| partners.contains(&PersonId(*end)));
                    let is_way = [one, other].iter().any(|end| *end == from || *end == to);
                    is_couple || (is_way && step.kind != StepKind::Across)
                };
                lines.extend(of_union.iter().filter(touches).copied());
            }
            lines.extend(direct);
            at = step.to;
        }
        lines.into_iter().take(MOST_LINES).map(|line| routes.line(line as usize).to_vec()).collect()
    }
}

/// All ways, the one that names the relation best first, then by their lengths.
fn ways(relation: &Relation) -> Vec<&Way> {
    let mut seen = BTreeSet::new();
    let mut ways: Vec<&Way> = relation.blood.iter().chain(&relation.shortest).collect();
    ways.sort_by_key(|way| way.steps.len());
    let mut all: Vec<&Way> = relation.principal().into_iter().chain(ways).collect();
    // A couple of common ancestors is one way by blood, and two of the shortest.
    let families = |way: &Way| way.steps.iter().map(|step| step.union).collect::<Vec<UnionId>>();
    let couples = relation.blood.iter().filter(|way| way.other_top.is_some());
    let couples: BTreeSet<_> = couples.map(families).collect();
    all.retain(|way| {
        let is_told = way.other_top.is_none() && couples.contains(&families(way));
        !(is_told && way.blood_legs().is_some()) && seen.insert(*way)
    });
    all
}

/// A share in decimals, and as 1/n where it is one.
fn share(share: f64) -> String {
    let parts = 1.0 / share;
    if share > 0.0 && parts > 1.0 && parts < 1e9 && (parts - parts.round()).abs() < 1e-9 {
        return format!("{share:.6} = 1/{parts:.0}");
    }
    format!("{share:.6}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Language, View, World as _, told::tell_kinship, world::Words};

    const HONGLOU: &[u8] = include_bytes!("../../../../data/samples/honglou.ged");
    const DARWIN: &[u8] = include_bytes!("../../../../data/samples/darwin-wedgwood.ged");

    fn world(bytes: &[u8]) -> FamilyWorld {
        let genealogy = banyan_gedcom::read(bytes, &mut |_, _| ()).unwrap().genealogy;
        FamilyWorld::new(genealogy, Words::english(), &mut |_, _| ())
    }

    fn id(world: &FamilyWorld, name: &str) -> String {
        world.id_of(world.search(name, 1)[0])
    }

    fn kinship(world: &FamilyWorld, from: &str, to: &str, way: u32) -> Kinship {
        world.kinship(&id(world, from), &id(world, to), way).unwrap()
    }

    fn texts(kinship: &Kinship) -> String {
        let rows = kinship.sections.iter().flat_map(|section| &section.rows);
        let row = |row: &Row| match &row.value {
            Value::Text(text) => format!("{:?} {text}", row.label),
            other => format!("{:?} {other:?}", row.label),
        };
        rows.map(row).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn a_wife_is_a_first_cousin_too() {
        let world = world(DARWIN);
        let wife = kinship(&world, "Charles Robert Darwin", "Emma Wedgwood", 0);
        assert_eq!((wife.english.as_str(), wife.chinese.as_str()), ("wife", "妻子"));
        assert_eq!(wife.boxes.len(), 2);
        assert_eq!(wife.lines.len(), 1, "the couple's own line");
        assert!(texts(&wife).contains("AlsoRelated first cousin"), "{}", texts(&wife));
        assert!(texts(&wife).contains("0.062500 = 1/16"), "{}", texts(&wife));

        let cousin = kinship(&world, "Charles Robert Darwin", "Emma Wedgwood", 1);
        assert_eq!(cousin.english, "first cousin");
        assert_eq!(cousin.boxes.len(), 6, "five on the way, and the other grandparent");
        assert!(cousin.lines.len() >= 4, "{}", cousin.lines.len());
        assert!(texts(&cousin).contains("CommonAncestor"), "{}", texts(&cousin));
        let told = tell_kinship(cousin, &world, View::Family, Language::English);
        assert_eq!(
            told.details.title,
            "Emma Wedgwood is the first cousin of Charles Robert Darwin"
        );
        assert_eq!(told.details.subtitle, "Way 2 of 2");
        assert!(told.boxes.iter().all(|rect| told.bounds().overlaps(rect)));

        let again = kinship(&world, "Charles Robert Darwin", "Emma Wedgwood", wife.ways);
        assert_eq!(again, wife, "the ways are a ring");
        let numbers = 0..wife.ways;
        let told: BTreeSet<String> = numbers
            .map(|way| texts(&kinship(&world, "Charles Robert Darwin", "Emma Wedgwood", way)))
            .collect();
        assert_eq!(told.len(), wife.ways as usize, "no way is told twice");
    }

    #[test]
    fn cousins_on_the_fathers_sisters_side_in_chinese() {
        let world = world(HONGLOU);
        let cousin = kinship(&world, "賈寶玉", "林黛玉", 0);
        assert_eq!((cousin.english.as_str(), cousin.chinese.as_str()), ("first cousin", "表姐妹"));
        assert!(texts(&cousin).contains("姑表"), "{}", texts(&cousin));
    }

    #[test]
    fn strangers_have_no_way_and_nobody_has_no_answer() {
        let strangers =
            "0 HEAD\n1 CHAR UTF-8\n0 @I1@ INDI\n1 NAME A /B/\n0 @I2@ INDI\n1 NAME C /D/\n0 TRLR\n";
        let world = world(strangers.as_bytes());
        let kinship = world.kinship("I1", "I2", 3).unwrap();
        assert_eq!((kinship.from.as_str(), kinship.to.as_str()), ("A B", "C D"));
        assert_eq!((kinship.ways, kinship.english.as_str()), (0, ""));
        assert!(kinship.boxes.is_empty());
        let told = |language| tell_kinship(kinship.clone(), &world, View::Family, language).details;
        assert_eq!(told(Language::English).title, "No way leads from A B to C D.");
        assert_eq!(told(Language::Chinese).title, "A B与C D之间没有任何路径。");
        assert_eq!(world.kinship("I1", "I9", 0), None);
        let one = world.kinship("I1", "I1", 0).unwrap();
        let one = tell_kinship(one, &world, View::Family, Language::English);
        assert_eq!((one.details.title.as_str(), one.ways), ("A B", 0));
        assert!(one.details.subtitle.starts_with("Choose whose relation"));
    }
}
