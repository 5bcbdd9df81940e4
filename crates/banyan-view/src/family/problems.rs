//! What in a family cannot be, or hardly, in words.

use banyan_kin::{PersonId, Problem, ProblemKind};
use banyan_topology::Severity;

use super::{FamilyWorld, card};
use crate::{Place, ToldRow, ToldSection, Value, View, figures::count, texts::Language};

/// Longer lists of persons are cut in a sentence.
const NAMED: usize = 4;
/// More problems of a kind are counted: whoever has mended so many looks again.
const TOLD: usize = 200;
/// So many of a kind are seen at once.
const OPEN: usize = 5;

/// A problem as a sentence, in which `name` says how a person is called.
pub fn problem_sentence(
    problem: &Problem,
    language: Language,
    name: &dyn Fn(PersonId) -> String,
) -> String {
    let named = |place: usize| problem.persons.get(place).map_or_else(String::new, |&id| name(id));
    let mut all: Vec<String> = problem.persons.iter().take(NAMED).map(|&id| name(id)).collect();
    if let more @ 1.. = problem.persons.len().saturating_sub(NAMED) {
        all.push(language.say("more_persons", &[("count", &more.to_string())]));
    }
    let counted = |number: i32, one: &str, many: &str| {
        language.say(if number == 1 { one } else { many }, &[("count", &number.to_string())])
    };
    let (mut key, mut years, mut generations, mut lacking) =
        (problem.kind.code(), String::new(), String::new(), String::new());
    match problem.kind {
        ProblemKind::ParentTooYoung { age } if age < 0 => key = "parent_unborn",
        ProblemKind::ParentTooYoung { age } | ProblemKind::MotherTooOld { age } => {
            years = counted(age, "year", "years");
        }
        ProblemKind::GenerationsOff { generations: off } => {
            generations = counted(off, "generation", "generations");
        }
        ProblemKind::OtherGenerationWord { word } => lacking.push(word),
        _ => {}
    }
    language.say(
        &format!("problem_{key}_why"),
        &[
            ("one", &named(0)),
            ("other", &named(1)),
            ("all", &all.join(", ")),
            ("years", &years),
            ("generations", &generations),
            ("word", &lacking),
        ],
    )
}

const fn severity(kind: ProblemKind) -> Severity {
    match kind {
        ProblemKind::OwnAncestor => Severity::Critical,
        ProblemKind::MotherTooOld { .. }
        | ProblemKind::GenerationsOff { .. }
        | ProblemKind::OtherGenerationWord { .. }
        | ProblemKind::SameNameAndBirth => Severity::Notice,
        ProblemKind::DiedBeforeBorn
        | ProblemKind::BornAfterMotherDied
        | ProblemKind::BornAfterFatherDied
        | ProblemKind::ParentTooYoung { .. }
        | ProblemKind::MarriedBeforeBorn
        | ProblemKind::MarriedAfterDeath => Severity::Warning,
    }
}

impl FamilyWorld {
    /// All problems, a section for each kind.
    pub(super) fn problem_sections(&self, language: Language) -> Vec<ToldSection> {
        let problems = self.genealogy.problems();
        let kinds = problems.chunk_by(|a, b| a.kind.code() == b.kind.code());
        kinds.filter_map(|problems| self.problem_section(problems, language)).collect()
    }

    /// Problems of one kind.
    fn problem_section(&self, problems: &[Problem], language: Language) -> Option<ToldSection> {
        let kind = problems.first()?.kind;
        let title = language.say(&format!("problem_{}", kind.code()), &[]);
        let told = problems.iter().take(TOLD);
        let mut rows: Vec<ToldRow> =
            told.flat_map(|problem| self.problem_rows(problem, language)).collect();
        if let more @ 1.. = problems.len().saturating_sub(TOLD) {
            let text = language.say("more_problems", &[("count", &count(more as u64))]);
            rows.push(ToldRow::new(String::new(), Value::Text(text)));
        }
        Some(ToldSection {
            heading: format!(
                "{title}{}{}",
                language.say("colon", &[]),
                count(problems.len() as u64)
            ),
            is_folded: problems.len() > OPEN,
            severity: Some(severity(kind)),
            rows,
        })
    }

    /// The sentence leads to whom it is about, and each other has a row to lead to them.
    fn problem_rows(&self, problem: &Problem, language: Language) -> Vec<ToldRow> {
        let name = |id: PersonId| card::title(&self.genealogy, id, &self.words);
        let others = problem.persons.iter().skip(1).take(NAMED).map(|&id| (id, self.named(id)));
        let first = problem.persons.first().copied().into_iter();
        let sentence = first.map(|id| (id, problem_sentence(problem, language, &name)));
        sentence.chain(others).map(|(id, text)| self.leading(self.id(id), text, id)).collect()
    }

    /// The name with the years of a life.
    pub(super) fn named(&self, id: PersonId) -> String {
        let title = card::title(&self.genealogy, id, &self.words);
        match card::life(&self.genealogy, id) {
            life if life.is_empty() => title,
            life => format!("{title} ({life})"),
        }
    }

    /// A row that leads to somebody.
    pub(super) fn leading(&self, label: String, text: String, to: PersonId) -> ToldRow {
        let place = Some(Place { view: View::Family, id: self.id(to) });
        ToldRow { place, ..ToldRow::new(label, Value::Text(text)) }
    }
}
