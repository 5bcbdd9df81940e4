//! `banyan tree` as people call it.

use super::*;

#[test]
fn kin_names_a_relation_in_both_languages() {
    let mut file = String::from("0 HEAD\n1 GEDC\n2 VERS 5.5.1\n1 CHAR UTF-8\n");
    let persons = [("1", "代善", "M"), ("2", "政", "M"), ("3", "敏", "F"), ("4", "寶玉", "M")];
    for (id, name, sex) in persons {
        file += &format!("0 @I{id}@ INDI\n1 NAME /賈/{name}\n1 SEX {sex}\n");
    }
    file += "0 @I5@ INDI\n1 NAME /林/黛玉\n1 SEX F\n";
    for (id, family) in [
        ("1", "1 HUSB @I1@\n1 CHIL @I2@\n1 CHIL @I3@"),
        ("2", "1 HUSB @I2@\n1 CHIL @I4@"),
        ("3", "1 WIFE @I3@\n1 CHIL @I5@"),
    ] {
        file += &format!("0 @F{id}@ FAM\n{family}\n");
    }
    file += "0 TRLR\n";
    with_file(&file, |file, _| {
        let report = json(&["tree", "kin", file, "賈寶玉", "@I5@", "--json"]);
        assert_eq!(
            (&report["english"], &report["chinese"]),
            (&"first cousin".into(), &"表姐妹".into())
        );
        assert_eq!(report["chinese_also"][0], "姑表姐妹");
        assert_eq!((&report["kinship"], &report["loops"]), (&0.031_25.into(), &0.into()));
        assert_eq!(report["way"]["common_ancestors"], serde_json::json!(["I1"]));
        assert_eq!(report["blood"][0]["steps"][3]["id"], "I5");
        let text = stdout(&["tree", "kin", file, "I4", "I1"]);
        assert!(text.contains("grandfather") && text.contains("祖父"), "{text}");
        let (code, complaint) = failure(&["tree", "kin", file, "I4", "nobody"]);
        assert_eq!(code, 1);
        assert!(complaint.contains("nobody"), "{complaint}");
    });
}

#[test]
fn kin_says_when_there_are_more_ways_than_it_counted() {
    // Siblings who marry, generation after generation.
    let mut file = String::from("0 HEAD\n1 GEDC\n2 VERS 5.5.1\n1 CHAR UTF-8\n");
    for (sex, side) in [("M", "a"), ("F", "b")] {
        for n in 0..12 {
            file += &format!("0 @{side}{n}@ INDI\n1 NAME Same\n1 SEX {sex}\n");
        }
    }
    for n in 0..11 {
        let next = n + 1;
        file += &format!(
            "0 @F{n}@ FAM\n1 HUSB @a{n}@\n1 WIFE @b{n}@\n1 CHIL @a{next}@\n1 CHIL @b{next}@\n"
        );
    }
    file += "0 TRLR\n";
    with_file(&file, |file, _| {
        let text = stdout(&["tree", "kin", file, "a11", "a0"]);
        assert!(text.contains(" or more\n"), "{text}");
        let text = stdout(&["tree", "kin", file, "a1", "b1"]);
        assert!(text.contains("loops") && !text.contains(" or more"), "{text}");
    });
}

#[test]
fn no_identifier_turns_the_text_around() {
    let file = "0 HEAD\n1 GEDC\n2 VERS 5.5.1\n1 CHAR UTF-8\n\
                0 @I\u{202e}1@ INDI\n1 NAME Ann\n0 @I2@ INDI\n1 NAME Ann\n\
                0 @F1@ FAM\n1 WIFE @I\u{202e}1@\n1 CHIL @I2@\n0 TRLR\n";
    with_file(file, |file, _| {
        let text = stdout(&["tree", "kin", file, "I2", "I\u{202e}1"]);
        assert!(!text.contains('\u{202e}') && text.contains("(I\u{fffd}1)"), "{text}");
        let (_, text) = failure(&["tree", "kin", file, "I2", "Ann"]);
        assert!(!text.contains('\u{202e}') && text.contains("I\u{fffd}1"), "{text}");
    });
}

