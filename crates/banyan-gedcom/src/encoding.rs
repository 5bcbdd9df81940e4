//! Which encoding a file is in, why, and its text.

pub(crate) mod ansel;
mod charset;
mod code_page;
mod heal;

use std::{borrow::Cow, fmt};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};

use self::{charset::Charset, heal::heal};
use crate::diagnostic::{Diagnostics, Reason};

/// The encoding that a file was read in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Encoding {
    /// Its name: "UTF-8", "GB18030", "ANSEL", "windows-1252".
    pub name: &'static str,
    pub reason: EncodingReason,
    /// What the header declares, word for word.
    pub declared: Option<String>,
    /// How many characters could not be decoded.
    pub undecodable: u32,
}

impl Encoding {
    /// The name, if the user chose it.
    pub(crate) fn chosen(&self) -> Option<&'static str> {
        (self.reason == EncodingReason::Chosen).then_some(self.name)
    }
}

/// Why an encoding was taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum EncodingReason {
    /// The file begins with a byte order mark.
    ByteOrderMark,
    /// Every second byte is zero, as in UTF-16.
    ZeroBytes,
    /// The header declares it and the bytes do not contradict.
    Declared,
    /// Every byte is ASCII, in which all encodings agree.
    AllAscii,
    /// The bytes are valid UTF-8 whatever the header says.
    #[default]
    ValidUtf8,
    /// The frequencies of the bytes fit this encoding best.
    Frequencies,
    /// The user chose it.
    Chosen,
}

impl EncodingReason {
    /// A stable name in snake case, the key of its translations.
    pub const fn code(self) -> &'static str {
        match self {
            Self::ByteOrderMark => "byte_order_mark",
            Self::ZeroBytes => "zero_bytes",
            Self::Declared => "declared",
            Self::AllAscii => "all_ascii",
            Self::ValidUtf8 => "valid_utf8",
            Self::Frequencies => "frequencies",
            Self::Chosen => "chosen",
        }
    }
}

impl fmt::Display for EncodingReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ByteOrderMark => "the file begins with a byte order mark",
            Self::ZeroBytes => "every second byte is zero",
            Self::Declared => "the header declares it",
            Self::AllAscii => "every byte is ASCII",
            Self::ValidUtf8 => "the bytes are valid UTF-8",
            Self::Frequencies => "the frequencies of the bytes fit it best",
            Self::Chosen => "chosen by hand",
        })
    }
}

/// The text of a file.
#[derive(Clone, Debug)]
pub struct Decoded<'b> {
    /// Without byte order mark. Borrowed where the file is UTF-8.
    pub text: Cow<'b, str>,
    pub encoding: Encoding,
}

/// The text of a file, in the encoding that its bytes and its header tell. Never fails: what has no
/// character becomes U+FFFD and is counted. The order: byte order mark, UTF-16 without one, plain
/// ASCII, valid UTF-8, what the header declares, the frequencies of the bytes.
pub fn decode(bytes: &[u8]) -> Decoded<'_> {
    decode_as(bytes, None, &mut Diagnostics::default())
}

/// The same in an encoding that the user chose by name, and with diagnostics.
pub(crate) fn decode_as<'b>(
    bytes: &'b [u8],
    chosen: Option<&str>,
    diagnostics: &mut Diagnostics,
) -> Decoded<'b> {
    if let Some(charset) = chosen.and_then(Charset::named) {
        let body = mark(bytes).map_or(bytes, |(length, _)| bytes.get(length..).unwrap_or_default());
        return finish(body, charset, EncodingReason::Chosen, find_declared(bytes), diagnostics);
    }
    if let Some((length, charset)) = mark(bytes) {
        let body = bytes.get(length..).unwrap_or_default();
        return finish(
            body,
            charset,
            EncodingReason::ByteOrderMark,
            find_declared(body),
            diagnostics,
        );
    }
    if let Some(charset) = utf_16_by_zeros(bytes) {
        return finish(bytes, charset, EncodingReason::ZeroBytes, None, diagnostics);
    }
    let declared = find_declared(bytes);
    let stated = declared.as_ref().and_then(|declared| Charset::named(&declared.word));
    let (charset, reason) = choose(bytes, stated);
    finish(bytes, charset, reason, declared, diagnostics)
}

