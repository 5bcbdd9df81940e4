//! What is asked of a person who changes the family, and what the answers mean.

use banyan_gedcom::{Change, Kin, PersonFacts};
use banyan_view::{Language, View, World as _};

use crate::{
    engine::{Engine, shown::AnyWorld},
    message::{Field, Form, Task},
};

/// What somebody may be to somebody else, as forms call it.
const KIN: [(&str, Kin); 4] = [
    ("child", Kin::Child),
    ("partner", Kin::Partner),
    ("parent", Kin::Parent),
    ("sibling", Kin::Sibling),
];
const ALONE: &str = "alone";
const SAME: &str = "same";
const STRANGER: &str = "stranger";
const SEXES: [&str; 4] = ["", "F", "M", "X"];

impl Engine {
    /// The form for a task; nothing if a person of it is gone.
    pub(super) fn form(&self, task: Task) -> Option<Form> {
        let shown = self.shown.get(&View::Family)?;
        let AnyWorld::Family(world) = &shown.any else { return None };
        let (records, language) = (shown.lines.as_ref()?.held()?, shown.language);
        let title_of = |id: &str| Some(world.summary(world.find(id)?).title);
        let name = task.subject().and_then(title_of).unwrap_or_default();
        let (title, fields) = match &task {
            Task::Tell { person } => (
                language.say("form_tell", &[("name", &name)]),
                facts(&records.facts(person)?, language),
            ),
            Task::Add { to: None } => {
                (language.say("form_add", &[]), facts(&PersonFacts::default(), language))
            }
            Task::Add { to: Some(to) } => {
                let surname = records.facts(to)?.surname;
                let mut fields = vec![kin_field(&[ALONE], language)];
                fields.extend(facts(&PersonFacts { surname, ..PersonFacts::default() }, language));
                (language.say("form_add_kin", &[("name", &name)]), fields)
            }
            Task::Link { to, .. } => {
                let values = [("name", name.as_str()), ("to", &title_of(to)?)];
                (language.say("form_link", &values), vec![kin_field(&[SAME, STRANGER], language)])
            }
        };
        Some(Form { task, title, fields })
    }
}

/// What the answers to a form are to change; nothing if they are not those to its questions.
pub(super) fn change(task: Task, values: Vec<String>) -> Option<Change> {
    let mut values = values.into_iter();
    Some(match task {
        Task::Tell { person } => Change::Tell { person, facts: read(&mut values)? },
        Task::Add { to } => {
            let kin = to.and_then(|to| Some((kin_of(&values.next()?)?, to)));
            Change::Add { facts: read(&mut values)?, kin }
        }
        Task::Link { person, to } => {
            let answer = values.next()?;
            match kin_of(&answer) {
                Some(kin) => Change::Link { person, kin, to },
                None if answer == SAME => Change::Merge { into: to, merged: person },
                None => Change::Unlink { person, from: to },
            }
        }
    })
}

fn kin_of(value: &str) -> Option<Kin> {
    KIN.iter().find(|(name, _)| *name == value).map(|(_, kin)| *kin)
}

fn kin_field(others: &[&str], language: Language) -> Field {
    let names = KIN.iter().map(|(name, _)| *name).chain(others.iter().copied());
    let options = names.map(|name| (name.to_owned(), said(language, &format!("form_kin_{name}"))));
    Field {
        value: "child".to_owned(),
        options: options.collect(),
        ..field("form_kin", "", language)
    }
}

fn said(language: Language, key: &str) -> String {
    language.say(key, &[])
}

fn field(key: &str, value: &str, language: Language) -> Field {
    Field { label: said(language, key), value: value.to_owned(), ..Field::default() }
}

/// The fields of [`read`].
fn facts(facts: &PersonFacts, language: Language) -> Vec<Field> {
    let text = |key: &str, value: &str| field(key, value, language);
    let date = |key: &str, value: &str| Field {
        hint: said(language, "form_date_hint"),
        ..field(key, value, language)
    };
    let choice = |key: &str, value: &str, options: &[&str]| {
        let name = |option: &&str| said(language, &format!("{key}_{}", option.to_lowercase()));
        let mut options: Vec<(String, String)> =
            options.iter().map(|option| ((*option).to_owned(), name(option))).collect();
        // What else a file has is not lost.
        if !options.iter().any(|(option, _)| option == value) {
            options.push((value.to_owned(), value.to_owned()));
        }
        Field { options, ..field(key, value, language) }
    };
    vec![
        text("form_given", &facts.given),
        text("form_surname", &facts.surname),
        choice("form_sex", &facts.sex, &SEXES),
        date("form_birth_date", &facts.birth_date),
        text("form_birth_place", &facts.birth_place),
        choice("form_dead", if facts.is_dead { "yes" } else { "no" }, &["no", "yes"]),
        date("form_death_date", &facts.death_date),
        text("form_death_place", &facts.death_place),
    ]
}

fn read(values: &mut impl Iterator<Item = String>) -> Option<PersonFacts> {
    let mut next = || values.next().map(|value| value.trim().to_owned());
    let mut facts = PersonFacts {
        given: next()?,
        surname: next()?,
        sex: next()?,
        birth_date: next()?,
        birth_place: next()?,
        is_dead: next()? == "yes",
        death_date: next()?,
        death_place: next()?,
    };
    // Whoever died somewhere is dead.
    facts.is_dead |= !facts.death_date.is_empty() || !facts.death_place.is_empty();
    Some(facts)
}
