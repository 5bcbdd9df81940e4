//! How much a file holds, from samples of it: lists that are as long as they will be from the start
//! are never copied, and memory that a browser once gave is never taken back.

use banyan_kin::Capacity;

/// So many samples, evenly over the file, for persons and families stand apart.
const SAMPLES: usize = 64;
const SAMPLE_BYTES: usize = 32 * 1024;
/// A little more than expected costs less than a list that has to grow.
const SLACK_PERCENT: usize = 3;

/// What is expected in a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Estimate {
    pub records: usize,
    pub links: usize,
    pub capacity: Capacity,
}

impl Estimate {
    pub(crate) fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut seen = Self::default();
        let mut sampled = 0;
        let stride = (bytes.len() / SAMPLES).max(SAMPLE_BYTES);
        for sample in bytes.chunks(stride) {
            let sample = sample.get(..SAMPLE_BYTES).unwrap_or(sample);
            // It begins and ends in the middle of lines, of which about one is lost.
            sample.split(|&byte| byte == b'\n' || byte == b'\r').for_each(|line| seen.count(line));
            sampled += sample.len();
        }
        if sampled < bytes.len() {
            for count in [&mut seen.records, &mut seen.links] {
                *count = scaled(*count, bytes.len(), sampled);
            }
            let Capacity { persons, unions, names, facts } = &mut seen.capacity;
            for count in [persons, unions, names, facts] {
                *count = scaled(*count, bytes.len(), sampled);
            }
        }
        seen
    }

    fn count(&mut self, line: &[u8]) {
        match line {
            [b'0', b' ', ..] => {
                self.records += 1;
                self.capacity.persons += usize::from(line.ends_with(b"INDI"));
                self.capacity.unions += usize::from(line.ends_with(b"FAM"));
            }
            [b'1', b' ', rest @ ..] => match rest {
                [b'N', b'A', b'M', b'E', ..] => self.capacity.names += 1,
                [b'S', b'E', b'X', ..] => {}
                [b'F', b'A', b'M', ..]
                | [b'H', b'U', b'S', b'B', ..]
                | [b'W', b'I', b'F', b'E', ..]
                | [b'C', b'H', b'I', b'L', ..] => self.links += 1,
                // Not every one of them becomes a fact, but most do.
                _ => self.capacity.facts += 1,
            },
            _ => {}
        }
    }
}

fn scaled(count: usize, whole: usize, part: usize) -> usize {
    let expected = count as u128 * whole as u128 / part.max(1) as u128;
    let with_slack = expected * (100 + SLACK_PERCENT as u128) / 100;
    usize::try_from(with_slack).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_text_is_counted_and_a_large_one_estimated() {
        let person = "0 @I1@ INDI\n1 NAME A\n1 SEX M\n1 BIRT\n2 DATE 1900\n1 FAMS @F1@\n";
        let family = "0 @F1@ FAM\n1 HUSB @I1@\n1 CHIL @I2@\n";
        let counted = Estimate::of(&format!("0 HEAD\n{person}{person}{family}0 TRLR\n"));
        let capacity = Capacity { persons: 2, unions: 1, names: 2, facts: 2 };
        assert_eq!(counted, Estimate { records: 5, links: 4, capacity });

        // All families stand behind all persons.
        let large = format!("{}{}", person.repeat(200_000), family.repeat(80_000));
        let Estimate { records, links, capacity } = Estimate::of(&large);
        for (found, exact) in [
            (records, 280_000),
            (links, 360_000),
            (capacity.persons, 200_000),
            (capacity.unions, 80_000),
            (capacity.names, 200_000),
            (capacity.facts, 200_000),
        ] {
            assert!((exact..exact + exact / 15).contains(&found), "{found} instead of {exact}");
        }
    }
}
