//! What columns of tables are called, in English and Chinese.

use std::collections::BTreeSet;

/// So much is kept of the name of a column nobody knows, in letters: each cell repeats it.
const MOST_OF_A_NAME: usize = 200;

/// What a column holds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Column {
    Id,
    Name,
    Given,
    Surname,
    Sex,
    BirthDate,
    BirthPlace,
    DeathDate,
    DeathPlace,
    BurialDate,
    BurialPlace,
    Occupation,
    Title,
    Nickname,
    Father,
    Mother,
    /// The family that somebody is a child of.
    Parents,
    ParentKind,
    Spouses,
    Husbands,
    Wives,
    /// The families that somebody is a partner in.
    Families,
    Note,
    /// Of a table of families.
    Family,
    Partner1,
    Partner2,
    MarriageDate,
    MarriagePlace,
    DivorceDate,
    Children,
    /// A column of another name, which is kept as a fact of that name.
    Other(String),
}

/// The columns that heads name. Of several that name the same, only the first is meant, unless all of
/// them can be kept as they are.
pub(super) fn columns<'h>(heads: impl Iterator<Item = &'h str>) -> Vec<Column> {
    let mut taken: BTreeSet<Column> = BTreeSet::new();
    heads
        .map(|head| match Column::named(head) {
            column if column.is_repeated() => column,
            column if taken.insert(column.clone()) => column,
            _ => Column::other(head),
        })
        .collect()
}

impl Column {
    /// The column that a head names, whatever its letters, spaces and signs.
    pub(super) fn named(head: &str) -> Self {
        let plain: String =
            head.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
        match plain.as_str() {
            "id" | "person" | "personid" | "grampsid" | "编号" | "編號" | "序号" | "序號" => {
                Self::Id
            }
            "name" | "fullname" | "姓名" | "名字" | "名称" | "名稱" => Self::Name,
            "given" | "givenname" | "givennames" | "firstname" | "first" | "forename" | "名" => {
                Self::Given
            }
            "surname" | "lastname" | "last" | "familyname" | "姓" | "姓氏" => Self::Surname,
            "sex" | "gender" | "性别" | "性別" => Self::Sex,
            "birthdate" | "birth" | "born" | "dateofbirth" | "dob" | "birthyear" | "出生"
            | "生日" | "出生日期" | "出生年" | "生于" | "生於" | "生年" | "生" => {
                Self::BirthDate
            }
            "birthplace" | "placeofbirth" | "出生地" | "籍贯" | "籍貫" => Self::BirthPlace,
            "deathdate" | "death" | "died" | "dateofdeath" | "dod" | "deathyear" | "去世"
            | "死亡" | "逝世" | "卒" | "卒于" | "卒於" | "卒年" | "去世日期" | "死亡日期"
            | "殁" | "歿" => Self::DeathDate,
            "deathplace" | "placeofdeath" | "去世地" | "死亡地" | "卒地" => {
                Self::DeathPlace
            }
            "burialdate" | "buried" | "下葬" | "葬" => Self::BurialDate,
            "burialplace" | "葬地" | "墓地" | "葬于" | "葬於" => Self::BurialPlace,
            "occupation" | "profession" | "职业" | "職業" => Self::Occupation,
            "title" | "官职" | "官職" | "封号" | "封號" => Self::Title,
            "nickname" | "alias" | "号" | "號" | "别名" | "別名" => Self::Nickname,
            "father" | "fatherid" | "dad" | "父亲" | "父親" | "父" => Self::Father,
            "mother" | "motherid" | "mom" | "母亲" | "母親" | "母" => Self::Mother,
            "parents" | "parentfamily" | "childof" | "famc" => Self::Parents,
            "parentkind" | "pedigree" => Self::ParentKind,
            "spouse" | "spouses" | "spouseid" | "partner" | "partners" | "配偶" => Self::Spouses,
            "husband" | "丈夫" | "夫" => Self::Husbands,
            "wife" | "妻子" | "妻" | "夫人" => Self::Wives,
            "families" | "fams" | "partnerin" => Self::Families,
            "note" | "notes" | "comment" | "remarks" | "备注" | "備註" | "说明" | "說明"
            | "简介" | "簡介" => Self::Note,
            "family" | "familyid" | "marriage" | "家庭" => Self::Family,
            "partner1" => Self::Partner1,
            "partner2" => Self::Partner2,
            "marriagedate" | "married" | "结婚日期" | "結婚日期" | "结婚" | "結婚" => {
                Self::MarriageDate
            }
            "marriageplace" | "结婚地" | "結婚地" => Self::MarriagePlace,
            "divorcedate" | "divorced" | "离婚日期" | "離婚日期" => Self::DivorceDate,
            "children" | "child" | "子女" => Self::Children,
            _ => Self::other(head),
        }
    }

    /// Whether a row may hold several of them, all of which are kept as they are.
    pub(super) const fn is_repeated(&self) -> bool {
        matches!(self, Self::Note | Self::Occupation | Self::Title | Self::Other(_))
    }

    fn other(head: &str) -> Self {
        Self::Other(head.trim().chars().take(MOST_OF_A_NAME).collect())
    }

    /// Whether a table with such a column is one of persons or families.
    pub(super) const fn names_somebody(&self) -> bool {
        matches!(self, Self::Name | Self::Given | Self::Surname | Self::Family)
    }
}
