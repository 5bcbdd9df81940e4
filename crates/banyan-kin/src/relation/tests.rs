use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::{
    date::Date,
    draft::{Claim, Draft, Role, Side},
    fact::{Fact, FactKind},
    person::Sex,
};

/// Families as lines "father+mother: child child": each person a name, `.m` or `.f` where they are
/// first named, `.1900` for a birth, and `*` before a child for one that was adopted.
fn families(lines: &str) -> (Genealogy, BTreeMap<String, PersonId>) {
    let mut draft = Draft::default();
    let mut ids: BTreeMap<String, PersonId> = BTreeMap::new();
    let mut claims = Vec::new();
    let tokens = |text: &str| -> Vec<String> {
        text.split([' ', '+']).filter(|token| !token.is_empty()).map(str::to_owned).collect()
    };
    let lines: Vec<(Vec<String>, Vec<String>)> = lines
        .lines()
        .filter_map(|line| line.trim().split_once(':'))
        .map(|(partners, children)| (tokens(partners), tokens(children)))
        .collect();
    for token in lines.iter().flat_map(|(partners, children)| partners.iter().chain(children)) {
        let mut parts = token.trim_start_matches('*').split('.');
        let name = parts.next().unwrap().to_owned();
        if ids.contains_key(&name) {
            continue;
        }
        let xref = draft.texts.intern(&name);
        ids.insert(name, draft.begin_person(xref, 0));
        for part in parts {
            match part {
                "m" => draft.set_sex(Sex::Male),
                "f" => draft.set_sex(Sex::Female),
                year => {
                    let date = Date::read(year, &mut draft.texts);
                    draft.add_fact(Fact { kind: FactKind::Birth, date, ..Fact::default() });
                }
            }
        }
    }
    for (partners, children) in &lines {
        let union = draft.begin_union(crate::TextId::EMPTY, 0);
        let mut claim = |token: &str, role| {
            let name = token.trim_start_matches('*').split('.').next().unwrap();
            for side in [Side::Person, Side::Union] {
                claims.push(Claim { role, person: ids[name], union, side, line: 0 });
            }
        };
        partners.iter().for_each(|token| claim(token, Role::Partner));
        for token in children {
            let pedigree =
                if token.starts_with('*') { Pedigree::Adopted } else { Pedigree::Unstated };
            claim(token, Role::Child(pedigree));
        }
    }
    draft.claim(claims);
    let (genealogy, faults) = draft.finish();
    assert!(faults.is_empty(), "{faults:?}");
    (genealogy, ids)
}

/// What `to` is to `from` in both languages.
#[track_caller]
fn check(lines: &str, from: &str, to: &str, expect_english: &str, expect_chinese: &str) {
    let (genealogy, ids) = families(lines);
    let relation = genealogy.relate(ids[from], ids[to], Limits::default());
    let way = relation.principal().expect("a way");
    let shape = Shape::of(&genealogy, ids[from], way);
    assert_eq!(english::name(&shape), expect_english, "{from} -> {to}");
    assert_eq!(chinese::name(&shape).name, expect_chinese, "{from} -> {to}");
}

/// Four generations around `me` (a man): the father's and the mother's people.
const KIN: &str = "
    gg.m+ggw.f: gu.m ff.m ga.f
    xm.m+xf.f: fmb.m fm.f fms.f
    ym.m+yf.f: mfb.m mf.m mfs.f
    zm.m+zf.f: mmb.m mm.f mms.f
    ff+fm: fob.m f.m fyb.m fs.f
    mf+mm: mob.m m.f ms.f
    f+m: ob.m os.f me.m yb.m ys.f
    gu+guw.f: c1.m
    c1+c1w.f: sc.m
    sc+scw.f: scs.m
    fob+fobw.f: tx.m.1880 tj.f.1881
    fyb+fybw.f: td.m.1980 tm.f.1981
    fs+fsh.m: bx.m.1880 bm.f.1990
    mob+mobw.f: jx.m.1870
    ms+msh.m: ym2.f.1999
    me+w.f: s.m d.f
    wf.m+wm.f: wob.m w wys.f
    wys+wysh.m: wysc.m
    wob+wobw.f: wobs.m
    s+sw.f: ss.m sd.f
    d+dh.m: ds.m dd.f
    dhf.m+dhm.f: dh
    ss+ssw.f: sss.m
    ob+obw.f: obs.m obd.f
    obs+obsw.f: obss.m
    obss+obssw.f: obsss.m
    os+osh.m: oss.m osd.f
    yb+ybw.f: x.m
    ys+ysh.m: y.m
    td+tdw.f: tds.m
    jx+jxw.f: jxs.m
    f+second.f: hb.m
    second+before.m: sb.m
    me+*no.f: *ad.m
";