#[test]
fn a_picture_can_hide_the_living() {
    let file = "0 HEAD\n1 GEDC\n2 VERS 5.5.1\n1 CHAR UTF-8\n\
                0 @I1@ INDI\n1 NAME Ann /Lee/\n1 DEAT Y\n0 @I2@ INDI\n1 NAME Bob /Lee/\n\
                0 @F1@ FAM\n1 WIFE @I1@\n1 CHIL @I2@\n0 TRLR\n";
    with_file(file, |file, _| {
        let open = stdout(&["tree", "draw", file, "-o", "-"]);
        assert!(open.contains("Ann Lee") && open.contains("Bob Lee"), "{open}");
        let masked = stdout(&["tree", "draw", file, "-o", "-", "--mask-living"]);
        assert!(masked.contains("Ann Lee") && masked.contains("Living"), "{masked}");
        assert!(!masked.contains("Bob"), "{masked}");
    });
}

#[test]
fn stats_tell_figures_and_problems() {
    let file = "0 HEAD\n1 GEDC\n2 VERS 5.5.1\n1 CHAR UTF-8\n\
                0 @I1@ INDI\n1 NAME Ann /Lee/\n1 SEX F\n1 BIRT\n2 DATE 1800\n1 DEAT\n2 DATE 1830\n\
                0 @I2@ INDI\n1 NAME Bob /Lee/\n1 SEX M\n1 BIRT\n2 DATE 1840\n\
                0 @F1@ FAM\n1 WIFE @I1@\n1 CHIL @I2@\n0 TRLR\n";
    with_file(file, |file, _| {
        let report = json(&["tree", "stats", file, "--json"]);
        assert_eq!((&report["persons"], &report["generations"]), (&2.into(), &2.into()));
        assert_eq!(report["surnames"], serde_json::json!([{ "name": "Lee", "persons": 2 }]));
        assert_eq!(report["life_spans"]["median"], 30);
        assert_eq!(report["life_spans_women"]["count"], 1);
        assert_eq!(report["persons_by_generation"], serde_json::json!([1, 1]));
        let born = |from: i32| serde_json::json!({ "from": from, "born": 1 });
        assert_eq!(report["births_by_decade"], serde_json::json!([born(1800), born(1840)]));
        let birth = serde_json::json!({ "kind": "birth", "told": 2, "dated": 2, "placed": 0 });
        assert_eq!(report["facts"][0], birth);
        assert_eq!(report["completeness"]["source"], 0);
        let problem = &report["problems"][0];
        check_fields(problem, &["kind", "persons", "family", "number", "word", "text"]);
        assert_eq!(
            (&problem["kind"], &problem["family"]),
            (&"born_after_mother_died".into(), &"F1".into())
        );
        assert_eq!(
            (&problem["persons"][0]["id"], &problem["persons"][1]["id"]),
            (&"I2".into(), &"I1".into())
        );
        let text = stdout(&["tree", "stats", file]);
        assert!(
            text.contains("Bob Lee (I2) was born after Ann Lee (I1), the mother, died"),
            "{text}"
        );
        assert!(text.contains("surnames: Lee 2"), "{text}");
    });
}

#[test]
fn inspect_tells_what_a_file_holds() {
    with_file(FAMILY, |file, _| {
        let report = json(&["tree", "inspect", file, "--json"]);
        check_fields(
            &report,
            &[
                "persons",
                "families",
                "unions",
                "components",
                "generations",
                "cross_links",
                "encoding",
                "gedcom_version",
                "diagnostics",
                "layout",
                "millis",
            ],
        );
        check_fields(
            &report["layout"],
            &[
                "overlaps",
                "drawn_once",
                "couples_adjacent",
                "sibships_contiguous",
                "children_away",
                "shared_tracks",
                "crossings_per_link",
                "mean_cross_link",
                "mean_link",
                "area_ratio",
                "width",
                "height",
            ],
        );
        check_fields(&report["millis"], &["parse", "layout"]);
        let counts = ["persons", "families", "unions", "components", "generations"];
        assert_eq!(counts.map(|name| report[name].as_u64().unwrap()), [3, 1, 1, 1, 2]);
        assert_eq!(report["encoding"], "UTF-8");
        assert_eq!(report["gedcom_version"], "5.5.1");
        assert_eq!(report["layout"]["overlaps"], 0);
        assert_eq!(report["layout"]["drawn_once"], 1.0);
        let dangling = &report["diagnostics"].as_array().unwrap()[0];
        check_fields(dangling, &["line", "tag", "severity", "reason"]);
        assert_eq!((&dangling["line"], &dangling["tag"]), (&Value::from(20), &Value::from("CHIL")));

        let text = stdout(&["tree", "inspect", file]);
        for part in ["persons", "encoding", "UTF-8", "couples adjacent", "100.0 %", "CHIL"] {
            assert!(text.contains(part), "{part} is not in\n{text}");
        }
    });
}

