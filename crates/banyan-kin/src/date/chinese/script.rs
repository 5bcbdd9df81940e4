//! Traditional characters, and other forms of them, as the simplified ones that the tables are in.

use std::sync::LazyLock;

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

/// Pairs: a character that dates and names of eras are written with, and the simplified form.
const PAIRS: &str = "萬万業业東东豐丰義义烏乌樂乐雲云儀仪會会興兴冊册涼凉鳳凤劉刘華华曆历歷历厯历後后啓启啟启\
    吳吴國国聖圣復复孫孙寧宁甯宁寶宝寳宝憲宪壽寿將将歲岁嵗岁廣广慶庆應应開开徵征總总恆恒攝摄\
    顯显晉晋楊杨極极漢汉滿满璽玺監监禮礼禎祯祿禄紀纪紹绍統统綏绥緒绪緖绪聰聪勝胜節节蕭萧觀观\
    視视證证調调貞贞賜赐贊赞趙赵載载輔辅遼辽運运長长閩闽陽阳陰阴陳陈韓韩順顺飛飞鴻鸿黃黄齊齐\
    龍龙龜龟閏闰臘腊農农舊旧時时約约間间閒间歿殁於于從从號号誕诞淸清靑青熈熙煕熙秊年昇升佑祐\
    凖准眞真産产贇赟許许內内两二兩二零〇○〇０0１1２2３3４4５5６6７7８8９9";

static FORMS: LazyLock<HashMap<char, char, FxBuildHasher>> = LazyLock::new(|| {
    let mut characters = PAIRS.chars();
    std::iter::from_fn(|| Some((characters.next()?, characters.next()?))).collect()
});

/// A text in simplified characters, without spaces and marks between its parts.
pub(super) fn simplified(text: &str) -> String {
    let is_kept = |character: &char| {
        !character.is_whitespace() && !matches!(character, ',' | '，' | '、' | '。' | '.' | '·')
    };
    text.chars().filter(is_kept).map(simple).collect()
}

fn simple(character: char) -> char {
    if character.is_ascii() {
        return character;
    }
    FORMS.get(&character).copied().unwrap_or(character)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pair_is_whole() {
        let characters: Vec<char> = PAIRS.chars().collect();
        assert_eq!(characters.len() % 2, 0);
        for pair in characters.chunks(2) {
            assert_ne!(pair[0], pair[1]);
            assert_eq!(simple(pair[1]), pair[1], "{pair:?}");
        }
        assert_eq!(simplified("光緒 二十三年，臘月"), "光绪二十三年腊月");
    }
}
