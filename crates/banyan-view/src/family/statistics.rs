//! Figures about a whole family, and what in it cannot be, ready to be shown: names and problems lead
//! to persons.

use banyan_kin::{Ages, Completeness, FactCount, NameCount, Spread, Statistics};

use super::FamilyWorld;
use crate::{
    ToldFindings, ToldRow, ToldSection, Value, figures::count, texts::Language, told::as_markdown,
};

impl FamilyWorld {
    /// Everything that `tree stats` says. Takes as long as reading the file did.
    pub fn told_statistics(&self, language: Language) -> ToldFindings {
        let statistics = self.genealogy.statistics();
        let say = |key: &str| language.say(key, &[]);
        let section = |key: &str, is_folded: bool, rows: Vec<ToldRow>| ToldSection {
            heading: say(key),
            is_folded,
            severity: None,
            rows,
        };
        let spread = &statistics.spread;
        let mut sections = vec![
            section("", false, self.people(&statistics, language)),
            section("figures_known", false, known(&statistics, language)),
            section("figures_facts", true, facts(&spread.facts, language)),
            section("figures_ages", false, ages(&statistics, language)),
            section("figures_centuries", true, centuries(&statistics, language)),
            section("figures_deaths_by_age", true, deaths_by_age(spread, language)),
            section("figures_by_generation", true, by_generation(spread, language)),
            section("figures_births_by_decade", true, births_by_decade(spread, language)),
            section("figures_births_by_month", true, births_by_month(spread, language)),
            section("figures_children", true, children(&statistics, language)),
            section("figures_birth_places", true, self.names(&spread.birth_places)),
            section("figures_given_names", true, self.names(&statistics.given_names)),
            section("figures_surnames", true, self.names(&statistics.surnames)),
            section("figures_words", true, self.names(&spread.generation_words)),
        ];
        sections.retain(|section| !section.rows.is_empty());
        let problems = self.problem_sections(language);
        let key = if problems.is_empty() { "figures_no_problems" } else { "figures_problems_note" };
        sections.extend(problems);
        let (badge, notes) = (say("figures_title"), vec![say(key)]);
        let markdown = as_markdown(&badge, &sections, &notes, language);
        ToldFindings { badge, severity: None, sections, notes, markdown }
    }

    fn people(&self, statistics: &Statistics, language: Language) -> Vec<ToldRow> {
        let row = |key: &str, value: Value| ToldRow::new(language.say(key, &[]), value);
        let of = |number: u32| Value::Count(u64::from(number));
        let mut rows = vec![
            row("figures_persons", of(statistics.persons)),
            row("figures_men", of(statistics.men)),
            row("figures_women", of(statistics.women)),
            row("figures_unions", of(statistics.unions)),
            row("figures_generations", of(statistics.generations)),
        ];
        let children = statistics.children_per_union.map(|mean| Value::Text(format!("{mean:.2}")));
        rows.extend(children.map(|children| row("figures_children_per_union", children)));
        let oldest = statistics.oldest.map(|id| (language.say("figures_oldest", &[]), id));
        rows.extend(oldest.map(|(label, id)| self.leading(label, self.named(id), id)));
        let hidden = self.hidden().map(|hidden| Value::Count(hidden as u64));
        rows.extend(hidden.map(|hidden| row("figures_hidden", hidden)));
        rows
    }

    /// The commonest names; each leads to the first who bears it.
    fn names(&self, names: &[NameCount]) -> Vec<ToldRow> {
        let row = |it: &NameCount| {
            let number = count(u64::from(it.persons));
            (it.persons, self.leading(it.name.clone(), number, it.first))
        };
        bars(names.iter().map(row).collect())
    }
}

/// Of how many something is known. What is known of all alone is 100 %.
fn known(statistics: &Statistics, language: Language) -> Vec<ToldRow> {
    let Completeness {
        name,
        sex,
        birth,
        birth_place,
        death,
        death_date,
        parents,
        both_parents,
        source,
    } = statistics.completeness;
    if statistics.persons == 0 {
        return Vec::new();
    }
    let share = |number: u32| {
        let share = u64::from(number) * 1000 / u64::from(statistics.persons);
        Value::PerMille(u32::try_from(share).unwrap_or(1000))
    };
    let rows = [
        ("figures_named", name),
        ("figures_sex", sex),
        ("figures_birth", birth),
        ("figures_birth_place", birth_place),
        ("figures_death", death),
        ("figures_death_date", death_date),
        ("figures_parents", parents),
        ("figures_both_parents", both_parents),
        ("figures_source", source),
    ];
    rows.map(|(key, number)| ToldRow::new(language.say(key, &[]), share(number))).into()
}