#[test]
fn draw_writes_a_picture_in_both_themes() {
    with_file(FAMILY, |file, folder| {
        let mut pictures = Vec::new();
        for theme in ["light", "dark"] {
            let out = folder.join(format!("{theme}.svg"));
            stdout(&["tree", "draw", file, "-o", out.to_str().unwrap(), "--theme", theme]);
            let svg = std::fs::read_to_string(out).unwrap();
            assert!(svg.starts_with("<svg ") && svg.trim_end().ends_with("</svg>"), "{svg}");
            for name in ["Ann Oak", "Ben Oak"] {
                assert!(svg.contains(name), "{name} is not in the picture");
            }
            pictures.push(svg);
        }
        assert_ne!(pictures[0], pictures[1]);
        let again = stdout(&["tree", "draw", file, "-o", "-"]);
        assert_eq!(again, pictures[0]);
    });
}

#[test]
fn draw_writes_what_the_ending_says() {
    with_file(FAMILY, |file, folder| {
        let draw = |name: &str, more: &[&str]| {
            let out = folder.join(name);
            let args = ["tree", "draw", file, "-o", out.to_str().unwrap()];
            stdout(&[&args[..], more].concat());
            std::fs::read(out).unwrap()
        };
        let png = draw("out.png", &["--width", "700"]);
        assert!(png.starts_with(b"\x89PNG\r\n\x1a\n"));
        assert_eq!(png[16..20], 700u32.to_be_bytes());
        let pages = |pdf: &[u8]| {
            assert!(pdf.starts_with(b"%PDF-1.7") && pdf.ends_with(b"%%EOF\n"));
            String::from_utf8_lossy(pdf).matches("/Type /Page ").count()
        };
        assert_eq!(pages(&draw("one.pdf", &[])), 1);
        assert!(pages(&draw("poster.pdf", &["--scale", "4", "--page", "a4"])) > 1);
        let svg = draw("part.svg", &["--region", "-9,-9,30,40"]);
        assert!(String::from_utf8(svg).unwrap().contains("viewBox=\"0 0 30 40\""));
        let out = folder.join("out.gif");
        let (code, complaint) = failure(&["tree", "draw", file, "-o", out.to_str().unwrap()]);
        assert!(code == 1 && complaint.contains(".png, .svg or .pdf"), "{complaint}");
    });
}

/// An archive of files, not packed.
fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut bytes, mut directory) = (Vec::new(), Vec::new());
    for (name, data) in files {
        let start = (bytes.len() as u32).to_le_bytes();
        let length = (data.len() as u32).to_le_bytes();
        let name_length = (name.len() as u32).to_le_bytes();
        // Version, names in UTF-8, stored; no time, and a checksum that nobody reads.
        let common = [&[20, 0, 0, 8][..], &[0; 10], &length, &length, &name_length].concat();
        bytes.extend([b"PK\x03\x04", &common[..], name.as_bytes(), data].concat());
        directory.extend([b"PK\x01\x02\x14\0", &common[..], &[0; 10], &start].concat());
        directory.extend(name.as_bytes());
    }
    let count = (files.len() as u16).to_le_bytes();
    let (length, start) = (directory.len() as u32, bytes.len() as u32);
    bytes.extend(directory);
    bytes.extend([b"PK\x05\x06\0\0\0\0", &count[..], &count].concat());
    bytes.extend([&length.to_le_bytes()[..], &start.to_le_bytes(), &[0, 0]].concat());
    bytes
}

