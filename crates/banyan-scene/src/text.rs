//! Foreign text made fit for one line of a card: safe to show, estimated, cut.

use std::borrow::Cow;

/// Combining marks on one letter beyond which more are dropped: no language needs them, and piles of
/// them climb out of their card.
const MARKS: usize = 5;

/// The text as it may be drawn on one line. Tabs and line ends become spaces, other control
/// characters their pictures (U+2400 ...), characters that turn the direction of text around the
/// replacement character, invisible ones nothing.
pub fn shown(text: &str) -> Cow<'_, str> {
    let is_plain = |c: char| (' '..='~').contains(&c) || ('\u{3000}'..='\u{9fff}').contains(&c);
    if text.chars().all(is_plain) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut marks = 0;
    for c in text.chars() {
        marks = if is_mark(c) { marks + 1 } else { 0 };
        match c {
            '\t' | '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => out.push(' '),
            '\0'..='\x1f' => out.extend(char::from_u32(0x2400 + c as u32)),
            '\x7f' => out.push('\u{2421}'),
            '\u{80}'..='\u{9f}'
            | '\u{61c}'
            | '\u{200e}'
            | '\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}' => out.push(char::REPLACEMENT_CHARACTER),
            '\u{ad}' | '\u{200b}' | '\u{2060}' | '\u{feff}' => {}
            _ if marks > MARKS => {}
            _ => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// About how wide a text is, in ems: good to a tenth for Latin and CJK, on the wide side.
pub fn width_estimate(text: &str) -> f64 {
    clusters(text).map(cluster_width).sum()
}

fn cluster_width(cluster: &str) -> f64 {
    let Some(c) = cluster.chars().next() else { return 0.0 };
    match c {
        'i' | 'j' | 'l' | '\'' | '|' | '!' | '.' | ',' | ':' | ';' | 'I' => 0.3,
        ' ' | 'f' | 't' | 'r' | '(' | ')' | '[' | ']' | '/' | '\\' | '-' => 0.38,
        'm' | 'w' | 'M' | 'W' | '@' | '%' | '…' | '—' => 0.92,
        'A'..='Z' => 0.68,
        'a'..='z' | '0'..='9' => 0.58,
        _ if is_wide(c) => 1.0,
        _ if is_emoji(c) => 1.3,
        _ if is_mark(c) => 0.0,
        _ => 0.64,
    }
}

/// The text if it is no wider than `width`, or else its beginning and an ellipsis; nothing if not
/// even one letter fits. `measure` gives widths in the unit of `width`; it is asked about two or
/// three times. Letters keep their marks, and flags and families of emoji stay whole.
pub fn cut_to_width<'a>(
    text: &'a str,
    width: f64,
    measure: &mut dyn FnMut(&str) -> f64,
) -> Cow<'a, str> {
    let full = measure(text);
    if full <= width {
        return Cow::Borrowed(text);
    }
    // Measuring is dear, above all for CJK: shares of the estimate find the place.
    let estimate = width_estimate(text).max(1e-6);
    let per_em = full / estimate;
    let room = width - per_em * cluster_width("…");
    let mut end = 0;
    let mut taken = 0.0;
    for cluster in clusters(text) {
        taken += cluster_width(cluster) * per_em;
        if taken > room {
            break;
        }
        end += cluster.len();
    }
    loop {
        let kept = text[..end].trim_end();
        if kept.is_empty() {
            // An initial alone says more than an ellipsis alone.
            let initial = clusters(text).next().unwrap_or_default();
            let fits = !initial.trim().is_empty() && measure(initial) <= width;
            return if fits { Cow::Borrowed(initial) } else { Cow::Borrowed("") };
        }
        let cut = format!("{kept}…");
        if measure(&cut) <= width {
            return Cow::Owned(cut);
        }
        end = clusters(kept).last().map_or(0, |last| kept.len() - last.len());
    }
}

/// The text in pieces that must not be torn: nearly the grapheme clusters of Unicode's UAX 29,
/// without its tables.
pub fn clusters(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let mut chars = rest.char_indices();
        let (_, first) = chars.next()?;
        let mut previous = first;
        let mut flags = usize::from(is_regional(first));
        let end = chars
            .find(|&(_, c)| {
                let joins_flag = is_regional(c) && flags == 1;
                let stays = is_mark(c) || previous == '\u{200d}' || joins_flag;
                flags += usize::from(joins_flag);
                previous = c;
                !stays
            })
            .map_or(rest.len(), |(at, _)| at);
        let (cluster, after) = rest.split_at(end);
        rest = after;
        Some(cluster)
    })
}

