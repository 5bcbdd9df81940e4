//! Lines of MONITOR: bytes in, commands out, no sockets.
//!
//! ```text
//! 1795299564.583457 [0 127.0.0.1:49546] "BRPOP" "jobs:mail" "0"
//! ```
//!
//! A line says when (in the server's clock), in which database, who (an address, `unix:` and a path,
//! or `lua` for a command of a script) and the arguments, escaped as in C. Source: `replicationFeedMonitors`
//! and `sdscatrepr` of Redis.

/// Bytes of a line that are kept; a value may be of any length, and keys come first.
const MAX_LINE_BYTES: usize = 16 * 1024;
/// Arguments of a command that are kept.
const MAX_ARGUMENTS: usize = 512;

/// Cuts a stream into its lines, at most [`MAX_LINE_BYTES`] of each.
#[derive(Default)]
pub struct Splitter {
    line: Vec<u8>,
    cut: usize,
}

impl Splitter {
    /// Takes bytes as they come and hands over each line that ends in them, without its end, and
    /// whether all of it was kept.
    pub fn feed(&mut self, mut bytes: &[u8], mut on_line: impl FnMut(&[u8], bool)) {
        while !bytes.is_empty() {
            let end = bytes.iter().position(|byte| *byte == b'\n');
            let (piece, rest) = match end {
                Some(end) => (&bytes[..end], &bytes[end + 1..]),
                None => (bytes, &[][..]),
            };
            let room = MAX_LINE_BYTES - self.line.len();
            self.line.extend_from_slice(&piece[..piece.len().min(room)]);
            self.cut += piece.len().saturating_sub(room);
            if end.is_some() {
                let is_whole = self.cut == 0;
                on_line(self.line.strip_suffix(b"\r").unwrap_or(&self.line), is_whole);
                self.line.clear();
                self.cut = 0;
            }
            bytes = rest;
        }
    }
}

/// Who ran a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// As CLIENT LIST prints it too.
    Addr(String),
    /// The path of the server's own socket, the same for all who use it.
    Unix(String),
    /// A script, on behalf of whoever ran the line before that is no script's.
    Script,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// In the server's clock, in microseconds since 1970.
    pub at_micros: u64,
    pub db: u32,
    pub origin: Origin,
    /// The command and what it was given, at most the first 512 (`MAX_ARGUMENTS`); the last may be
    /// cut if the line was.
    pub arguments: Vec<Vec<u8>>,
}

/// Reads a line, with or without the `+` of its reply. `None` for what is no command, such as the
/// `OK` at the beginning.
pub fn parse(line: &[u8]) -> Option<Line> {
    let line = line.strip_prefix(b"+").unwrap_or(line);
    let (at, rest) = split_once(line, b' ')?;
    let at = str::from_utf8(at).ok()?;
    let (secs, micros) = at.split_once('.')?;
    let at_micros = secs.parse::<u64>().ok()?.checked_mul(1_000_000)?;
    let at_micros = at_micros.checked_add(micros.parse().ok().filter(|m| *m < 1_000_000)?)?;
    // An address may hold brackets, but neither a quote nor `] "`.
    let rest = rest.strip_prefix(b"[")?;
    let end = rest.windows(3).position(|window| window == b"] \"")?;
    let (who, rest) = (rest.get(..end)?, rest.get(end + 2..)?);
    let who = str::from_utf8(who).ok()?;
    let (db, who) = who.split_once(' ')?;
    let origin = match who.strip_prefix("unix:") {
        Some(path) => Origin::Unix(path.to_owned()),
        None if who == "lua" => Origin::Script,
        None => Origin::Addr(who.to_owned()),
    };
    Some(Line { at_micros, db: db.parse().ok()?, origin, arguments: arguments(rest)? })
}

fn split_once(bytes: &[u8], at: u8) -> Option<(&[u8], &[u8])> {
    let end = bytes.iter().position(|byte| *byte == at)?;
    Some((bytes.get(..end)?, bytes.get(end + 1..)?))
}

/// Quoted arguments with a blank between them.
fn arguments(bytes: &[u8]) -> Option<Vec<Vec<u8>>> {
    let mut arguments = Vec::new();
    let mut bytes = bytes.iter().copied();
    while arguments.len() < MAX_ARGUMENTS {
        match bytes.next() {
            Some(b'"') => {}
            Some(b' ') if !arguments.is_empty() => continue,
            // What is behind an argument that has been cut.
            None => break,
            Some(_) => return None,
        }
        let mut argument = Vec::new();
        loop {
            match bytes.next() {
                Some(b'"') | None => break,
                Some(b'\\') => argument.extend(escaped(&mut bytes)),
                Some(byte) => argument.push(byte),
            }
        }
        arguments.push(argument);
    }
    (!arguments.is_empty()).then_some(arguments)
}