/// The encoding of bytes that are not UTF-16, and why; `stated` is what the header declares.
fn choose(bytes: &[u8], stated: Option<Charset>) -> (Charset, EncodingReason) {
    let is_stated_utf_8 = stated == Some(Charset::UTF_8);
    let reason_if_stated = |reason| if is_stated_utf_8 { EncodingReason::Declared } else { reason };
    if bytes.is_ascii() {
        let charset = if is_stated_utf_8 { Charset::UTF_8 } else { Charset::Ascii };
        return (charset, reason_if_stated(EncodingReason::AllAscii));
    }
    if is_mostly_utf_8(bytes, is_stated_utf_8) {
        return (Charset::UTF_8, reason_if_stated(EncodingReason::ValidUtf8));
    }
    let is_open = stated.is_none_or(|charset| is_stated_utf_8 || !charset.is_certain());
    if is_open
        && heal(bytes, Charset::UTF_8)
            .is_some_and(|healed| std::str::from_utf8(&healed.bytes).is_ok())
    {
        return (Charset::UTF_8, reason_if_stated(EncodingReason::ValidUtf8));
    }
    match stated {
        Some(charset) if charset.is_certain() && !is_stated_utf_8 => {
            (charset, EncodingReason::Declared)
        }
        _ => (by_frequencies(bytes), EncodingReason::Frequencies),
    }
}

/// Whether nine in ten of the sequences that are not ASCII are valid UTF-8, or half of them where the
/// header says so: a damaged or cut file is still read as what it was.
fn is_mostly_utf_8(bytes: &[u8], is_stated: bool) -> bool {
    if encoding_rs::Encoding::utf8_valid_up_to(bytes) == bytes.len() {
        return true;
    }
    let (mut valid, mut invalid) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        valid += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        invalid += usize::from(!chunk.invalid().is_empty());
    }
    valid >= invalid * if is_stated { 1 } else { 9 }
}

/// What the bytes of the lines that are not ASCII look like, by `chardetng`.
fn by_frequencies(bytes: &[u8]) -> Charset {
    const ENOUGH_BYTES: usize = 256 * 1024;
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    let mut fed = 0;
    for line in bytes.split(|b| matches!(b, b'\n' | b'\r')).filter(|line| !line.is_ascii()) {
        detector.feed(line, false);
        detector.feed(b"\n", false);
        fed += line.len();
        if fed > ENOUGH_BYTES {
            break;
        }
    }
    detector.feed(b"", true);
    Charset::Rs(detector.guess(None, Utf8Detection::Deny))
}

/// A byte order mark: its length and what it marks.
fn mark(bytes: &[u8]) -> Option<(usize, Charset)> {
    let (encoding, length) = encoding_rs::Encoding::for_bom(bytes)?;
    Some((length, Charset::Rs(encoding)))
}

/// UTF-16 shows itself by the zero half of each ASCII letter of the header.
fn utf_16_by_zeros(bytes: &[u8]) -> Option<Charset> {
    let start = bytes.get(..bytes.len().min(64))?;
    let zeros =
        |remainder: usize| start.iter().skip(remainder).step_by(2).filter(|&&b| b == 0).count();
    let most = start.len() / 2;
    if most < 2 {
        return None;
    }
    match (zeros(0) * 4 > most * 3, zeros(1) * 4 > most * 3) {
        (true, false) => Some(Charset::Rs(encoding_rs::UTF_16BE)),
        (false, true) => Some(Charset::Rs(encoding_rs::UTF_16LE)),
        _ => None,
    }
}

/// What the header says after CHAR, and in which line.
struct Declared {
    line: u32,
    word: String,
}