fn ages(statistics: &Statistics, language: Language) -> Vec<ToldRow> {
    let rows = [
        ("figures_at_death", &statistics.life_spans),
        ("figures_men_at_death", &statistics.life_spans_men),
        ("figures_women_at_death", &statistics.life_spans_women),
        ("figures_men_married", &statistics.marriage_age_men),
        ("figures_women_married", &statistics.marriage_age_women),
        ("figures_fathers", &statistics.first_child_age_men),
        ("figures_mothers", &statistics.first_child_age_women),
    ];
    let row = |(key, ages): (&str, &Ages)| {
        let row = ToldRow::new(language.say(key, &[]), Value::Text(age(ages, language)?));
        Some((tenths(ages), row))
    };
    bars(rows.into_iter().filter_map(row).collect())
}

/// The mean in tenths of a year.
fn tenths(ages: &Ages) -> u32 {
    // A cast saturates, and nobody grows so old.
    ages.mean.map_or(0, |mean| (mean * 10.0).round() as u32)
}

/// Rows with bars as long as their numbers, of which the greatest is a whole one.
fn bars(rows: Vec<(u32, ToldRow)>) -> Vec<ToldRow> {
    let most = rows.iter().map(|(number, _)| *number).max().unwrap_or_default().max(1);
    let with_bar = |(number, row): (u32, ToldRow)| {
        let share = u32::try_from(u64::from(number) * 1000 / u64::from(most)).ok();
        ToldRow { share, ..row }
    };
    rows.into_iter().map(with_bar).collect()
}

/// A row with a number and a bar as long.
fn counted(label: String, number: u32) -> (u32, ToldRow) {
    (number, ToldRow::new(label, Value::Text(count(u64::from(number)))))
}

/// Of how many each kind of fact is told, with a date and with a place.
fn facts(facts: &[FactCount], language: Language) -> Vec<ToldRow> {
    let row = |it: &FactCount| {
        let label = language.say(&format!("fact_{}", it.kind.code()), &[]);
        let numbers = [it.told, it.dated, it.placed].map(|number| count(u64::from(number)));
        let [told, dated, placed] = numbers.each_ref().map(String::as_str);
        let values = [("count", told), ("dated", dated), ("placed", placed)];
        let text = language.say("figures_fact", &values);
        (it.told, ToldRow::new(label, Value::Text(text)))
    };
    bars(facts.iter().map(row).collect())
}

fn deaths_by_age(spread: &Spread, language: Language) -> Vec<ToldRow> {
    let row = |it: &banyan_kin::AgeCount| {
        let ages = format!("{}–{}", it.from, it.from + 9);
        counted(language.say("figures_years_old", &[("ages", &ages)]), it.persons)
    };
    bars(spread.deaths_by_age.iter().map(row).collect())
}

fn by_generation(spread: &Spread, language: Language) -> Vec<ToldRow> {
    let row = |(number, &persons): (u32, &u32)| {
        let number = number.to_string();
        counted(language.say("colour_generation_one", &[("number", &number)]), persons)
    };
    bars((1..).zip(&spread.persons_by_generation).map(row).collect())
}

fn births_by_decade(spread: &Spread, language: Language) -> Vec<ToldRow> {
    let row = |it: &banyan_kin::Decade| {
        let (key, year) = match it.from {
            year if year < 0 => ("figures_decade_bc", year.unsigned_abs()),
            year => ("figures_decade", year.unsigned_abs()),
        };
        counted(language.say(key, &[("year", &year.to_string())]), it.born)
    };
    bars(spread.births_by_decade.iter().map(row).collect())
}

fn births_by_month(spread: &Spread, language: Language) -> Vec<ToldRow> {
    let row =
        |(month, &born): (u32, &u32)| counted(language.say(&format!("month_{month}"), &[]), born);
    bars((1..).zip(&spread.births_by_month).map(row).collect())
}

/// Unions by the number of their children.
fn children(statistics: &Statistics, language: Language) -> Vec<ToldRow> {
    let row = |it: &banyan_kin::Share| {
        let key = if it.children == 1 { "figures_child" } else { "figures_of_children" };
        counted(language.say(key, &[("count", &it.children.to_string())]), it.unions)
    };
    bars(statistics.unions_by_children.iter().map(row).collect())
}

