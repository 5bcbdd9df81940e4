//! Files and what they are: names and endings of 5.5.1, addresses and media types of 7.0.

use std::fmt::Write as _;

use crate::gedzip::decoded;

/// Endings and media types. The first ending of a type is written for it.
const TYPES: [(&str, &str); 27] = [
    ("jpg", "image/jpeg"),
    ("jpeg", "image/jpeg"),
    ("png", "image/png"),
    ("gif", "image/gif"),
    ("tif", "image/tiff"),
    ("tiff", "image/tiff"),
    ("bmp", "image/bmp"),
    ("webp", "image/webp"),
    ("avif", "image/avif"),
    ("svg", "image/svg+xml"),
    ("pcx", "image/vnd.zbrush.pcx"),
    ("ole", "application/x-oleobject"),
    ("pdf", "application/pdf"),
    ("doc", "application/msword"),
    ("rtf", "text/rtf"),
    ("txt", "text/plain"),
    ("text", "text/plain"),
    ("html", "text/html"),
    ("htm", "text/html"),
    ("wav", "audio/vnd.wave"),
    ("mp3", "audio/mpeg"),
    ("oga", "audio/ogg"),
    ("mp4", "video/mp4"),
    ("mov", "video/quicktime"),
    ("avi", "video/vnd.avi"),
    ("mpeg", "video/mpeg"),
    ("mpg", "video/mpeg"),
];

/// What stands for a file of which nothing is known.
pub(super) const UNKNOWN: &str = "application/octet-stream";

/// The media type of what 5.5.1 calls a format: an ending such as "jpg".
pub(super) fn to_7(format: &str) -> Option<&'static str> {
    let ending = format.trim().trim_start_matches('.');
    TYPES.iter().find(|(known, _)| known.eq_ignore_ascii_case(ending)).map(|&(_, of)| of)
}

/// The media type of a file by its name.
pub(super) fn of_name(name: &str) -> &'static str {
    name.rsplit_once('.').and_then(|(_, ending)| to_7(ending)).unwrap_or(UNKNOWN)
}

/// The format of a media type; `None` for one without an ending of its own.
pub(super) fn to_551(media_type: &str) -> Option<&'static str> {
    TYPES.iter().find(|(_, of)| *of == media_type).map(|&(ending, _)| ending)
}

/// A file's name as an address: forward slashes, percent signs for what an address must not hold.
pub(super) fn name_to_7(name: &str) -> String {
    if is_address(name) {
        return name.to_owned();
    }
    let plain = name.replace('\\', "/");
    let is_on_drive = plain.as_bytes().get(1) == Some(&b':')
        && plain.as_bytes().first().is_some_and(u8::is_ascii_alphabetic);
    let start = match () {
        () if is_on_drive => "file:///",
        () if plain.starts_with("//") => "file:",
        () if plain.starts_with('/') => "file://",
        () => "",
    };
    let mut address = String::with_capacity(start.len() + plain.len() + 8);
    address.push_str(start);
    for (at, c) in plain.char_indices() {
        let is_plain = c.is_ascii_alphanumeric() || "-._~!$&'()*+,;=@/".contains(c);
        if is_plain || is_on_drive && at == 1 {
            address.push(c);
        } else {
            let mut bytes = [0; 4];
            for byte in c.encode_utf8(&mut bytes).bytes() {
                let _ = write!(address, "%{byte:02X}");
            }
        }
    }
    address
}

/// An address as a file's name, if it is that of one. Of what was written in an unusual way
/// [`name_to_7`] makes another address.
pub(super) fn name_to_551(address: &str) -> String {
    let plain = match address.strip_prefix("file://") {
        Some(path) => match path.strip_prefix('/') {
            Some(on_drive) if on_drive.as_bytes().get(1) == Some(&b':') => on_drive.to_owned(),
            Some(_) => path.to_owned(),
            None => format!("//{path}"),
        },
        None if is_address(address) => return address.to_owned(),
        None => address.to_owned(),
    };
    decoded(&plain).unwrap_or(plain)
}

/// Whether a name or an address leads to a file beside the GEDCOM, or below it.
pub(super) fn is_beside(name: &str) -> bool {
    !name.is_empty()
        && !name.contains([':', '\\'])
        && name.split('/').all(|step| !matches!(step, "" | "." | ".."))
}

/// Whether a text begins as "https:" does. A single letter is a drive.
fn is_address(text: &str) -> bool {
    text.split_once(':').is_some_and(|(scheme, _)| {
        scheme.len() > 1
            && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_addresses_and_come_back() {
        for (name, address, back) in [
            (
                "d:\\Media\\1896 John.jpg",
                "file:///d:/Media/1896%20John.jpg",
                "d:/Media/1896 John.jpg",
            ),
            ("/srv/ann/100%.png", "file:///srv/ann/100%25.png", "/srv/ann/100%.png"),
            ("\\\\server\\photos\\a.jpg", "file://server/photos/a.jpg", "//server/photos/a.jpg"),
            ("media/a.jpg", "media/a.jpg", "media/a.jpg"),
            ("漢/a.jpg", "%E6%BC%A2/a.jpg", "漢/a.jpg"),
            ("https://example.com/a%20b", "https://example.com/a%20b", "https://example.com/a%20b"),
        ] {
            assert_eq!(name_to_7(name), address);
            assert_eq!(name_to_551(address), back);
        }
        assert_eq!(name_to_551("media/a%5b"), "media/a[");
    }

    #[test]
    fn formats_are_media_types() {
        assert_eq!(
            (to_7("JPEG"), to_7(".tif"), to_7("xyz")),
            (Some("image/jpeg"), Some("image/tiff"), None)
        );
        assert_eq!(
            (to_551("image/jpeg"), of_name("a.b.PNG"), of_name("a")),
            (Some("jpg"), "image/png", UNKNOWN)
        );
    }
}