/// The CHAR line of the header, which is ASCII in every encoding but UTF-16.
fn find_declared(bytes: &[u8]) -> Option<Declared> {
    const HEADER_BYTES: usize = 64 * 1024;
    let start = bytes.get(..bytes.len().min(HEADER_BYTES))?;
    let ends = if start.contains(&b'\n') { b'\n' } else { b'\r' };
    for (number, line) in (1..).zip(start.split(|&b| b == ends)) {
        let line = line.trim_ascii();
        if line.starts_with(b"0 ") && !line.starts_with(b"0 HEAD") {
            return None;
        }
        let Some(rest) = line.strip_prefix(b"1 CHAR") else { continue };
        let word = String::from_utf8_lossy(rest.trim_ascii()).into_owned();
        return (!word.is_empty()).then_some(Declared { line: number, word });
    }
    None
}

/// Decodes, counts what could not be decoded, and says what the user should know.
fn finish<'b>(
    bytes: &'b [u8],
    charset: Charset,
    reason: EncodingReason,
    declared: Option<Declared>,
    diagnostics: &mut Diagnostics,
) -> Decoded<'b> {
    let (mut text, mut had_errors) = charset.decode(bytes);
    if had_errors && let Some(healed) = heal(bytes, charset) {
        for &line in &healed.lines {
            diagnostics.push(line, "CONC", Reason::SplitCharacter);
        }
        let (healed_text, still) = charset.decode(&healed.bytes);
        (text, had_errors) = (Cow::Owned(healed_text.into_owned()), still);
    }
    let undecodable = if had_errors { report_undecodable(&text, diagnostics) } else { 0 };
    if let Some(declared) = &declared
        && reason != EncodingReason::AllAscii
        && !Charset::named(&declared.word).is_some_and(|stated| stated.agrees_with(charset))
    {
        let (declared_word, used) = (declared.word.clone(), charset.name().to_owned());
        diagnostics.push(
            declared.line,
            "CHAR",
            Reason::OtherEncoding { declared: declared_word, used },
        );
    }
    let declared = declared.map(|declared| declared.word);
    Decoded { text, encoding: Encoding { name: charset.name(), reason, declared, undecodable } }
}

