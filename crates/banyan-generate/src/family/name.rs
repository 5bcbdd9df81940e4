//! Names as numbers into the lists of a culture, and as text.

use super::culture::{Culture, GENERATIONS, Generation};
use crate::random::Random;

/// A name; what the numbers mean is the culture's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Name {
    pub surname: u16,
    given: u16,
    /// A second given name, one more than its number, or 0 for none. In Chinese the character of
    /// the person's own.
    second: u16,
    /// How many generations the person is below the first of the line; decides in Chinese.
    generation: u16,
}

impl Name {
    /// The name of somebody who comes from elsewhere.
    pub fn of_stranger(culture: Culture, is_male: bool, random: &mut Random) -> Self {
        let surname = random.below(culture.words().surnames.len() as u32) as u16;
        let generation = random.below(GENERATIONS.len() as u32) as u16;
        Self { surname, generation, ..Self::given(culture, is_male, random) }
    }

    /// The name of a child, whose surname is that of `parent`.
    pub fn of_child(culture: Culture, parent: Self, is_male: bool, random: &mut Random) -> Self {
        let generation = parent.generation + 1;
        Self { surname: parent.surname, generation, ..Self::given(culture, is_male, random) }
    }

    fn given(culture: Culture, is_male: bool, random: &mut Random) -> Self {
        let words = culture.words();
        let list = if is_male { words.men } else { words.women }.len() as u32;
        // The first names of the lists are the common ones.
        let given = random.below(list).min(random.below(list)) as u16;
        let second = match random.percent(30) {
            true => random.below(list) as u16 + 1,
            false => 0,
        };
        Self { given, second, ..Self::default() }
    }

    /// Writes the name with the surname between slashes, which in Chinese stands first.
    pub fn write(self, culture: Culture, is_male: bool, out: &mut String) {
        let words = culture.words();
        let list = if is_male { words.men } else { words.women };
        let word = |list: &[&'static str], number: u16| {
            list.get(usize::from(number) % list.len().max(1)).copied().unwrap_or_default()
        };
        let surname = word(words.surnames, self.surname);
        if culture != Culture::Chinese {
            out.push_str(word(list, self.given));
            if self.second > 0 && self.second - 1 != self.given {
                out.push(' ');
                out.push_str(word(list, self.second - 1));
            }
            for part in [" /", surname, "/"] {
                out.push_str(part);
            }
            return;
        }
        for part in ["/", surname, "/"] {
            out.push_str(part);
        }
        // Not every daughter was named by generation.
        if !is_male && self.second == 0 {
            out.push_str(word(list, self.given));
            return;
        }
        match &GENERATIONS[usize::from(self.generation) % GENERATIONS.len()] {
            Generation::Radical(group) if is_male => out.push_str(word(group, self.given)),
            Generation::Radical(group) => {
                out.push_str(word(group, self.second));
                out.push_str(word(list, self.given));
            }
            Generation::Character(character) => {
                out.push_str(character);
                out.push_str(word(list, self.given));
            }
        }
    }
}
