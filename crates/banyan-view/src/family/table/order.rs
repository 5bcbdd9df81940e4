//! Which rows and columns a table has, and in which order, as an address holds it: the column that
//! sorts (with `-` the other way round), the columns that are shown, and what the rows must match;
//! `-born:name.sex.born:darwin`. What stands for itself is left out.

use std::{convert::Infallible, fmt, str::FromStr};

/// What a column says of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// Sorts by surname, then by given name.
    Name,
    Surname,
    Given,
    Sex,
    Born,
    BirthPlace,
    Died,
    DeathPlace,
    /// Years lived.
    Age,
    /// The row on the chart.
    Generation,
    Parents,
    Partners,
    Children,
    Married,
    Occupation,
    Title,
    /// The identifier of the record.
    Record,
}

impl Column {
    pub const ALL: [Self; 17] = [
        Self::Name,
        Self::Surname,
        Self::Given,
        Self::Sex,
        Self::Born,
        Self::BirthPlace,
        Self::Died,
        Self::DeathPlace,
        Self::Age,
        Self::Generation,
        Self::Parents,
        Self::Partners,
        Self::Children,
        Self::Married,
        Self::Occupation,
        Self::Title,
        Self::Record,
    ];

    /// Those that are shown unless somebody chooses.
    const USUAL: [Self; 11] = [
        Self::Name,
        Self::Sex,
        Self::Born,
        Self::BirthPlace,
        Self::Died,
        Self::DeathPlace,
        Self::Age,
        Self::Generation,
        Self::Parents,
        Self::Partners,
        Self::Children,
    ];

    /// Its name in an address.
    const fn key(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Surname => "surname",
            Self::Given => "given",
            Self::Sex => "sex",
            Self::Born => "born",
            Self::BirthPlace => "birthplace",
            Self::Died => "died",
            Self::DeathPlace => "deathplace",
            Self::Age => "age",
            Self::Generation => "generation",
            Self::Parents => "parents",
            Self::Partners => "partners",
            Self::Children => "children",
            Self::Married => "married",
            Self::Occupation => "occupation",
            Self::Title => "title",
            Self::Record => "record",
        }
    }

    /// The key of its heading in `locales/engine`.
    pub(super) const fn label(self) -> &'static str {
        match self {
            Self::Name => "label_name",
            Self::Surname => "form_surname",
            Self::Given => "form_given",
            Self::Sex => "label_sex",
            Self::Born => "label_born",
            Self::BirthPlace => "table_birth_place",
            Self::Died => "label_died",
            Self::DeathPlace => "table_death_place",
            Self::Age => "table_age",
            Self::Generation => "label_generation",
            Self::Parents => "label_parents",
            Self::Partners => "label_partners",
            Self::Children => "label_children",
            Self::Married => "label_married",
            Self::Occupation => "label_occupation",
            Self::Title => "label_title_of_honour",
            Self::Record => "label_record",
        }
    }

    /// The least width in which it can be read, in em.
    pub(super) const fn width(self) -> u32 {
        match self {
            Self::Sex | Self::Age => 5,
            Self::Children | Self::Record => 6,
            Self::Generation => 7,
            Self::Born | Self::Died | Self::Married => 9,
            Self::Surname | Self::Given | Self::Occupation | Self::Title => 10,
            Self::Name | Self::BirthPlace | Self::DeathPlace | Self::Parents | Self::Partners => 15,
        }
    }

    fn of_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|column| column.key() == key)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableOrder {
    pub by: Column,
    pub is_descending: bool,
    /// Those that are shown, in the order of [`Column::ALL`]; never none.
    pub columns: Vec<Column>,
    /// What rows must match, as the search box takes it; all do where it is empty.
    pub filter: String,
}

impl Default for TableOrder {
    fn default() -> Self {
        Self {
            by: Column::Name,
            is_descending: false,
            columns: Column::USUAL.to_vec(),
            filter: String::new(),
        }
    }
}

impl TableOrder {
    /// Sorted by a column, the other way round if it was already.
    pub(super) fn pressed(&self, column: Column) -> Self {
        let is_descending = self.by == column && !self.is_descending;
        Self { by: column, is_descending, ..self.clone() }
    }

    /// With a column more or one fewer; the last one stays.
    pub(super) fn toggled(&self, column: Column) -> Self {
        let is_shown = |other: &Column| self.columns.contains(other) != (*other == column);
        let columns: Vec<Column> = Column::ALL.into_iter().filter(is_shown).collect();
        let columns = if columns.is_empty() { self.columns.clone() } else { columns };
        Self { columns, ..self.clone() }
    }

    /// Whether the same rows stand in the same order.
    pub fn has_rows_of(&self, other: &Self) -> bool {
        (self.by, self.is_descending, &self.filter)
            == (other.by, other.is_descending, &other.filter)
    }
}

impl fmt::Display for TableOrder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let usual = Self::default();
        if self.is_descending {
            f.write_str("-")?;
        }
        if self.is_descending || self.by != usual.by {
            f.write_str(self.by.key())?;
        }
        let has_columns = self.columns != usual.columns;
        if has_columns || !self.filter.is_empty() {
            f.write_str(":")?;
        }
        if has_columns {
            let keys: Vec<&str> = self.columns.iter().map(|column| column.key()).collect();
            f.write_str(&keys.join("."))?;
        }
        if !self.filter.is_empty() {
            write!(f, ":{}", self.filter)?;
        }
        Ok(())
    }
}

/// What cannot be read is left at its default.
impl FromStr for TableOrder {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        let usual = Self::default();
        let mut parts = text.splitn(3, ':');
        let mut next = || parts.next().unwrap_or_default();
        let (by, columns, filter) = (next(), next(), next());
        let (by, is_descending) = by.strip_prefix('-').map_or((by, false), |by| (by, true));
        let is_chosen = |column: &Column| columns.split('.').any(|key| key == column.key());
        let chosen: Vec<Column> = Column::ALL.into_iter().filter(is_chosen).collect();
        Ok(Self {
            by: Column::of_key(by).unwrap_or(usual.by),
            is_descending,
            columns: if chosen.is_empty() { usual.columns } else { chosen },
            filter: filter.to_owned(),
        })
    }
}
