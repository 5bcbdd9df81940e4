//! The picture of a person: the first that the record names, in place or by a media record.

use banyan_kin::{PersonId, TextId};

use crate::{gedzip::is_picture, reader::Reader, record::Node, xref::XrefId};

/// What a person's record says about a picture.
#[derive(Clone, Copy, Debug)]
pub(crate) enum PhotoClaim {
    /// The path or address itself.
    File(TextId),
    /// The identifier of a media record, which may come later in the file.
    Record(XrefId),
}

impl<'t> Reader<'t> {
    /// An OBJE line of a person.
    pub(crate) fn photo(&mut self, node: Node<'_, 't>, person: PersonId) {
        let claim = match node.line.pointer() {
            Some(pointer) => PhotoClaim::Record(self.xrefs.intern(pointer, &mut self.draft.texts)),
            None => match first_picture(node) {
                Some(path) => PhotoClaim::File(self.draft.texts.intern(&path)),
                None => return,
            },
        };
        // Nothing can come before a picture that is there for certain.
        let is_settled = matches!(self.photo_claims.last(),
            Some((last, PhotoClaim::File(_))) if *last == person);
        if !is_settled {
            self.photo_claims.push((person, claim));
        }
    }

    /// A media record.
    pub(crate) fn picture(&mut self, record: Node<'_, 't>) {
        if record.line.xref.is_empty() {
            return;
        }
        if let Some(path) = first_picture(record) {
            let xref = self.xrefs.intern(record.line.xref, &mut self.draft.texts);
            let path = self.draft.texts.intern(&path);
            self.pictures.entry(xref).or_insert(path);
        }
    }

    /// Gives each person the first picture that is one. Recordings, documents and records that are
    /// not there are passed over.
    pub(crate) fn resolve_photos(&mut self) {
        for (person, claim) in std::mem::take(&mut self.photo_claims) {
            let path = match claim {
                PhotoClaim::File(path) => Some(path),
                PhotoClaim::Record(xref) => self.pictures.get(&xref).copied(),
            };
            if let Some(path) = path {
                self.draft.set_photo(person, path);
            }
        }
    }
}

/// The first FILE below that is a picture by its name, or else by its FORM, which 5.5 puts beside it
/// and 5.5.1 and 7.0 below it.
fn first_picture(media: Node<'_, '_>) -> Option<String> {
    let form_of = |node: Node<'_, '_>| node.child("FORM").is_some_and(|form| is_form(&form.text()));
    let is_picture_beside = form_of(media);
    let mut files = media.children().filter(|node| node.line.tag == "FILE");
    files.find_map(|file| {
        let path = file.text();
        let is_one = is_picture(&path) || is_picture_beside || form_of(file);
        (is_one && !path.is_empty()).then(|| path.into_owned())
    })
}

/// "jpg" of 5.5.1, "image/jpeg" of 7.0.
fn is_form(form: &str) -> bool {
    let form = form.trim().to_ascii_lowercase();
    is_picture(&format!(".{}", form.strip_prefix("image/").unwrap_or(&form)))
}

#[cfg(test)]
mod tests {
    use banyan_kin::PersonId;

    use crate::read;

    /// The pictures of all persons of a file with these records.
    fn photos(version: &str, records: &str) -> Vec<String> {
        let text = format!("0 HEAD\n1 GEDC\n2 VERS {version}\n1 CHAR UTF-8\n{records}0 TRLR\n");
        let document = read(text.as_bytes(), &mut |_, _| {}).unwrap();
        let genealogy = document.genealogy;
        let path =
            |id: PersonId| genealogy.photo(id).map_or("", |photo| genealogy.texts.get(photo));
        genealogy.person_ids().map(|id| path(id).to_owned()).collect()
    }

    #[test]
    fn the_first_picture_counts_wherever_it_stands() {
        let records = "0 @I1@ INDI\n1 OBJE\n2 FORM jpeg\n2 FILE a b.jpg\n1 OBJE @M1@\n\
            0 @I2@ INDI\n1 OBJE @M9@\n1 OBJE @M2@\n1 OBJE @M1@\n1 OBJE\n2 FILE c.png\n\
            0 @M1@ OBJE\n1 FILE C:\\Photos\\One.JPG\n2 FORM jpg\n1 TITL One\n\
            0 @M2@ OBJE\n1 FILE speech.mp3\n2 FORM mp3\n\
            0 @I3@ INDI\n1 OBJE\n2 FILE will.pdf\n0 @I4@ INDI\n1 OBJE\n2 FILE scan\n3 FORM jpg\n\
            0 @I5@ INDI\n1 OBJE\n2 FILE d.gif\n1 OBJE\n2 FILE e.gif\n";
        assert_eq!(
            photos("5.5.1", records),
            ["a b.jpg", "C:\\Photos\\One.JPG", "", "scan", "d.gif"]
        );
    }

    #[test]
    fn version_7_names_media_types() {
        let records = "0 @I1@ INDI\n1 OBJE @VOID@\n1 OBJE @O1@\n0 @O1@ OBJE\n1 FILE x.mov\n\
            2 FORM video/quicktime\n1 FILE media/1\n2 FORM image/webp\n";
        assert_eq!(photos("7.0", records), ["media/1"]);
    }
}
