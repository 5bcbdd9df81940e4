//! The texts in both languages.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use serde_json::Value;

use super::{Finding, SourceFile};

const ENGLISH: &str = "locales/en.json";

/// Every language says the same things.
pub(crate) fn same_keys(files: &[SourceFile]) -> Result<Vec<Finding>> {
    let locales: Vec<&SourceFile> = files.iter().filter(|file| is_locale(file)).collect();
    let mut keys = BTreeMap::new();
    for file in &locales {
        keys.insert(&file.path, keys_of(file)?);
    }
    let mut findings = Vec::new();
    for file in &locales {
        let is_other = |other: &str| other != file.path && folder(other) == folder(&file.path);
        for (other, wanted) in keys.iter().filter(|(other, _)| is_other(other)) {
            for key in wanted.keys().filter(|key| !keys[&file.path].contains_key(*key)) {
                findings.push(file.at(1, format!("{key} is missing, {other} has it")));
            }
        }
    }
    Ok(findings)
}

/// A text that no code names is a text that nobody sees.
pub(crate) fn unused(files: &[SourceFile]) -> Result<Vec<Finding>> {
    let Some(english) = files.iter().find(|file| file.path == ENGLISH) else {
        return Ok(Vec::new());
    };
    let is_source = |file: &&SourceFile| file.path.starts_with("src/") && file.ending() == "rs";
    let words: BTreeSet<&str> = files
        .iter()
        .filter(is_source)
        .flat_map(|file| file.text.split(|letter: char| !letter.is_alphanumeric() && letter != '_'))
        .collect();
    let keys = keys_of(english)?;
    let is_used = |key: &str| key.rsplit('.').next().is_some_and(|word| words.contains(word));
    let faults = keys.into_iter().filter(|(key, _)| !is_used(key));
    Ok(faults.map(|(key, line)| english.at(line, format!("no code uses {key}"))).collect())
}

/// Files in one folder are one text in several languages.
fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn is_locale(file: &SourceFile) -> bool {
    file.path.starts_with("locales/") && file.ending() == "json"
}

/// The dotted keys of a file, each with the line where it seems to stand.
fn keys_of(file: &SourceFile) -> Result<BTreeMap<String, u32>> {
    let value: Value =
        serde_json::from_str(&file.text).with_context(|| format!("{} is no JSON", file.path))?;
    let mut keys = Vec::new();
    collect("", &value, &mut keys);
    let line_of = |key: &str| {
        let name = format!("\"{}", key.rsplit('.').next().unwrap_or(key));
        let at = file.text.find(&name).unwrap_or(0);
        file.text[..at].matches('\n').count() + 1
    };
    Ok(keys
        .into_iter()
        .map(|key| {
            let line = u32::try_from(line_of(&key)).unwrap_or(u32::MAX);
            (key, line)
        })
        .collect())
}

fn collect(path: &str, value: &Value, keys: &mut Vec<String>) {
    let Some(object) = value.as_object() else {
        keys.push(path.to_owned());
        return;
    };
    for (name, value) in object {
        let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        collect(&path, value, keys);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: &str) -> SourceFile {
        SourceFile { path: path.to_owned(), text: text.to_owned() }
    }

    #[test]
    fn finds_what_one_language_lacks() {
        let files = [
            file(ENGLISH, r#"{"a": "x", "b": {"persons": "n"}}"#),
            file("locales/zh-CN.json", r#"{"b": {"persons": "n"}, "c": "y"}"#),
            file("locales/engine/en.json", r#"{"d": "z"}"#),
        ];
        let messages: Vec<String> =
            same_keys(&files).unwrap().into_iter().map(|finding| finding.to_string()).collect();
        assert_eq!(
            messages,
            [
                "locales/en.json:1: c is missing, locales/zh-CN.json has it",
                "locales/zh-CN.json:1: a is missing, locales/en.json has it",
            ]
        );
    }

    #[test]
    fn finds_texts_that_no_code_names() {
        let files = [
            file(ENGLISH, "{\n\"shell\": {\n\"title\": \"x\",\n\"gone\": \"y\"}}"),
            file("src/app.rs", "t!(i18n, shell.title)"),
        ];
        let lines: Vec<u32> = unused(&files).unwrap().iter().map(|finding| finding.line).collect();
        assert_eq!(lines, [4]);
    }
}