/// The byte that an escape stands for; `None` if it has been cut.
fn escaped(bytes: &mut impl Iterator<Item = u8>) -> Option<u8> {
    Some(match bytes.next()? {
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'a' => 7,
        b'b' => 8,
        b'x' => {
            let digit = |byte: u8| char::from(byte).to_digit(16);
            let (high, low) = (digit(bytes.next()?)?, digit(bytes.next()?)?);
            u8::try_from(high * 16 + low).ok()?
        }
        byte => byte,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(line: &str, db: u32, origin: Origin, words: &[&[u8]]) {
        let arguments = words.iter().map(|word| word.to_vec()).collect();
        let expect = Line { at_micros: 1_795_299_564_583_457, db, origin, arguments };
        assert_eq!(parse(line.as_bytes()), Some(expect), "{line}");
    }

    #[test]
    fn lines() {
        let addr = |addr: &str| Origin::Addr(addr.to_owned());
        check(
            r#"+1795299564.583457 [0 127.0.0.1:49546] "BRPOP" "jobs:mail" "0""#,
            0,
            addr("127.0.0.1:49546"),
            &[b"BRPOP", b"jobs:mail", b"0"],
        );
        check(
            r#"1795299564.583457 [15 [::1]:7] "set" "a\"\\\n\r\t\a\b\x00\xfe" "" "] \"""#,
            15,
            addr("[::1]:7"),
            &[b"set", b"a\"\\\n\r\t\x07\x08\x00\xfe", b"", b"] \""],
        );
        check(r#"1795299564.583457 [0 lua] "get" "k""#, 0, Origin::Script, &[b"get", b"k"]);
        check(
            r#"1795299564.583457 [3 unix:/run/a b.sock] "PING""#,
            3,
            Origin::Unix("/run/a b.sock".to_owned()),
            &[b"PING"],
        );
        // Cut within an argument and within an escape.
        check(
            r#"1795299564.583457 [0 lua] "set" "k" "va\x0"#,
            0,
            Origin::Script,
            &[b"set", b"k", b"va"],
        );
        for nothing in ["", "OK", "+OK", "1795299564.583457 [0 lua]", "x [0 lua] \"a\"", "-ERR no"]
        {
            assert_eq!(parse(nothing.as_bytes()), None, "{nothing}");
        }
    }

    #[test]
    fn long_lines_are_cut() {
        let mut splitter = Splitter::default();
        let mut lines = Vec::new();
        let long = [b"a\r\n".as_slice(), &[b'x'; 100_000], b"\r\nb\r\n"].concat();
        for chunk in long.chunks(777) {
            splitter.feed(chunk, |line, is_whole| lines.push((line.len(), is_whole)));
        }
        assert_eq!(lines, [(1, true), (MAX_LINE_BYTES, false), (1, true)]);
    }

    /// As the server writes it.
    fn written(line: &Line) -> Vec<u8> {
        use std::io::Write;
        let (secs, micros) = (line.at_micros / 1_000_000, line.at_micros % 1_000_000);
        let who = match &line.origin {
            Origin::Addr(addr) => addr.clone(),
            Origin::Unix(path) => format!("unix:{path}"),
            Origin::Script => "lua".to_owned(),
        };
        let mut out = format!("+{secs}.{micros:06} [{} {who}]", line.db).into_bytes();
        for argument in &line.arguments {
            out.extend(b" \"");
            for byte in argument {
                match byte {
                    b'\\' | b'"' => out.extend([b'\\', *byte]),
                    b'\n' => out.extend(b"\\n"),
                    b'\r' => out.extend(b"\\r"),
                    b'\t' => out.extend(b"\\t"),
                    7 => out.extend(b"\\a"),
                    8 => out.extend(b"\\b"),
                    b' '..=b'~' => out.push(*byte),
                    _ => write!(out, "\\x{byte:02x}").unwrap(),
                }
            }
            out.push(b'"');
        }
        out
    }

    fn any_line() -> impl Strategy<Value = Line> {
        let origin = prop_oneof![
            "[0-9.:]{1,20}".prop_map(Origin::Addr),
            "/[a-z/ .]{0,20}".prop_map(Origin::Unix),
            Just(Origin::Script),
        ];
        let arguments = proptest::collection::vec(any::<Vec<u8>>(), 1..6);
        (0..1_u64 << 50, any::<u32>(), origin, arguments).prop_map(
            |(at_micros, db, origin, arguments)| Line { at_micros, db, origin, arguments },
        )
    }

    proptest! {
        #[test]
        fn what_the_server_writes_reads_back(line in any_line(), chunk in 1..40_usize) {
            let mut bytes = written(&line);
            bytes.extend(b"\r\n");
            let mut splitter = Splitter::default();
            let mut read = Vec::new();
            for chunk in bytes.chunks(chunk) {
                splitter.feed(chunk, |line, _| read.push(parse(line)));
            }
            prop_assert_eq!(read, [Some(line)]);
        }

        #[test]
        fn any_bytes_are_no_panic(bytes in any::<Vec<u8>>(), text in "[0-9. \\[\\]\"\\\\x+a:]{0,80}") {
            parse(&bytes);
            parse(text.as_bytes());
            Splitter::default().feed(&bytes, |line, _| drop(parse(line)));
        }
    }
}
