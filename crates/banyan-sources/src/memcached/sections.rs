//! The facts of a memcached in its own words, asked for less often than its connections.

use std::{cmp::Reverse, collections::BTreeMap};

use banyan_topology::{Fault, Part, Sections, Withheld};

use super::{connection::Connection, question::Question, text::Stats};

/// Prefixes that are kept, the busiest.
const MAX_PREFIXES: usize = 200;

/// Facts that move with every second that passes, and so say nothing.
const CLOCKS: &[&str] = &["time", "uptime"];

/// What the server tells besides its connections, and what it does not.
#[derive(Default)]
pub(super) struct Told {
    pub(super) sections: Sections,
    pub(super) withheld: Vec<Withheld>,
    /// The answer to `stats settings`.
    pub(super) settings: Stats,
}

impl Told {
    pub(super) async fn ask(connection: &mut Connection, stats: &Stats) -> Result<Self, Fault> {
        let mut told = Self::default();
        told.keep(Question::Stats, stats.clone());
        if let Some(settings) = told.part(connection, Question::Settings, Part::Settings).await? {
            told.settings.clone_from(&settings);
            told.keep(Question::Settings, settings);
        }
        for question in [Question::Items, Question::Slabs] {
            if let Some(stats) = told.part(connection, question, Part::Slabs).await? {
                told.keep(question, stats);
            }
        }
        // Servers that do not track sizes count them under a lock (before 1.4.27) or not at all.
        if told.is_set("track_sizes") {
            if let Some(stats) = told.part(connection, Question::Sizes, Part::Sizes).await? {
                told.keep(Question::Sizes, stats);
            }
        } else {
            told.withhold(Part::Sizes, "needs -o track_sizes");
        }
        if told.is_set("detail_enabled") {
            let prefixes = told.part(connection, Question::Prefixes, Part::Prefixes).await?;
            if let Some(prefixes) = prefixes {
                told.keep(Question::Prefixes, busiest(prefixes));
            }
        } else {
            told.withhold(Part::Prefixes, "needs `stats detail on`, or -D as the server starts");
        }
        Ok(told)
    }

    /// Questions that [`Self::ask`] has asked.
    pub(super) fn questions(&self) -> u64 {
        3 + u64::from(self.is_set("track_sizes")) + u64::from(self.is_set("detail_enabled"))
    }

    fn is_set(&self, setting: &str) -> bool {
        self.settings.iter().any(|(name, value)| name == setting && value == "yes")
    }

    async fn part(
        &mut self,
        connection: &mut Connection,
        question: Question,
        part: Part,
    ) -> Result<Option<Stats>, Fault> {
        Ok(match connection.ask(question).await? {
            Ok(stats) => Some(stats),
            Err(reason) => {
                self.withhold(part, &reason);
                None
            }
        })
    }

    fn withhold(&mut self, part: Part, reason: &str) {
        if !self.withheld.iter().any(|withheld| withheld.part == part) {
            self.withheld.push(Withheld { part, reason: reason.to_owned() });
        }
    }

    fn keep(&mut self, question: Question, stats: Stats) {
        let facts: BTreeMap<String, String> =
            stats.into_iter().filter(|(name, _)| !CLOCKS.contains(&name.as_str())).collect();
        if !facts.is_empty() {
            self.sections.insert(question.section().to_owned(), facts);
        }
    }
}

/// The prefixes with the most commands: `get 5 hit 4 set 1 del 0`.
fn busiest(mut prefixes: Stats) -> Stats {
    let commands = |counts: &str| -> u64 {
        let words: Vec<&str> = counts.split(' ').collect();
        let pairs = words.chunks_exact(2).filter(|pair| pair.first() != Some(&"hit"));
        pairs.filter_map(|pair| pair.get(1)?.parse::<u64>().ok()).fold(0, u64::saturating_add)
    };
    prefixes.sort_by_cached_key(|(name, counts)| (Reverse(commands(counts)), name.clone()));
    prefixes.truncate(MAX_PREFIXES);
    prefixes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn busy_prefixes_come_first() {
        let prefix = |name: &str, counts: &str| (name.to_owned(), counts.to_owned());
        let prefixes = vec![
            prefix("a", "get 1 hit 100 set 0 del 0"),
            prefix("b", "get 9 hit 0 set 0 del 1"),
            prefix("c", "get 2 hit 1 set 3"),
            prefix("d", "nonsense"),
        ];
        let names: Vec<String> = busiest(prefixes).into_iter().map(|prefix| prefix.0).collect();
        assert_eq!(names, ["b", "c", "a", "d"]);
    }
}
