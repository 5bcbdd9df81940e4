//! Just enough of GEDCOM to measure layouts: who is in which family, as husband, wife, or child.

use std::collections::BTreeMap;

use banyan_layout::csr::Csr;
use banyan_layout::family::KinGraph;

/// Reads the persons and families of a file, in any encoding that keeps ASCII as it is.
pub(crate) fn read(bytes: &[u8]) -> (KinGraph, Vec<String>) {
    let text = String::from_utf8_lossy(bytes);
    let mut persons: BTreeMap<&str, u32> = BTreeMap::new();
    let mut names: Vec<String> = Vec::new();
    let mut rank = Vec::new();
    let mut families: Vec<(Vec<&str>, Vec<&str>)> = Vec::new();
    let mut record = "";
    for line in text.split(['\r', '\n']) {
        let mut words = line.trim_start().trim_start_matches('\u{feff}').splitn(3, ' ');
        let (level, tag) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
        let value = words.next().unwrap_or("").trim();
        match (level, tag, record) {
            ("0", id, _) => {
                record = value;
                if record == "INDI" {
                    persons.insert(id, rank.len() as u32);
                    rank.push(0);
                    names.push(String::new());
                } else if record == "FAM" {
                    families.push((Vec::new(), Vec::new()));
                }
            }
            ("1", "SEX", "INDI") => {
                if let Some(last) = rank.last_mut() {
                    *last = u8::from(value == "F");
                }
            }
            ("1", "NAME", "INDI") => {
                if let Some(last) = names.last_mut().filter(|last| last.is_empty()) {
                    *last = value.replace('/', "");
                }
            }
            ("1", "HUSB" | "WIFE", "FAM") => {
                families.iter_mut().last().into_iter().for_each(|f| f.0.push(value));
            }
            ("1", "CHIL", "FAM") => {
                families.iter_mut().last().into_iter().for_each(|f| f.1.push(value));
            }
            _ => {}
        }
    }
    let (mut union_partners, mut union_children) = (Csr::default(), Csr::default());
    for (partners, children) in families {
        union_partners.push(partners.iter().filter_map(|id| persons.get(id).copied()));
        union_children.push(children.iter().filter_map(|id| persons.get(id).copied()));
    }
    let graph = KinGraph {
        persons: rank.len() as u32,
        union_partners,
        union_children,
        rank,
        ..KinGraph::default()
    };
    (graph, names)
}
