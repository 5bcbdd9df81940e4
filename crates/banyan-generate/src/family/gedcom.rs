//! A made-up family as a GEDCOM 5.5.1 file.

use std::{fmt::Write as _, io};

use super::{Family, NEVER, NONE, Person, Union, Village, event};
use crate::random::Random;

/// How much text is gathered before it is handed on.
const CHUNK: usize = 1 << 16;
/// A little more than a person takes, with their part of a family.
const BYTES_OF_PERSON: usize = 260;

impl Family {
    /// The whole file.
    pub fn gedcom(&self) -> Vec<u8> {
        let mut out = String::with_capacity(self.persons.len() * BYTES_OF_PERSON);
        // Memory does not refuse what is written to it.
        let _ = self.write(&mut out, &mut |_| Ok(()));
        out.into_bytes()
    }

    /// Writes the file piece by piece, so that it is never whole in memory.
    pub fn write_gedcom(&self, out: &mut impl io::Write) -> io::Result<()> {
        let mut text = String::with_capacity(2 * CHUNK);
        self.write(&mut text, &mut |text| {
            if text.len() >= CHUNK {
                out.write_all(text.as_bytes())?;
                text.clear();
            }
            Ok(())
        })?;
        out.write_all(text.as_bytes())
    }

    /// Writes everything, and shows the text to `after` after each record.
    fn write(
        &self,
        out: &mut String,
        after: &mut dyn FnMut(&mut String) -> io::Result<()>,
    ) -> io::Result<()> {
        let _ = write!(
            out,
            "0 HEAD\n1 SOUR BANYAN\n2 NAME banyan generate\n1 SUBM @U1@\n1 GEDC\n2 VERS 5.5.1\n\
             2 FORM LINEAGE-LINKED\n1 CHAR UTF-8\n1 NOTE {} made-up persons, seed {}\n\
             0 @U1@ SUBM\n1 NAME banyan generate\n",
            self.persons.len(),
            self.seed
        );
        let (starts, unions) = self.unions_by_person();
        for (id, person) in self.persons.iter().enumerate() {
            let own = starts.get(id).zip(starts.get(id + 1));
            let own = own.and_then(|(&first, &last)| unions.get(first as usize..last as usize));
            self.write_person(id as u32, person, own.unwrap_or_default(), out);
            after(out)?;
        }
        for (id, union) in self.unions.iter().enumerate() {
            self.write_union(id as u32, union, out);
            after(out)?;
        }
        out.push_str("0 TRLR\n");
        Ok(())
    }

    /// Person -> where their unions begin in the list of unions, which is given too.
    fn unions_by_person(&self) -> (Vec<u32>, Vec<u32>) {
        let partners = || {
            let all = self.unions.iter().zip(0..);
            let both = all.flat_map(|(union, id)| [(union.husband, id), (union.wife, id)]);
            both.filter(|&(person, _)| person != NONE)
        };
        let mut starts = vec![0u32; self.persons.len() + 2];
        for (person, _) in partners() {
            starts[person as usize + 2] += 1;
        }
        for person in 1..starts.len() {
            starts[person] += starts[person - 1];
        }
        let mut unions = vec![0; partners().count()];
        for (person, union) in partners() {
            let place = &mut starts[person as usize + 1];
            unions[*place as usize] = union;
            *place += 1;
        }
        (starts, unions)
    }

    fn village(&self, of: &Person) -> Village {
        let village = self.villages.get(usize::from(of.village)).copied();
        village.unwrap_or(Village { culture: of.culture, number: 0 })
    }

    fn write_person(&self, id: u32, person: &Person, unions: &[u32], out: &mut String) {
        let mut random = Random::of(self.seed, u64::from(id));
        let village = self.village(person);
        let _ = write!(out, "0 @I{}@ INDI\n1 NAME ", id + 1);
        person.name.write(person.culture, person.is_male, out);
        out.push_str(if person.is_male { "\n1 SEX M\n" } else { "\n1 SEX F\n" });
        event::write("BIRT", person.born, village, &mut random, out);
        if person.died != NEVER {
            event::write("DEAT", person.died, village, &mut random, out);
        }
        let is_grown = i32::from(person.died) - i32::from(person.born) > 16 * 12;
        if is_grown && random.percent(if person.is_male { 30 } else { 6 }) {
            let _ = writeln!(out, "1 OCCU {}", village.work(&mut random));
        }
        let is_in_two = person.born_to != NONE && person.adopted_by != NONE;
        for (union, pedigree) in [(person.born_to, "birth"), (person.adopted_by, "adopted")] {
            if union == NONE {
                continue;
            }
            let _ = writeln!(out, "1 FAMC @F{}@", union + 1);
            if is_in_two || pedigree == "adopted" {
                let _ = writeln!(out, "2 PEDI {pedigree}");
            }
        }
        for union in unions {
            let _ = writeln!(out, "1 FAMS @F{}@", union + 1);
        }
    }

    fn write_union(&self, id: u32, union: &Union, out: &mut String) {
        // Streams of persons and of unions must not meet.
        let mut random = Random::of(self.seed, u64::from(id) | 1 << 32);
        let _ = writeln!(out, "0 @F{}@ FAM", id + 1);
        for (tag, partner) in [("HUSB", union.husband), ("WIFE", union.wife)] {
            if partner != NONE {
                let _ = writeln!(out, "1 {tag} @I{}@", partner + 1);
            }
        }
        for child in self.children_of(union) {
            let _ = writeln!(out, "1 CHIL @I{}@", child + 1);
        }
        let partner = if union.wife == NONE { union.husband } else { union.wife };
        let Some(village) = self.persons.get(partner as usize).map(|it| self.village(it)) else {
            return;
        };
        if union.married != NEVER {
            event::write("MARR", union.married, village, &mut random, out);
        }
        if union.divorced != NEVER {
            event::write("DIV", union.divorced, village, &mut random, out);
        }
    }
}