#[test]
fn draw_shows_the_pictures_of_an_archive() {
    const RECORDS: &str = "0 HEAD\n1 GEDC\n2 VERS 7.0\n\
        0 @I1@ INDI\n1 NAME Ann /Oak/\n1 OBJE @O1@\n1 FAMS @F1@\n\
        0 @I2@ INDI\n1 NAME Ben /Oak/\n1 OBJE @O2@\n1 FAMS @F1@\n\
        0 @F1@ FAM\n1 HUSB @I2@\n1 WIFE @I1@\n\
        0 @O1@ OBJE\n1 FILE ann.gif\n2 FORM image/gif\n\
        0 @O2@ OBJE\n1 FILE ben.gif\n2 FORM image/gif\n0 TRLR\n";
    // One green px.
    const GIF: &[u8] =
        b"GIF89a\x01\0\x01\0\x80\0\0\x10\xf0\x30\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";
    let files = [("gedcom.ged", RECORDS.as_bytes()), ("ann.gif", GIF), ("ben.gif", b"broken")];
    with_file(archive(&files), |file, folder| {
        let svg = stdout(&["tree", "draw", file, "-o", "-"]);
        assert!(svg.contains("Ann Oak") && svg.contains("Ben Oak"), "{svg}");
        assert_eq!(svg.matches("<image ").count(), 1, "{svg}");
        assert_eq!(svg.matches("<use ").count(), 1, "{svg}");
        for (ending, mark) in [("pdf", "/Width 1 /Height 1 /ColorSpace"), ("png", "IDAT")] {
            let out = folder.join(format!("out.{ending}"));
            stdout(&["tree", "draw", file, "-o", out.to_str().unwrap()]);
            let bytes = std::fs::read(out).unwrap();
            assert_eq!(String::from_utf8_lossy(&bytes).matches(mark).count(), 1);
        }
    });
}

#[test]
fn a_file_that_is_no_family_is_refused_with_its_place() {
    for (text, reason) in [
        (&b""[..], "empty"),
        (b"<!doctype html><p>hello", "line 1"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"PK\x03\x04........", "ZIP"),
    ] {
        with_file(text, |file, folder| {
            let out = folder.join("out.svg");
            for args in [
                &["tree", "inspect", file, "--json"][..],
                &["tree", "draw", file, "-o", out.to_str().unwrap()],
            ] {
                let (code, complaint) = failure(args);
                assert_eq!(code, 1, "{args:?}");
                assert!(complaint.contains(file) && complaint.contains(reason), "{complaint}");
                assert!(!out.exists());
            }
        });
    }
    let (code, complaint) = failure(&["tree", "inspect", "/nowhere/family.ged"]);
    assert!(code == 1 && complaint.contains("/nowhere/family.ged"), "{complaint}");
}

#[test]
fn made_up_families_are_read_without_a_complaint() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("made-up.ged");
    let file = file.to_str().unwrap();
    assert_eq!(stdout(&["generate", "family", "-n", "1500", "--seed", "4", "-o", file]), "");
    let report = json(&["tree", "inspect", file, "--json"]);
    assert_eq!(report["persons"], 1500);
    assert_eq!(report["diagnostics"], serde_json::json!([]));
    assert_eq!(report["layout"]["overlaps"], 0);
    let text = std::fs::read_to_string(file).unwrap();
    assert_eq!(stdout(&["generate", "family", "-n", "1500", "--seed", "4"]), text);
    assert_ne!(stdout(&["generate", "family", "-n", "1500", "--seed", "5"]), text);
    let (code, complaint) = failure(&["generate", "family", "-n", "9", "-o", "/nowhere/x.ged"]);
    assert!(code == 1 && complaint.contains("/nowhere/x.ged"), "{complaint}");
}

