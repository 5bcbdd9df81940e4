//! All that is known of one prefix.

use banyan_topology::{KeyType, Part, PrefixNode};

use super::{KeyspaceWorld, card, tree};
use crate::{
    details::{Details, Label, Row, Section, Value},
    figures::{bytes, count, per_mille, percent},
    world::{Word, World as _},
};

/// Keys of each kind that the root names.
const MOST_KEYS: usize = 50;

impl KeyspaceWorld {
    pub(super) fn details_of(&self, node: u32) -> Details {
        let keyspace = &self.keyspace;
        let (Some(row), Some(root)) = (keyspace.nodes.get(node as usize), keyspace.nodes.first())
        else {
            return Details::default();
        };
        let text = tree::full_text(keyspace, node);
        let mut rows = Vec::new();
        if !text.is_empty() && row.folded == 0 {
            let label = if row.is_key { Label::Name } else { Label::Prefix };
            let end = if row.is_key { "" } else { &keyspace.delimiter };
            rows.push(plain(label, Value::Text(format!("{text}{end}"))));
        }
        if let Some(database) = tree::database_of(keyspace, node) {
            rows.push(plain(Label::Database, Value::Text(format!("db{database}"))));
        }
        if row.folded > 0 {
            rows.push(plain(Label::Folded, Value::Count(row.folded)));
        }
        rows.push(plain(Label::KeyCount, with_error(row.keys, row.keys_error, count)));
        if node > 0 {
            rows.push(plain(Label::ShareOfKeys, Value::PerMille(per_mille(row.keys, root.keys))));
        }
        if card::is_known(keyspace, Part::KeyBytes) {
            rows.push(plain(
                Label::Memory,
                match row.bytes_error {
                    0 => Value::Bytes(row.bytes),
                    error => with_error(row.bytes, error, bytes),
                },
            ));
            if node > 0 {
                rows.push(plain(
                    Label::ShareOfBytes,
                    Value::PerMille(per_mille(row.bytes, root.bytes)),
                ));
            }
        } else {
            rows.push(plain(Label::Memory, Value::Unknown));
        }
        if card::is_known(keyspace, Part::KeyTtls) {
            rows.push(plain(Label::WithTtl, Value::PerMille(per_mille(row.with_ttl, row.keys))));
            if let Some(secs) = card::mean_ttl_secs(row) {
                rows.push(plain(Label::MeanTtl, Value::Seconds(secs)));
            }
        } else {
            rows.push(plain(Label::WithTtl, Value::Unknown));
        }
        // Thousandths of an event a second, in tenths.
        rows.extend(
            row.heat.map(|heat| {
                plain(Label::Heat, Value::Text(format!("{:.1}", heat as f64 / 1000.0)))
            }),
        );
        if node == 0 {
            rows.push(plain(Label::Completeness, self.completeness()));
            let samples = keyspace.estimate.as_ref().map(|estimate| Value::Count(estimate.keys));
            rows.extend(samples.map(|samples| plain(Label::Samples, samples)));
        }
        let mut sections = vec![Section::new(None, rows)];
        sections.extend((node == 0).then(|| self.missing()));
        let types: Vec<Row> = KeyType::ALL
            .into_iter()
            .zip(row.types)
            .filter(|&(_, keys)| keys > 0)
            .map(|(key_type, keys)| plain(type_label(key_type), Value::Count(keys)))
            .collect();
        if !types.is_empty() {
            sections.push(Section::new(Some(Label::Types), types));
        }
        if card::is_known(keyspace, Part::KeyTtls) {
            sections.push(Section::new(Some(Label::TtlSpans), ttl_rows(row)));
        }
        sections.push(Section::new(Some(Label::KeyRole), role_rows(row)));
        if node == 0 {
            sections.extend(self.notable());
        }
        sections.retain(|section| !section.rows.is_empty());
        Details {
            id: self.id_of(node),
            title: if text.is_empty() { card::title(keyspace, node, &self.words) } else { text },
            subtitle: String::new(),
            sections,
        }
    }