/// Counts the replacement characters, a diagnostic for each line.
fn report_undecodable(text: &str, diagnostics: &mut Diagnostics) -> u32 {
    let end = if text.contains('\n') { '\n' } else { '\r' };
    let mut total: u32 = 0;
    for (number, line) in (1..).zip(text.split(end)) {
        let count = line.matches(char::REPLACEMENT_CHARACTER).count();
        if count > 0 {
            let characters = u32::try_from(count).unwrap_or(u32::MAX);
            diagnostics.push(number, "", Reason::NotDecodable { characters });
            total = total.saturating_add(characters);
        }
    }
    total
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], name: &str, reason: EncodingReason, codes: &[&str]) -> String {
        let mut diagnostics = Diagnostics::default();
        let decoded = decode_as(bytes, None, &mut diagnostics);
        let shown = String::from_utf8_lossy(bytes);
        assert_eq!((decoded.encoding.name, decoded.encoding.reason), (name, reason), "{shown}");
        let found: Vec<&str> = diagnostics.finish(0).iter().map(|d| d.reason.code()).collect();
        assert_eq!(found, codes, "{shown}");
        decoded.text.into_owned()
    }

    fn header(char: &str, name: &[u8]) -> Vec<u8> {
        let mut bytes = format!("0 HEAD\n1 CHAR {char}\n0 @I1@ INDI\n1 NAME ").into_bytes();
        bytes.extend_from_slice(name);
        bytes
    }

    #[test]
    fn marks_and_zeros_tell_unicode() {
        use EncodingReason::{AllAscii, ByteOrderMark, Declared, ValidUtf8, ZeroBytes};
        let utf_16 = |text: &str| text.encode_utf16().collect::<Vec<u16>>();
        let little: Vec<u8> =
            utf_16("0 HEAD\n1 NOTE 賈").into_iter().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> =
            utf_16("\u{feff}0 HEAD\n1 NOTE 賈").into_iter().flat_map(u16::to_be_bytes).collect();
        assert_eq!(check(&little, "UTF-16LE", ZeroBytes, &[]), "0 HEAD\n1 NOTE 賈");
        assert_eq!(check(&big, "UTF-16BE", ByteOrderMark, &[]), "0 HEAD\n1 NOTE 賈");
        assert_eq!(check("\u{feff}0 HEAD".as_bytes(), "UTF-8", ByteOrderMark, &[]), "0 HEAD");
        check(&header("UTF-8", "賈".as_bytes()), "UTF-8", Declared, &[]);
        check(&header("ANSI", "賈".as_bytes()), "UTF-8", ValidUtf8, &["other_encoding"]);
        check(&header("ANSEL", b"Jia"), "ASCII", AllAscii, &[]);
        check(&header("UTF-8", b"Jia"), "UTF-8", Declared, &[]);
    }

    #[test]
    fn the_header_is_believed_where_the_bytes_allow() {
        use EncodingReason::{Declared, Frequencies};
        assert!(check(&header("ANSEL", b"Andr\xe2e"), "ANSEL", Declared, &[]).ends_with("André"));
        assert!(check(&header("IBMPC", b"Andr\x82"), "IBM437", Declared, &[]).ends_with("André"));
        assert!(
            check(&header("MACINTOSH", b"Andr\x8e"), "macintosh", Declared, &[]).ends_with("André")
        );
        assert!(
            check(&header("cp1252", b"Andr\xe9"), "windows-1252", Declared, &[]).ends_with("André")
        );
        assert!(
            check(&header("ANSI", b"Andr\xe9 Lef\xe8vre"), "windows-1252", Frequencies, &[])
                .contains("Lefè")
        );
        let gbk = encoding_rs::GBK.encode("/賈/寶玉\n1 NOTE 榮國公之後，名不詳").0;
        assert!(check(&header("GB18030", &gbk), "GB18030", Declared, &[]).contains("寶玉"));
        let gb = encoding_rs::GBK.encode("贾宝玉\n1 NOTE 荣国公之后，名不详，今居于北京").0;
        assert!(
            check(&header("ANSI", &gb), "GBK", Frequencies, &["other_encoding"]).contains("宝玉")
        );
    }

    #[test]
    fn damage_is_counted_and_split_characters_are_joined() {
        use EncodingReason::{Declared, ValidUtf8};
        let mut bytes = header("UTF-8", "賈寶玉賈寶玉賈寶玉賈寶玉".as_bytes());
        bytes.extend_from_slice(b"\xff\xff");
        let text = check(&bytes, "UTF-8", Declared, &["not_decodable"]);
        assert!(text.ends_with("\u{fffd}\u{fffd}"));

        let split = b"0 HEAD\r\n1 NOTE \xe8\xb3\x88\xe5\xaf\r\n2 CONC \xb6\xe7\x8e\x89\xe8\xb3\x88\xe8\xb3\x88\xe8\xb3\x88\xe8\xb3\x88\xe8\xb3\x88\xe8\xb3\x88\xe8\xb3\x88\xe8\xb3\x88\xe8\xb3\x88\xe8\xb3\x88\xe8\xb3\x88\xe8\xb3\x88\xe8\xb3\x88\xe8\xb3\x88\xe8\xb3\x88\xe8\xb3\x88";
        let text = check(split, "UTF-8", ValidUtf8, &["split_character"]);
        assert!(text.starts_with("0 HEAD\r\n1 NOTE 賈\r\n2 CONC 寶玉賈"), "{text}");

        let mut gbk = header("GBK", b"\xd8\x8f\xcc");
        gbk.extend_from_slice(b"\n2 CONC \xab\xd8\x8f");
        assert!(check(&gbk, "GBK", Declared, &["split_character"]).contains("\n2 CONC "));
    }

    #[test]
    fn the_user_can_overrule() {
        let bytes = header("ANSI", b"Andr\xe9");
        let decoded = decode_as(&bytes, Some("windows-1251"), &mut Diagnostics::default());
        assert!(decoded.text.ends_with("Andrй"));
        assert_eq!(
            (decoded.encoding.name, decoded.encoding.reason),
            ("windows-1251", EncodingReason::Chosen)
        );
    }
}
