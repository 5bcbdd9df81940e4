use banyan_topology::KeyFacts;
use proptest::prelude::*;

use super::*;

fn bulk(text: &str) -> Reply {
    Reply::Bulk(text.as_bytes().to_vec())
}

#[test]
fn texts() {
    for (text, expect) in [
        ("42", Shape::Integers),
        ("-7", Shape::Integers),
        ("-", Shape::Texts),
        ("3.5", Shape::Texts),
        (r#"{"id":7,"name":"Ann"#, Shape::Json),
        ("[1,2]", Shape::Json),
        ("{}", Shape::Json),
        ("{curly} words", Shape::Texts),
        (r#"{"tokens": 9.5, "last_refill":1795298229}"#, Shape::Allowances),
        (r#"{"tokens":["a"],"name":"ts"}"#, Shape::Json),
        ("f3a9c81e-77b2-4c59-9a2e-0d1f6b8c4e11", Shape::Tokens),
        ("Dear Ann, welcome", Shape::Texts),
        ("a:2:{s:4:\"name\";s:3:\"Ann\";}", Shape::Texts),
    ] {
        assert_eq!(of_text(&bulk(text)), Some(expect), "{text}");
    }
    assert_eq!(of_text(&bulk("")), None);
    assert_eq!(of_text(&Reply::Null), None);
}

#[test]
fn fields_and_scores() {
    let of = |names: &[&str]| of_fields(&Reply::Array(names.iter().map(|it| bulk(it)).collect()));
    assert_eq!(of(&["tokens", "ts"]), Some(Shape::Allowances));
    assert_eq!(of(&["lastTokens"]), Some(Shape::Fields));
    assert_eq!(of(&["name", "tokens"]), Some(Shape::Fields));
    assert_eq!(of(&[]), None);
    let now = now_millis();
    let of = |scores: &[f64]| {
        let flat = scores.iter().flat_map(|score| [bulk("m"), bulk(&score.to_string())]);
        let pairs = scores.iter().map(|score| Reply::Array(vec![bulk("m"), Reply::Double(*score)]));
        let flat = of_scores(&Reply::Array(flat.collect()));
        assert_eq!(flat, of_scores(&Reply::Array(pairs.collect())), "{scores:?}");
        flat
    };
    assert_eq!(of(&[now as f64, now as f64 / 1000.0 - 1e7]), Some(Shape::Times));
    assert_eq!(of(&[now as f64, 7.0]), Some(Shape::Scores));
    assert_eq!(of(&[1.0]), Some(Shape::Scores));
}

#[test]
fn a_few_of_each_prefix() {
    let facts = |bytes| KeyFacts { key_type: KeyType::String, bytes, ttl_secs: None };
    let learnt = |key: &str, bytes| Learnt {
        key: key.as_bytes().to_vec(),
        facts: facts(bytes),
        idle_secs: None,
    };
    let mut samples = Samples::default();
    let keys: Vec<Learnt> = (0..10).map(|n| learnt(&format!("user:{n}"), 90)).collect();
    samples.offer(0, 0, &keys, ":");
    samples.offer(0, 0, &[learnt("hits", 60), learnt("page:big", LARGE_BYTES + 1)], ":");
    let counts: Vec<_> =
        samples.keys.iter().map(|((.., prefix), keys)| (prefix.as_slice(), keys.len())).collect();
    assert_eq!(counts, [(b"hits".as_slice(), 1), (b"user", 3)]);
    for n in 0..1_000 {
        samples.offer(0, 0, &[learnt(&format!("{n}:a"), 90)], ":");
    }
    assert_eq!(samples.keys.len(), MOST_PREFIXES);
}

#[test]
fn what_was_seen_counts_for_all_above() {
    let mut looked = Looked::default();
    looked.add(0, b"user:1:views", ":", Shape::Integers, "OBJECT ENCODING");
    looked.add(0, b"user:2:views", ":", Shape::Integers, "OBJECT ENCODING");
    looked.add(0, b"user:2:name", ":", Shape::Texts, "GETRANGE");
    let of = |text| looked.of(0, text, ":").map(|it| (it.shape, it.alike, it.looked_at));
    assert_eq!(of("user"), Some((Shape::Integers, 2, 3)));
    assert_eq!(of("user:1"), Some((Shape::Integers, 1, 1)));
    assert_eq!(of("user:1:other"), Some((Shape::Integers, 1, 1)), "as its neighbours are");
    assert_eq!(of("user:2:name"), Some((Shape::Texts, 1, 1)));
    assert_eq!((of("users"), looked.of(3, "user", ":")), (None, None));
}

proptest! {
    #[test]
    fn any_bytes_have_some_shape(bytes in proptest::collection::vec(any::<u8>(), 1..300)) {
        prop_assert!(of_text(&Reply::Bulk(bytes.clone())).is_some());
        let mut looked = Looked::default();
        looked.add(0, &bytes, ":", Shape::Texts, "GETRANGE");
        prop_assert!(looked.of(0, &printable(&bytes, MAX_TEXT_BYTES), ":").is_some());
    }
}