const fn is_regional(c: char) -> bool {
    matches!(c, '\u{1f1e6}'..='\u{1f1ff}')
}

/// East Asian wide letters, an em each.
pub(crate) const fn is_wide(c: char) -> bool {
    matches!(c,
        '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{303e}' | '\u{3041}'..='\u{a4cf}'
        | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe4f}'
        | '\u{ff00}'..='\u{ff60}' | '\u{ffe0}'..='\u{ffe6}' | '\u{20000}'..='\u{3fffd}')
}

pub(crate) const fn is_emoji(c: char) -> bool {
    matches!(c, '\u{1f000}'..='\u{1faff}' | '\u{2600}'..='\u{27bf}')
}

/// Marks that add to the letter before them, joiners and variation selectors among them.
const fn is_mark(c: char) -> bool {
    matches!(c,
        '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{591}'..='\u{5bd}' | '\u{5bf}'
        | '\u{5c1}'..='\u{5c2}' | '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{65f}' | '\u{670}'
        | '\u{6d6}'..='\u{6dc}' | '\u{900}'..='\u{903}' | '\u{93a}'..='\u{93c}'
        | '\u{93e}'..='\u{94f}' | '\u{e31}' | '\u{e34}'..='\u{e3a}' | '\u{e47}'..='\u{e4e}'
        | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{200c}'..='\u{200d}'
        | '\u{20d0}'..='\u{20ff}' | '\u{302a}'..='\u{302f}' | '\u{3099}'..='\u{309a}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{fe20}'..='\u{fe2f}' | '\u{1f3fb}'..='\u{1f3ff}'
        | '\u{e0020}'..='\u{e007f}' | '\u{e0100}'..='\u{e01ef}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn cuts_keep_letters_whole() {
        let check = |text: &str, ems: f64, expect: &str| {
            assert_eq!(cut_to_width(text, ems, &mut width_estimate), expect, "{text} to {ems}");
        };
        check("Ann", 5.0, "Ann");
        check("Elizabeth Windsor", 5.0, "Elizabet…");
        check("Elizabeth Windsor", 6.2, "Elizabeth…");
        check("Elizabeth", 0.8, "E");
        check("Elizabeth", 0.2, "");
        check("贾宝玉贾宝玉", 4.0, "贾宝玉…");
        check("贾宝玉", 3.0, "贾宝玉");
        check("e\u{301}e\u{301}e\u{301}e\u{301}", 2.1, "e\u{301}e\u{301}…");
        check("👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧", 2.3, "👨‍👩‍👧…");
        check("🇨🇳🇫🇷🇩🇪", 3.6, "🇨🇳🇫🇷…");
        check("דוד המלך", 3.0, "דוד…");
        check("", 0.0, "");
    }

    #[test]
    fn foreign_characters_do_no_harm() {
        let check = |text: &str, expect: &str| assert_eq!(shown(text), expect);
        check("plain 贾宝玉", "plain 贾宝玉");
        check("a\tb\r\nc", "a b  c");
        check("esc\x1b[0m\x7f", "esc␛[0m␡");
        check("evil\u{202e}txt\u{2066}", "evil\u{fffd}txt\u{fffd}");
        check("a\u{ad}b\u{200b}c\u{feff}", "abc");
        check(&format!("z{}y", "\u{301}".repeat(40)), &format!("z{}y", "\u{301}".repeat(MARKS)));
        check("👨‍👩‍👧", "👨‍👩‍👧");
    }

    proptest! {
        #[test]
        fn any_text_can_be_shown_and_cut(text in ".{0,40}", ems in 0.0..20.0) {
            let text = shown(&text).into_owned();
            prop_assert!(!text.chars().any(char::is_control));
            prop_assert_eq!(clusters(&text).collect::<String>(), text.clone());
            let cut = cut_to_width(&text, ems, &mut width_estimate);
            prop_assert!(width_estimate(&cut) <= ems.max(0.0) || cut.is_empty());
        }
    }
}