#[test]
fn made_up_trees_are_laid_out() {
    let tree = json(&["generate", "tree", "-n", "2000", "-o", "-"]);
    assert_eq!(tree["card"], serde_json::json!({"width": 160, "height": 56}));
    let column = |name: &str| -> Vec<i64> {
        tree[name].as_array().unwrap().iter().map(|number| number.as_i64().unwrap()).collect()
    };
    let (parents, x, y) = (column("parents"), column("x"), column("y"));
    assert_eq!([parents.len(), x.len(), y.len()], [2000; 3]);
    assert!(tree["names"].as_array().unwrap().iter().all(Value::is_string));
    for node in 1..2000 {
        let parent = parents[node] as usize;
        assert!(x[node] >= x[parent] + 160 && y[node] >= y[parent], "{node} before its parent");
    }
    let mut cards: Vec<_> = x.iter().zip(&y).collect();
    cards.sort();
    for (place, &(x, y)) in cards.iter().enumerate() {
        let near = cards[place + 1..].iter().take_while(|other| *other.0 < x + 160);
        assert!(near.into_iter().all(|other| (other.1 - y).abs() >= 56), "cards overlap");
    }
}

#[test]
fn branches_are_folded_and_in_laws_left_out() {
    with_file(FAMILY, |file, folder| {
        let drawn = |args: &[&str]| {
            let svg = stdout(&[&["tree", "draw", file, "-o", "-"], args].concat());
            ["Ann", "贾", "Ben", "+1"].map(|name| svg.contains(name))
        };
        assert_eq!(drawn(&[]), [true, true, true, false]);
        assert_eq!(drawn(&["--fold", "I1"]), [true, true, false, true]);
        assert_eq!(drawn(&["--fold-ancestors", "I3"])[..3], [false, false, true]);
        let descendants = ["--show", "descendants:I1"];
        assert_eq!(drawn(&descendants), [true, true, true, false]);
        let blood = [&descendants[..], &["--no-in-laws"]].concat();
        assert_eq!(drawn(&blood), [true, false, true, false]);
        let both = ["--birth-order", "--male-line"];
        assert_eq!(drawn(&both), [true, true, true, false]);
        let parents = ["--show", "ancestors:I3", "--generations", "1"];
        assert_eq!(drawn(&parents), [true, true, true, false]);
        let hourglass = ["--show", "hourglass:I3", "--generations", "1+7"];
        assert_eq!(drawn(&hourglass), [true, true, true, false]);

        let out = folder.join("folded.svg");
        let out = out.to_str().unwrap();
        stdout(&["tree", "convert", file, out, "--fold", "I2"]);
        let svg = std::fs::read_to_string(out).unwrap();
        assert!(svg.contains("+1") && !svg.contains("Ben"), "{svg}");
        let report = json(&["tree", "inspect", file, "--json", "--fold", "I2"]);
        assert_eq!(report["persons"], 2);

        for (args, reason) in [
            (&["--fold", "I7"][..], "nobody has the id I7"),
            (&["--no-in-laws"], "--show descendants"),
            (&["--generations", "3"], "--show"),
            (&["--show", "ancestors:I3", "--generations", "3+2"], "hourglass"),
            (&["--show", "timeline", "--birth-order"], "no branches"),
        ] {
            let (code, complaint) = failure(&[&["tree", "draw", file, "-o", out], args].concat());
            assert!(code == 1 && complaint.contains(reason), "{args:?}: {complaint}");
        }
        let family = folder.join("family.json");
        let (_, complaint) =
            failure(&["tree", "convert", file, family.to_str().unwrap(), "--male-line"]);
        assert!(complaint.contains("pictures"), "{complaint}");
    });
}