/// "average 61.2, median 66, 0 to 104 (1,234 known)"; nothing where nobody counts.
fn age(ages: &Ages, language: Language) -> Option<String> {
    let Ages { count: number, mean, median, least, most } = *ages;
    let values = [
        ("mean", format!("{:.1}", mean?)),
        ("median", median?.to_string()),
        ("least", least?.to_string()),
        ("most", most?.to_string()),
        ("count", count(u64::from(number))),
    ];
    let values: Vec<(&str, &str)> =
        values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    Some(language.say("figures_age", &values))
}

fn centuries(statistics: &Statistics, language: Language) -> Vec<ToldRow> {
    let row = |century: &banyan_kin::Century| {
        let key = if century.century < 0 { "figures_century_bc" } else { "figures_century" };
        let number = language.ordinal(century.century.unsigned_abs());
        let born = count(u64::from(century.born));
        let mut text = language.say("figures_born", &[("count", &born)]);
        if let Some(age) = age(&century.life_spans, language) {
            text = format!("{text} · {age}");
        }
        (century.born, ToldRow::new(language.say(key, &[("number", &number)]), Value::Text(text)))
    };
    bars(statistics.centuries.iter().map(row).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Chart, Words};

    const FAMILY: &str = "\
0 HEAD
1 GEDC
2 VERS 5.5.1
1 CHAR UTF-8
0 @I1@ INDI
1 NAME Ann /Lee/
1 SEX F
1 BIRT
2 DATE 1800
1 DEAT
2 DATE 1830
1 FAMS @F1@
0 @I2@ INDI
1 NAME Bob /Lee/
1 SEX M
1 BIRT
2 DATE 1840
1 DEAT
2 DATE 1850
1 FAMC @F1@
0 @I3@ INDI
1 NAME Cid `rm -rf` /Lee/
1 SEX M
1 BIRT
2 DATE 1990
1 FAMC @F1@
0 @F1@ FAM
1 WIFE @I1@
1 CHIL @I2@
1 CHIL @I3@
0 TRLR
";

    fn told(text: &str, year: Option<i32>, language: Language) -> ToldFindings {
        let genealogy = banyan_gedcom::read(text.as_bytes(), &mut |_, _| ()).unwrap().genealogy;
        let words = Words::of(language);
        let world = FamilyWorld::with_mask(genealogy, year, words, Chart::Everyone, &mut |_, _| ());
        world.told_statistics(language)
    }

    fn row<'a>(told: &'a ToldFindings, label: &str) -> &'a ToldRow {
        let mut rows = told.sections.iter().flat_map(|section| &section.rows);
        rows.find(|row| row.label == label).unwrap_or_else(|| panic!("{label}: {told:?}"))
    }

    #[test]
    fn figures_and_problems_lead_to_persons() {
        let told = told(FAMILY, None, Language::English);
        assert_eq!(row(&told, "Persons").value, Value::Count(3));
        assert_eq!(row(&told, "Birth dated").value, Value::PerMille(1000));
        assert_eq!(row(&told, "A parent").value, Value::PerMille(666));
        let at_death = "average 20.0, median 30, 10 to 30 (2 known)";
        assert_eq!(row(&told, "At death").value, Value::Text(at_death.into()));
        let oldest = row(&told, "Longest life");
        assert_eq!(oldest.value, Value::Text("Ann Lee (1800–1830)".into()));
        assert_eq!(oldest.place.as_ref().unwrap().id, "I1");
        let century = "1 born · average 10.0, median 10, 10 to 10 (1 known)";
        assert_eq!(row(&told, "19th century").value, Value::Text(century.into()));
        let lee = row(&told, "Lee");
        assert_eq!(
            (&lee.value, lee.place.as_ref().unwrap().id.as_str()),
            (&Value::Text("3".into()), "I1")
        );

        let bar = |label: &str| (row(&told, label).value.clone(), row(&told, label).share);
        let number = |text: &str| Value::Text(text.into());
        assert_eq!(bar("1840s"), (number("1"), Some(1000)));
        assert_eq!(bar("30–39 years"), (number("1"), Some(1000)));
        assert_eq!(bar("Generation 1"), (number("1"), Some(500)));
        assert_eq!(bar("2 children"), (number("1"), Some(1000)));
        assert_eq!(bar("Birth"), (number("3 · 3 dated · 0 with a place"), Some(1000)));
        assert_eq!(bar("Men at death").1, Some(250), "at 10, where a mother was 40");
        assert_eq!(bar("A source").0, Value::PerMille(0));

        let problem = told.sections.iter().find(|it| it.severity.is_some()).unwrap();
        assert_eq!(problem.heading, "Born after the mother died: 2");
        let rows: Vec<(String, &Value)> = problem
            .rows
            .iter()
            .map(|row| (row.place.as_ref().unwrap().id.clone(), &row.value))
            .collect();
        let sentence = "Bob Lee was born after Ann Lee, the mother, died";
        assert_eq!(rows[0], ("I2".into(), &Value::Text(sentence.into())));
        assert_eq!(rows[1], ("I1".into(), &Value::Text("Ann Lee (1800–1830)".into())));
        assert!(told.notes[0].starts_with("Dates are taken at their widest"));
    }

    #[test]
    fn the_markdown_quotes_what_the_file_says() {
        let markdown = told(FAMILY, None, Language::English).markdown;
        assert!(markdown.starts_with("## Figures and problems\n\n- Persons: 3\n"), "{markdown}");
        assert!(markdown.contains("\n### What is known\n\n- Named: 100 %\n"), "{markdown}");
        assert!(markdown.contains("- `Cid`: `1`"), "{markdown}");
        let quoted = "- `I3`: `Cid 'rm -rf' Lee was born after Ann Lee, the mother, died`\n";
        assert!(markdown.contains(quoted), "{markdown}");
    }

    #[test]
    fn of_the_hidden_nothing_is_counted_but_that_they_are_there() {
        let told = told(FAMILY, Some(2026), Language::Chinese);
        assert_eq!(row(&told, "人数").value, Value::Count(3));
        assert_eq!(row(&told, "可能在世而隐藏").value, Value::Count(1));
        assert_eq!(row(&told, "出生日期").value, Value::PerMille(666));
        assert!(!format!("{told:?}").contains("Cid"));
        assert!(!told.markdown.contains("在世者"), "{}", told.markdown);
        assert!(told.markdown.contains("\n- 人数：3\n"), "{}", told.markdown);
        let problem = "Bob Lee出生于母亲Ann Lee去世之后";
        assert_eq!(row(&told, "I2").value, Value::Text(problem.into()));
    }

    #[test]
    fn nobody_has_figures_too() {
        let told = told("0 HEAD\n0 TRLR\n", None, Language::English);
        assert_eq!(row(&told, "Persons").value, Value::Count(0));
        assert_eq!(told.sections.len(), 1);
        assert_eq!(told.notes, ["Nothing that is said of anybody contradicts the rest."]);
    }

    #[test]
    fn every_kind_of_problem_has_words() {
        use banyan_kin::{PersonId, Problem, ProblemKind};
        let kinds = [
            ProblemKind::OwnAncestor,
            ProblemKind::DiedBeforeBorn,
            ProblemKind::BornAfterMotherDied,
            ProblemKind::BornAfterFatherDied,
            ProblemKind::ParentTooYoung { age: 1 },
            ProblemKind::ParentTooYoung { age: -3 },
            ProblemKind::MotherTooOld { age: 70 },
            ProblemKind::MarriedBeforeBorn,
            ProblemKind::MarriedAfterDeath,
            ProblemKind::GenerationsOff { generations: 2 },
            ProblemKind::OtherGenerationWord { word: '玉' },
            ProblemKind::SameNameAndBirth,
        ];
        for language in [Language::English, Language::Chinese] {
            let mut seen = std::collections::BTreeSet::new();
            for kind in kinds {
                let persons = (0..6).map(PersonId).collect();
                let problem = Problem { kind, persons, union: None };
                let name = |id: PersonId| format!("P{}", id.0);
                let text = super::super::problem_sentence(&problem, language, &name);
                assert!(text.contains("P0") && !text.contains('…'), "{text}");
                assert!(seen.insert(text));
                assert!(language.text(&format!("problem_{}", kind.code())).is_some());
            }
        }
        let problem = Problem {
            kind: ProblemKind::SameNameAndBirth,
            persons: (0..6).map(PersonId).collect(),
            union: None,
        };
        let name = |id: PersonId| id.0.to_string();
        let text = super::super::problem_sentence(&problem, Language::English, &name);
        assert_eq!(text, "perhaps the same: 0, 1, 2, 3, 2 more");
    }
}