    /// The keys that stand out of all.
    fn notable(&self) -> [Section; 3] {
        let keyspace = &self.keyspace;
        let named = |label, db: u32, key: &str, value: String| Row {
            node: self.find(&format!("db{db}/key:{key}")),
            ..plain(label, Value::Named(key.to_owned(), value))
        };
        let biggest = keyspace.biggest.iter().take(MOST_KEYS);
        let biggest = biggest.map(|it| named(Label::Biggest, it.db, &it.key, bytes(it.bytes)));
        let oldest = keyspace.oldest.iter().take(MOST_KEYS);
        let oldest = oldest.map(|it| {
            let idle = it.idle_secs.map_or_else(String::new, card::duration);
            named(Label::Oldest, it.db, &it.key, idle)
        });
        let locks = keyspace.locks.iter().take(MOST_KEYS).map(|lock| {
            let ttl = lock.ttl_millis.map(|ttl| format!("TTL {}", card::duration(ttl / 1000)));
            let ttl = ttl.unwrap_or_else(|| self.words.get(Word::NoTtl).to_owned());
            let held_on = self.words.get(Word::HeldOn);
            let quorum = lock.quorum.map(|it| format!("{held_on} {} / {}", it.held, it.servers));
            let unreached = lock
                .quorum
                .filter(|it| it.unreached > 0)
                .map(|it| format!("{} {}", self.words.get(Word::Unreached), it.unreached));
            let unreached = unreached.unwrap_or_default();
            let parts = [
                quorum.unwrap_or_default(),
                unreached,
                lock.holder.clone().unwrap_or_default(),
                ttl,
            ];
            let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
            named(Label::Locks, lock.db, &lock.key, parts.join(" · "))
        });
        [
            Section::new(Some(Label::Biggest), biggest.collect()),
            Section::new(Some(Label::Oldest), oldest.collect()),
            Section::new(Some(Label::Locks), locks.collect()),
        ]
    }

    /// How much of all keys is among the rows: of those of servers that answer, what the walk has
    /// met.
    fn completeness(&self) -> Value {
        let keyspace = &self.keyspace;
        let walked = match keyspace.total {
            _ if keyspace.complete => 1000,
            // Keys that came while the walk went on could push it over the end.
            Some(total) => per_mille(keyspace.seen, total).min(999),
            None => return Value::Unknown,
        };
        match keyspace.present_ppm() {
            1_000_000 => Value::PerMille(walked),
            present => {
                let share = u64::from(walked) * u64::from(present) / 1_000_000;
                Value::PerMille(u32::try_from(share).unwrap_or(0).min(999))
            }
        }
    }

    /// Servers whose keys are not here.
    fn missing(&self) -> Section {
        let missing = self.keyspace.missing.iter().map(|server| {
            let share = percent(server.share_ppm.into(), 1_000_000);
            let parts = format!("{share} · {}", server.reason);
            plain(Label::MissingServers, Value::Named(server.addr.clone(), parts))
        });
        Section::new(Some(Label::MissingServers), missing.collect())
    }
}

/// "1,234 ± 56".
fn with_error(value: u64, error: u64, show: fn(u64) -> String) -> Value {
    match error {
        0 => Value::Count(value),
        error => Value::Text(format!("{} ± {}", show(value), show(error))),
    }
}

/// How many keys live for how long, those that occur.
fn ttl_rows(row: &PrefixNode) -> Vec<Row> {
    let without = row.keys.saturating_sub(row.with_ttl);
    let spans = (0..).zip(row.ttls).map(|(span, keys)| (format!("span_{span}"), keys));
    let spans = spans.chain(std::iter::once(("span_none".to_owned(), without)));
    let spans = spans.filter(|(_, keys)| *keys > 0);
    spans
        .map(|(key, keys)| {
            let share = per_mille(keys, row.keys);
            plain(Label::TtlSpans, Value::Share(key, share))
        })
        .collect()
}

/// What the keys seem to be for, and why.
fn role_rows(row: &PrefixNode) -> Vec<Row> {
    let role = row.role.map(|role| plain(Label::KeyRole, Value::Word(card::role_word(role))));
    let facts = row.evidence.iter().map(|fact| plain(Label::Evidence, Value::Fact(fact.clone())));
    role.into_iter().chain(facts).collect()
}

const fn plain(label: Label, value: Value) -> Row {
    Row { label, value, node: None }
}

const fn type_label(key_type: KeyType) -> Label {
    match key_type {
        KeyType::String => Label::TypeString,
        KeyType::List => Label::TypeList,
        KeyType::Set => Label::TypeSet,
        KeyType::SortedSet => Label::TypeSortedSet,
        KeyType::Hash => Label::TypeHash,
        KeyType::Stream => Label::TypeStream,
        KeyType::Other => Label::TypeOther,
    }
}
