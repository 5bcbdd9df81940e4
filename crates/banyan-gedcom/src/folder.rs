//! Pictures in a folder, found by the FILE lines of a family: those name them as they lay on the
//! machine where the file was written.

use std::collections::BTreeMap;

use unicode_normalization::UnicodeNormalization as _;

use crate::gedzip::decoded;

/// The paths of files, by what their last steps say.
#[derive(Clone, Debug, Default)]
pub struct FolderPaths {
    /// Places of the files of each name, with the steps of their paths from the last to the first.
    by_name: BTreeMap<String, Vec<(usize, Vec<String>)>>,
}

impl FolderPaths {
    /// A file is told by its place among `paths`.
    pub fn new(paths: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        let mut by_name: BTreeMap<String, Vec<(usize, Vec<String>)>> = BTreeMap::new();
        for (place, path) in paths.into_iter().enumerate() {
            let steps = steps(path.as_ref());
            if let Some(name) = steps.first() {
                by_name.entry(name.clone()).or_default().push((place, steps));
            }
        }
        Self { by_name }
    }

    pub fn is_empty(&self) -> bool {
        self.by_name.is_empty()
    }

    /// The file that a FILE line means: of those with its name the one of whose path the most steps
    /// before the name are the same, else the one that lies highest, else the first.
    pub fn find(&self, path: &str) -> Option<usize> {
        // What lies on the net is in no folder.
        let is_address = path.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("http"))
            && path.contains("://");
        if is_address {
            return None;
        }
        self.of_steps(&steps(path)).or_else(|| self.of_steps(&steps(&decoded(path)?)))
    }

    fn of_steps(&self, wanted: &[String]) -> Option<usize> {
        let files = self.by_name.get(wanted.first()?)?;
        let alike = |steps: &[String]| {
            steps.iter().zip(wanted).take_while(|(own, wanted)| own == wanted).count()
        };
        let best =
            files.iter().min_by_key(|(_, steps)| (std::cmp::Reverse(alike(steps)), steps.len()));
        best.map(|(place, _)| *place)
    }
}

/// The steps of a path from the last to the first, with any slashes, in small letters.
fn steps(path: &str) -> Vec<String> {
    // File systems disagree on how an accent is written.
    let path = path.trim().nfc().collect::<String>().to_lowercase();
    let steps = path.rsplit(['/', '\\']).filter(|step| !matches!(*step, "" | "." | ".."));
    steps.map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_found_by_the_paths_of_another_machine() {
        let folder = FolderPaths::new([
            "Ahorn/ahorn.ged",
            "Ahorn/Photos/Ann Lee.JPG",
            "Ahorn/Photos/old/Ann Lee.jpg",
            "Ahorn/media/u\u{308}ber.png",
            "Ahorn/Photos/贾宝玉.png",
            "Ahorn/50%.png",
            "Ahorn/scan/1.jpg",
            "Ahorn/portraits/1.jpg",
        ]);
        let check =
            |path: &str, expect: Option<usize>| assert_eq!(folder.find(path), expect, "{path}");
        check("Photos/Ann Lee.JPG", Some(1));
        check("C:\\Users\\Ann\\My Pictures\\Photos\\ann lee.jpg", Some(1));
        check("/Volumes/ann/photos/OLD/ann lee.jpg", Some(2));
        check("file:///Volumes/ann/photos/old/Ann%20Lee.jpg", Some(2));
        check("ann lee.jpg", Some(1));
        check("media/\u{fc}ber.png", Some(3));
        check("D:/贾宝玉.png", Some(4));
        check("%E8%B4%BE%E5%AE%9D%E7%8E%89.png", Some(4));
        check("50%.png", Some(5));
        check("..\\portraits\\1.jpg", Some(7));
        check("elsewhere/1.jpg", Some(6));
        for path in ["", "/", "nobody.jpg", "https://example.org/1.jpg", "lee.jpg", "..", "%zz.jpg"]
        {
            check(path, None);
        }
        assert!(FolderPaths::new([""; 0]).is_empty() && !folder.is_empty());
    }
}