#[test]
fn relatives_by_blood() {
    let me = |to, english, chinese| {
        check(
            &KIN.replace("+*no.f", "+no.f").replace("me.m", "me.m.1900"),
            "me",
            to,
            english,
            chinese,
        );
    };
    me("me", "self", "本人");
    me("f", "father", "父亲");
    me("m", "mother", "母亲");
    me("ff", "grandfather", "祖父");
    me("fm", "grandmother", "祖母");
    me("mf", "grandfather", "外祖父");
    me("mm", "grandmother", "外祖母");
    me("gg", "great-grandfather", "曾祖父");
    me("xm", "great-grandfather", "曾外祖父");
    me("ym", "great-grandfather", "外曾祖父");
    me("zf", "great-grandmother", "外曾外祖母");
    me("s", "son", "儿子");
    me("ss", "grandson", "孙子");
    me("sd", "granddaughter", "孙女");
    me("ds", "grandson", "外孙");
    me("dd", "granddaughter", "外孙女");
    me("sss", "great-grandson", "曾孙");
    me("ob", "brother", "哥哥");
    me("ys", "sister", "妹妹");
    me("hb", "half-brother", "同父异母的兄弟");
    me("fob", "uncle", "伯父");
    me("fyb", "uncle", "叔父");
    me("fs", "aunt", "姑母");
    me("mob", "uncle", "舅父");
    me("ms", "aunt", "姨母");
    me("gu", "great-uncle", "伯祖父");
    me("ga", "great-aunt", "姑祖母");
    me("fmb", "great-uncle", "舅公");
    me("fms", "great-aunt", "姨婆");
    me("mfb", "great-uncle", "外伯祖父");
    me("mfs", "great-aunt", "外姑祖母");
    me("mmb", "great-uncle", "外舅公");
    me("tx", "first cousin", "堂兄");
    me("tj", "first cousin", "堂姐");
    me("td", "first cousin", "堂弟");
    me("tm", "first cousin", "堂妹");
    me("bx", "first cousin", "表兄");
    me("bm", "first cousin", "表妹");
    me("jx", "first cousin", "表兄");
    me("ym2", "first cousin", "表妹");
    me("c1", "first cousin once removed", "堂伯叔父");
    me("sc", "second cousin", "再从兄弟");
    me("scs", "second cousin once removed", "再从侄");
    me("obs", "nephew", "侄子");
    me("obd", "niece", "侄女");
    me("oss", "nephew", "外甥");
    me("osd", "niece", "外甥女");
    me("obss", "great-nephew", "侄孙");
    me("obsss", "great-great-nephew", "曾侄孙");
    me("tds", "first cousin once removed", "堂侄");
    me("jxs", "first cousin once removed", "表侄");
    me("ad", "adoptive son", "养子");
}

#[test]
fn relatives_by_marriage() {
    let lines = KIN.replace("+*no.f", "+no.f").replace("me.m", "me.m.1900");
    let me = |to, english, chinese| check(&lines, "me", to, english, chinese);
    me("w", "wife", "妻子");
    me("wf", "father-in-law", "岳父");
    me("wm", "mother-in-law", "岳母");
    me("wob", "brother-in-law", "大舅子");
    me("wys", "sister-in-law", "小姨子");
    me("wysh", "brother-in-law", "连襟");
    me("wysc", "wife's nephew", "姨甥");
    me("wobs", "wife's nephew", "内侄");
    me("sw", "daughter-in-law", "儿媳");
    me("dh", "son-in-law", "女婿");
    me("dhf", "son-in-law's father", "亲家公");
    me("ssw", "grandson's wife", "孙媳妇");
    me("obw", "sister-in-law", "嫂子");
    me("osh", "brother-in-law", "姐夫");
    me("ybw", "sister-in-law", "弟媳");
    me("ysh", "brother-in-law", "妹夫");
    me("fobw", "aunt by marriage", "伯母");
    me("fybw", "aunt by marriage", "婶母");
    me("fsh", "uncle by marriage", "姑父");
    me("mobw", "aunt by marriage", "舅母");
    me("msh", "uncle by marriage", "姨父");
    me("guw", "great-aunt by marriage", "伯祖母");
    me("second", "stepmother", "继母");
    me("tdw", "first cousin's wife", "堂弟媳");
    me("obsw", "nephew's wife", "侄媳妇");
    let wife = |to, english, chinese| check(&lines, "w", to, english, chinese);
    wife("f", "father-in-law", "公公");
    wife("m", "mother-in-law", "婆婆");
    wife("ob", "brother-in-law", "大伯子");
    wife("ys", "sister-in-law", "小姑子");
    wife("obw", "sister-in-law", "妯娌");
    wife("td", "husband's first cousin", "丈夫的堂弟");
    check(&lines, "second", "ob", "stepson", "继子");
    check(&lines, "hb", "sb", "half-brother", "同母异父的兄弟");
}

