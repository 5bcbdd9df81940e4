//! JSON piece by piece, without holding the whole and without recursion.
//!
//! What is shown are the items of the lists at the top: each as a tree in which a field's name is a
//! tag, an item of a list has none, and numbers are texts.

use crate::tree::{Element, Tree};

/// A list or an object that is open.
struct Frame {
    is_list: bool,
    /// Its place in the item in hand, if it is part of one.
    element: Option<usize>,
    /// The field that comes next.
    key: String,
}

/// Shows every item with the name of its list at the top ("" where the file is a list itself). Gives
/// the line where the text ceases to be JSON, if it does.
pub(super) fn for_each(text: &str, show: &mut dyn FnMut(&str, &Tree<'static>)) -> Result<(), u32> {
    let mut reader = Reader { text, at: 0, open: Vec::new(), item: Tree::default(), show };
    reader.read().ok_or_else(|| {
        let before = text.get(..reader.at).unwrap_or(text);
        u32::try_from(memchr::memchr_iter(b'\n', before.as_bytes()).count() + 1).unwrap_or(u32::MAX)
    })
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    open: Vec<Frame>,
    item: Tree<'static>,
    show: &'a mut dyn FnMut(&str, &Tree<'static>),
}

impl Reader<'_> {
    fn read(&mut self) -> Option<()> {
        loop {
            self.skip_blanks();
            match self.peek() {
                None => return self.open.is_empty().then_some(()),
                // Where commas stand, people know better than they write.
                Some(b',') => self.at += 1,
                Some(close @ (b'}' | b']')) => {
                    let frame = self.open.pop().filter(|frame| frame.is_list == (close == b']'))?;
                    self.at += 1;
                    self.end(frame.element);
                    if self.open.is_empty() {
                        self.skip_blanks();
                        return self.peek().is_none().then_some(());
                    }
                }
                Some(_) => {
                    if self.open.last().is_some_and(|frame| !frame.is_list) {
                        let key = self.string()?;
                        self.skip_blanks();
                        (self.peek() == Some(b':')).then_some(())?;
                        self.at += 1;
                        self.skip_blanks();
                        self.open.last_mut()?.key = key;
                    }
                    self.value()?;
                }
            }
        }
    }

    fn value(&mut self) -> Option<()> {
        let (scalar, is_list) = match self.peek()? {
            b'{' => (None, false),
            b'[' => (None, true),
            b'"' => (Some(self.string()?), false),
            _ => (Some(self.word()?), false),
        };
        if scalar.is_none() {
            self.at += 1;
        }
        let element = self.begin(scalar.as_deref());
        match scalar {
            None => self.open.push(Frame { is_list, element, key: String::new() }),
            Some(_) => self.end(element),
        }
        Some(())
    }

    /// Puts a value into the item in hand, or begins one.
    fn begin(&mut self, scalar: Option<&str>) -> Option<usize> {
        let level = self.open.len();
        let parent = self.open.last()?;
        let key = if parent.is_list { String::new() } else { parent.key.clone() };
        let element = Element::new(key, scalar.unwrap_or_default().to_owned());
        if let Some(above) = parent.element {
            return Some(self.item.append(Some(above), element) as usize);
        }
        let begins_item = match level {
            1 => parent.is_list || scalar.is_some(),
            2 => parent.is_list,
            _ => false,
        };
        begins_item.then(|| {
            self.item = Tree::default();
            self.item.append(None, element) as usize
        })
    }

    /// Shows an item that is complete.
    fn end(&mut self, element: Option<usize>) {
        if element == Some(0) && self.open.last().is_some_and(|frame| frame.element.is_none()) {
            let list = self.open.first().map_or("", |top| top.key.as_str());
            (self.show)(list, &self.item);
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_blanks(&mut self) {
        while self.peek().is_some_and(|byte| byte.is_ascii_whitespace()) {
            self.at += 1;
        }
    }

    /// A number, or true, false, null, of which only the first two say something.
    fn word(&mut self) -> Option<String> {
        let rest = self.text.get(self.at..)?;
        let length = rest
            .bytes()
            .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
            .count();
        let word = rest.get(..length).filter(|word| !word.is_empty())?;
        self.at += length;
        match word {
            "null" | "false" => Some(String::new()),
            "true" => Some("Y".to_owned()),
            _ => word.parse::<f64>().is_ok().then(|| word.to_owned()),
        }
    }

    fn string(&mut self) -> Option<String> {
        (self.peek() == Some(b'"')).then_some(())?;
        self.at += 1;
        let mut out = String::new();
        loop {
            let rest = self.text.get(self.at..)?;
            let length = memchr::memchr2(b'"', b'\\', rest.as_bytes())?;
            out.push_str(rest.get(..length)?);
            self.at += length + 1;
            if rest.as_bytes().get(length) == Some(&b'"') {
                return Some(out);
            }
            let escape = self.peek()?;
            self.at += 1;
            out.push(match escape {
                b'n' => '\n',
                b't' => '\t',
                b'r' => '\r',
                b'b' => '\u{8}',
                b'f' => '\u{c}',
                b'u' => self.code()?,
                b'"' | b'\\' | b'/' => char::from(escape),
                _ => return None,
            });
        }
    }

    /// The character of `\uXXXX`, or of two of them.
    fn code(&mut self) -> Option<char> {
        let first = self.four()?;
        let is_low = |code: &u32| (0xDC00..0xE000).contains(code);
        if (0xD800..0xDC00).contains(&first)
            && self.text.get(self.at..).is_some_and(|rest| rest.starts_with("\\u"))
        {
            let before = self.at;
            self.at += 2;
            match self.four().filter(is_low) {
                Some(second) => {
                    return char::from_u32(0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00));
                }
                None => self.at = before,
            }
        }
        Some(char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    fn four(&mut self) -> Option<u32> {
        let digits = self.text.get(self.at..self.at + 4)?;
        self.at += 4;
        u32::from_str_radix(digits, 16).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each item as "list: tag=value tag=value", by depth, and the line of an error.
    fn items(text: &str) -> (Vec<String>, Option<u32>) {
        let mut items = Vec::new();
        let result = for_each(text, &mut |list, item| {
            let shown: Vec<String> = item
                .walk(0)
                .filter_map(|(at, depth)| Some((item.get(at)?, depth)))
                .map(|(element, depth)| format!("{depth}{}={}", element.tag, element.value))
                .collect();
            items.push(format!("{list}: {}", shown.join(" ")));
        });
        (items, result.err())
    }

    #[test]
    fn items_of_lists_are_shown_one_by_one() {
        let text = r#"{"version": 1, "persons": [{"id": "I1", "names": [{"full": "A\n\u00e9\ud83d\ude00"}], "n": -1.5e3},
            {"dead": true, "x": null, "list": [1, [2]]}, "text"], "other": {"deep": [{"a": 1}]}}"#;
        let expect = [
            "version: 0version=1",
            "persons: 0= 1id=I1 1names= 2= 3full=A\né😀 1n=-1.5e3",
            "persons: 0= 1dead=Y 1x= 1list= 2=1 2= 3=2",
            "persons: 0=text",
        ];
        assert_eq!(items(text), (expect.map(str::to_owned).to_vec(), None));
        assert_eq!(items("[{\"a\": \"b\"},]").0, [": 0= 1a=b"]);
    }

    #[test]
    fn what_comes_before_an_error_is_kept() {
        for (text, count, line) in [
            ("[{\"a\": 1},\n{\"a\": }]", 1, Some(2)),
            ("[{\"a\": 1},\n{\"a\": \"x", 1, Some(2)),
            ("{\"persons\": [{}]", 1, Some(1)),
            ("[1]]", 1, Some(1)),
            ("[\"\\ud800\"]", 1, None),
            ("[}", 0, Some(1)),
        ] {
            let (items, error) = items(text);
            assert_eq!((items.len(), error), (count, line), "{text}");
        }
        let deep = "[".repeat(100_000);
        assert_eq!(items(&deep).1, Some(1));
    }
}