#[test]
fn convert_and_check_go_together() {
    with_file(FAMILY, |file, folder| {
        let path = |name: &str| folder.join(name).to_str().unwrap().to_owned();
        for (name, begin) in [
            ("new.ged", "\u{feff}0 HEAD\n1 GEDC\n2 VERS 7.0\n"),
            ("old.ged", "0 HEAD\n1 GEDC\n2 VERS 5.5.1\n2 FORM LINEAGE-LINKED\n1 CHAR UTF-8\n"),
            ("family.json", "{\"format\":\"banyan-family\""),
            ("archive.gdz", "PK"),
            ("family.csv", "\u{feff}id,name,given,surname,sex"),
            ("family.svg", "<svg "),
        ] {
            let to: &[&str] = if name == "new.ged" { &["--to", "7.0"] } else { &[] };
            let out = path(name);
            assert_eq!(stdout(&[&["tree", "convert", file, &out], to].concat()), "");
            let bytes = std::fs::read(&out).unwrap();
            assert!(bytes.starts_with(begin.as_bytes()), "{name}");
            if !name.ends_with("svg") && !name.ends_with("csv") {
                assert!(stdout(&["tree", "check", file, &out]).starts_with("the same: "), "{name}");
            }
            let (code, complaint) = failure(&["tree", "convert", file, &out]);
            assert!(code == 1 && complaint.contains("--force"), "{complaint}");
        }
        stdout(&["tree", "convert", file, &path("old.ged"), "--force", "--encoding", "utf-16"]);
        assert!(std::fs::read(path("old.ged")).unwrap().starts_with(b"\xff\xfe0\0"));
        stdout(&["tree", "check", &path("old.ged"), &path("new.ged")]);

        for (args, part) in [
            (vec!["tree", "convert", file, file, "--force"], "the same file"),
            (vec!["tree", "convert", file, "x.doc"], "--to"),
            (vec!["tree", "convert", file, &path("a.ged"), "--encoding", "ansel"], "贾"),
        ] {
            let (code, complaint) = failure(&args);
            assert!(code == 1 && complaint.contains(part), "{complaint}");
        }
        assert!(!folder.join("a.ged").exists(), "a file that is not whole has no name");
        assert_eq!(std::fs::read_to_string(file).unwrap(), FAMILY);
    });
}

#[test]
fn check_tells_by_its_status() {
    with_file(FAMILY, |file, folder| {
        let other = folder.join("other.ged");
        std::fs::write(&other, FAMILY.replace("Ann /Oak/", "Anna /Oak/")).unwrap();
        let other = other.to_str().unwrap();
        let output = banyan(&["tree", "check", file, other]);
        assert_eq!((output.status.code(), output.stderr.len()), (Some(1), 0));
        let text = String::from_utf8(output.stdout).unwrap();
        let expect = format!(
            "INDI @I1@ NAME\n  {file}:6: Ann /Oak/\n  {other}:6: Anna /Oak/\n1 difference\n"
        );
        assert_eq!(text, expect);
        let output = banyan(&["tree", "check", file, other, "--json"]);
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        check_fields(&report, &["same", "differences", "records", "listed"]);
        assert_eq!((&report["same"], &report["differences"]), (&false.into(), &1.into()));
        assert_eq!(report["listed"][0]["second"]["text"], "Anna /Oak/");
        assert_eq!(json(&["tree", "check", file, file, "--json"])["same"], true);

        let (code, complaint) = failure(&["tree", "check", file, "/nowhere.ged"]);
        assert!(code == 2 && complaint.contains("nowhere.ged"), "{complaint}");
    });
}

#[test]
fn the_living_are_hidden_in_every_kind_of_file() {
    // Others name somebody too.
    let dead = "1 NAME Ann /Oak/\n1 DEAT\n2 DATE (says Ben Oak)\n2 PLAC at Ben /Oak/'s\n\
        1 TITL mother of Oak, Ben\n1 NOTE Ben Oak told it\n";
    let family = FAMILY.replace("1 NAME Ann /Oak/\n", dead).replace(
        "1 FAMC @F1@\n",
        "1 FAMC @F1@\n1 BIRT\n2 DATE 1999\n2 PLAC Secret\n1 NOTE @N1@\n1 NOTE a secret\n1 NOTE secret\n0 @N1@ NOTE a secret\n",
    );
    with_file(family, |file, folder| {
        for ending in ["ged", "json", "csv", "svg"] {
            let out = folder.join("masked").with_extension(ending);
            stdout(&["tree", "convert", file, out.to_str().unwrap(), "--mask-living"]);
            let text = std::fs::read_to_string(out).unwrap();
            assert!(text.contains("Ann") && text.contains("Living"), "{ending}: {text}");
            for secret in ["Ben", "1999", "ecret"] {
                assert!(!text.contains(secret), "{ending}: {secret} in {text}");
            }
            // Nor how many notes there are of them.
            assert!(ending != "csv" || !text.contains("\"\n\""), "{text}");
        }
    });
}