#[test]
fn what_is_not_known_is_not_said() {
    // Children and partners whose sex nobody wrote down.
    let lines = "f.m+g.f: d.f\nd+h: x\nf+k: y.m";
    check(lines, "f", "x", "grandchild", "外孙子女");
    check(lines, "d", "k", "step-parent", "继父母");
    let (genealogy, ids) = families(lines);
    let relation = genealogy.relate(ids["d"], ids["k"], Limits::default());
    let shape = Shape::of(&genealogy, ids["d"], relation.principal().unwrap());
    assert_eq!(chinese::name(&shape).also, [""; 0]);
    // A year does not say whether its day was before or after another in it.
    let cousins = "g.m+gw.f: a.m b.m\na+aw.f: h.m.1900\nb+bw.f: one.m.1900 two.m.1899 three.m.1901";
    check(cousins, "h", "one", "first cousin", "堂兄弟");
    check(cousins, "h", "two", "first cousin", "堂兄");
    check(cousins, "h", "three", "first cousin", "堂弟");
    // Of siblings there is the order in which they are shown.
    check("f.m+g.f: c.m.1904? b.m.1900? a.m", "c", "b", "brother", "哥哥");
}

#[test]
fn ways_that_are_left_out_are_said_to_be() {
    // Siblings who marry, generation after generation: lines without number.
    let mut lines = String::new();
    for n in 0..40 {
        lines += &format!("a{n}.m+b{n}.f: a{}.m b{}.f\n", n + 1, n + 1);
    }
    let (genealogy, ids) = families(&lines);
    let (ways, has_more) = blood::ways(&genealogy, ids["a40"], ids["a0"], 64);
    assert!(has_more && ways.len() <= 64);
    assert_eq!(ways[0].steps.len(), 40);
    let (ways, has_more) = blood::ways(&genealogy, ids["a1"], ids["b1"], 64);
    assert_eq!((ways.len(), has_more), (1, false));
    // Fewer than asked for, because each is long.
    let mut lines = String::new();
    for n in 0..400 {
        let (a, b) = (n + 1, if n < 388 { String::new() } else { format!("b{}.f", n + 1) });
        let wife = if n <= 388 { String::new() } else { format!("+b{n}.f") };
        lines += &format!("a{n}.m{wife}: a{a}.m {b}\n");
    }
    let (genealogy, ids) = families(&lines);
    let (ways, has_more) = blood::ways(&genealogy, ids["a400"], ids["a0"], 1000);
    assert!(has_more && (1..1000).contains(&ways.len()), "{}", ways.len());
}

#[test]
fn a_closer_marriage_names_before_a_farther_descent() {
    // Cousins who married: the wife is a wife.
    let lines = "
        g.m+gw.f: a.m b.m
        a+aw.f: h.m
        b+bw.f: w.f
        h+w: c.m
    ";
    check(lines, "h", "w", "wife", "妻子");
    let (genealogy, ids) = families(lines);
    let relation = genealogy.relate(ids["h"], ids["w"], Limits::default());
    let others: Vec<String> = relation
        .others(&genealogy, ids["h"])
        .iter()
        .map(|way| english::name(&Shape::of(&genealogy, ids["h"], way)))
        .collect();
    assert_eq!(others, ["first cousin"]);
    assert_eq!(relation.kinship, Some(1.0 / 16.0));
    assert_eq!(genealogy.inbreeding(ids["c"]), Some(1.0 / 16.0));
    // The child reaches the grandparents' parents over both: one ring.
    let relation = genealogy.relate(ids["c"], ids["g"], Limits::default());
    assert_eq!((relation.blood.len(), relation.loops), (2, 1));
}

#[test]
fn double_cousins_have_two_ways_and_a_ring() {
    let lines = "
        p.m+q.f: a.m b.m
        r.m+s.f: c.f d.f
        a+c: x.m
        b+d: y.f
    ";
    let (genealogy, ids) = families(lines);
    let relation = genealogy.relate(ids["x"], ids["y"], Limits::default());
    assert_eq!((relation.blood.len(), relation.loops), (2, 1));
    assert_eq!(relation.kinship, Some(1.0 / 8.0));
    assert_eq!(relation.shortest.len(), 2);
}

#[test]
fn strangers_have_no_way() {
    let (genealogy, ids) = families("a.m+b.f: c.m\nd.m+e.f: g.m");
    let relation = genealogy.relate(ids["c"], ids["g"], Limits::default());
    assert_eq!((relation.principal(), relation.kinship), (None, Some(0.0)));
}

