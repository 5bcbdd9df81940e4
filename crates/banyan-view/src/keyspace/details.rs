//! All that is known of one prefix.

use banyan_topology::{KeyType, Part};

use super::{KeyspaceWorld, card, tree};
use crate::{
    details::{Details, Label, Row, Section, Value},
    figures::per_mille,
    world::World as _,
};

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
        rows.push(plain(Label::KeyCount, Value::Count(row.keys)));
        if node > 0 {
            rows.push(plain(Label::ShareOfKeys, Value::PerMille(per_mille(row.keys, root.keys))));
        }
        if card::is_known(keyspace, Part::KeyBytes) {
            rows.push(plain(Label::Memory, Value::Bytes(row.bytes)));
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
        if node == 0 {
            rows.push(plain(Label::Completeness, self.completeness()));
        }
        let mut sections = vec![Section { heading: None, rows }];
        let types: Vec<Row> = KeyType::ALL
            .into_iter()
            .zip(row.types)
            .filter(|&(_, keys)| keys > 0)
            .map(|(key_type, keys)| plain(type_label(key_type), Value::Count(keys)))
            .collect();
        if !types.is_empty() {
            sections.push(Section { heading: Some(Label::Types), rows: types });
        }
        Details {
            id: self.id_of(node),
            title: if text.is_empty() { card::title(keyspace, node, &self.words) } else { text },
            subtitle: String::new(),
            sections,
        }
    }

    fn completeness(&self) -> Value {
        if self.keyspace.complete {
            Value::PerMille(1000)
        } else {
            // Keys that came while the walk went on could push it over the end.
            Value::PerMille(per_mille(self.keyspace.seen, self.keyspace.total).min(999))
        }
    }
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