#[test]
fn a_ring_of_descent_ends() {
    // Somebody is their own grandfather.
    let (genealogy, ids) = families("a.m+: b.m\nb+: c.m\nc+: a");
    for (from, to) in [("a", "b"), ("b", "a"), ("a", "a"), ("c", "b")] {
        let relation = genealogy.relate(ids[from], ids[to], Limits::default());
        assert!(relation.principal().is_some(), "{from} {to}");
    }
}

/// Children whose parents are drawn from those before: any amount of inbreeding, no rings.
fn pedigree() -> impl Strategy<Value = Vec<(usize, usize)>> {
    proptest::collection::vec((any::<usize>(), any::<usize>()), 2..14)
}

type Born = Vec<Option<(usize, usize)>>;

fn grown(pedigree: &[(usize, usize)]) -> (Genealogy, Vec<PersonId>, Born) {
    use std::fmt::Write as _;
    let mut lines = String::from("p0.m+p1.f: \n");
    let mut parents = vec![None, None];
    for (index, &(father, mother)) in pedigree.iter().enumerate() {
        let child = index + 2;
        let sex = if child % 2 == 0 { "m" } else { "f" };
        let (father, mother) = (father % child, mother % child);
        if father == mother {
            parents.push(None);
            let _ = writeln!(lines, "p{child}.{sex}+lone{child}.f: ");
        } else {
            parents.push(Some((father, mother)));
            let _ = writeln!(lines, "p{father}+p{mother}: p{child}.{sex}");
        }
    }
    let (genealogy, ids) = families(&lines);
    let persons = (0..parents.len()).map(|index| ids[&format!("p{index}")]).collect();
    (genealogy, persons, parents)
}

/// The definition, word for word: the younger one's genes come from either parent by chance.
fn naive_kinship(parents: &[Option<(usize, usize)>], a: usize, b: usize) -> f64 {
    if a == b {
        let inbred =
            parents[a].map_or(0.0, |(father, mother)| naive_kinship(parents, father, mother));
        return f64::midpoint(1.0, inbred);
    }
    let (elder, younger) = (a.min(b), a.max(b));
    parents[younger].map_or(0.0, |(father, mother)| {
        f64::midpoint(naive_kinship(parents, elder, father), naive_kinship(parents, elder, mother))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn kinship_is_as_defined(pedigree in pedigree()) {
        let (genealogy, persons, parents) = grown(&pedigree);
        for a in 0..persons.len() {
            for b in 0..persons.len() {
                let reckoned = coefficient::kinship(&genealogy, persons[a], persons[b]).unwrap();
                let defined = naive_kinship(&parents, a, b);
                prop_assert!((reckoned - defined).abs() < 1e-12, "{a} {b}: {reckoned} {defined}");
            }
        }
    }

    #[test]
    fn ways_of_blood_add_up_to_the_kinship_of_those_who_are_not_inbred(pedigree in pedigree()) {
        // Wright: kinship is the sum over ways of (1/2)^(steps + 1) (1 + the top's inbreeding).
        let (genealogy, persons, _) = grown(&pedigree);
        for &a in &persons {
            for &b in &persons {
                let (ways, has_more) = blood::ways(&genealogy, a, b, 10_000);
                prop_assert!(!has_more);
                if a == b {
                    continue;
                }
                let sum: f64 = ways.iter().map(|way| {
                    let share = 0.5_f64.powi(way.steps.len() as i32 + 1);
                    let tops = [Some(way.top(a)), way.other_top];
                    tops.into_iter().flatten().map(|top| {
                        share * (1.0 + genealogy.inbreeding(top).unwrap())
                    }).sum::<f64>()
                }).sum();
                let kinship = coefficient::kinship(&genealogy, a, b).unwrap();
                prop_assert!((sum - kinship).abs() < 1e-12, "{a:?} {b:?}: {sum} {kinship}");
            }
        }
    }

    #[test]
    fn shortest_ways_are_ways_and_as_short_both_ways(pedigree in pedigree()) {
        let (genealogy, persons, _) = grown(&pedigree);
        for &a in &persons {
            for &b in &persons {
                let (there, _) = shortest::ways(&genealogy, a, b, 50);
                let (back, _) = shortest::ways(&genealogy, b, a, 50);
                let steps = |ways: &[Way]| ways.first().map(|way| way.steps.len());
                prop_assert_eq!(steps(&there), steps(&back));
                for way in &there {
                    let mut at = a;
                    for step in &way.steps {
                        prop_assert!(shortest::steps(&genealogy, at).contains(step));
                        at = step.to;
                    }
                    prop_assert_eq!(at, b);
                    let shape = Shape::of(&genealogy, a, way);
                    prop_assert!(!english::name(&shape).is_empty());
                    prop_assert!(!chinese::name(&shape).name.is_empty());
                }
            }
        }
    }
}
