use super::*;
use crate::{Words, family::tests::world};

fn order(text: &str) -> TableOrder {
    let Ok(order) = text.parse();
    order
}

fn names(order_text: &str) -> Vec<String> {
    let world = world();
    let order = order(order_text);
    let rows = world.table_rows(&order);
    let told = world.told_table(&order, &rows, 0..99, None);
    told.rows.into_iter().map(|row| row.cells.into_iter().next().unwrap_or_default()).collect()
}

#[test]
fn rows_stand_in_the_order_of_any_column() {
    let [caroline, charles, robert, william] = [
        "Caroline Darwin",
        "Charles Robert Darwin",
        "Robert Waring Darwin",
        "William Erasmus Darwin",
    ];
    let (emma, baoyu, nobody) = ("Emma Wedgwood", "賈寶玉", "no name");
    let check = |order: &str, expect: [&str; 7]| assert_eq!(names(order), expect, "{order}");
    check("", [caroline, charles, robert, william, baoyu, emma, nobody]);
    check("-name", [emma, baoyu, william, robert, charles, caroline, nobody]);
    check("born", [emma, charles, william, robert, caroline, nobody, baoyu]);
    // Who has no date stays at the end.
    check("-born", [william, charles, emma, robert, caroline, nobody, baoyu]);
    check("-children", [robert, charles, emma, william, caroline, nobody, baoyu]);
    check("partners", [emma, charles, robert, william, caroline, nobody, baoyu]);
    check("-record", [baoyu, nobody, caroline, william, robert, emma, charles]);
    check("nonsense:nobody", [caroline, charles, robert, william, baoyu, emma, nobody]);
}

#[test]
fn what_is_searched_for_is_what_is_left() {
    assert_eq!(names("-name::darwin 1809"), ["Charles Robert Darwin"]);
    assert_eq!(names("::jby"), ["賈寶玉"]);
    assert_eq!(names("::nobody"), [""; 0]);
    let world = world();
    let order = order("-born::darwin");
    let told = world.told_table(&order, &world.table_rows(&order), 0..1, None);
    assert_eq!(told.caption, "4 of 7 persons, by Born, descending");
}

#[test]
fn a_window_says_what_it_shows_and_where_somebody_is() {
    let world = world();
    let order = order("born:name.born.birthplace.age.parents.children:");
    let rows = world.table_rows(&order);
    let told = world.told_table(&order, &rows, 1..2, Some("I4"));
    assert_eq!((told.total, told.first, told.place), (7, 1, Some(2)));
    assert_eq!(told.caption, "7 persons, by Born");
    let expect = [
        "Charles Robert Darwin",
        "1809-02-12",
        "Shrewsbury, Shropshire, England",
        "73",
        "Robert Waring Darwin",
        "1",
    ];
    assert_eq!(
        told.rows,
        [ToldPerson { id: "I1".into(), cells: expect.map(str::to_owned).into() }]
    );
    let column = |at: usize| &told.columns[at];
    assert_eq!((column(4).label.as_str(), column(4).sort.as_str()), ("Born", "ascending"));
    assert_eq!(column(4).press, "-born:name.born.birthplace.age.parents.children");
    assert_eq!(column(4).toggle, "born:name.birthplace.age.parents.children");
    assert_eq!((told.columns.len(), column(6).is_shown), (Column::ALL.len(), false));

    // Windows beyond the end are empty, and whom the filter leaves out is nowhere.
    let order = TableOrder { filter: "emma".into(), ..order };
    let rows = world.table_rows(&order);
    let told = world.told_table(&order, &rows, 5..90, Some("I4"));
    assert_eq!((told.total, told.first, told.place, told.rows.len()), (1, 1, None, 0));
}

#[test]
fn an_order_is_read_back() {
    for text in ["", "-name", "born", "-born::a:b", ":name.sex", "age:record:賈"] {
        assert_eq!(order(text).to_string(), text);
    }
    let last = order(":sex");
    assert_eq!(last.toggled(Column::Sex), last, "the last column stays");
    assert_eq!(last.toggled(Column::Name).to_string(), ":name.sex");
    assert_eq!(order("-name").pressed(Column::Name), TableOrder::default());
}

#[test]
fn the_file_has_what_is_shown() {
    let world = world();
    let order = order("born:name.birthplace.partners:darwin");
    let mut out = Vec::new();
    let rows = world.table_rows(&order);
    world.write_table(&order, &rows, &mut out).unwrap();
    assert_eq!(
        String::from_utf8(out).unwrap(),
        "\u{feff}Name,Place of birth,Partners\r\n\
         Charles Robert Darwin,\"Shrewsbury, Shropshire, England\",Emma Wedgwood\r\n\
         William Erasmus Darwin,,\r\n\
         Robert Waring Darwin,,\r\n\
         Caroline Darwin,,\r\n"
    );
}

#[test]
fn of_the_hidden_nothing_stands_in_the_table() {
    let mut masked = world().masked(Some(1890), Words::english(), &mut |_, _| ());
    masked.language = Language::English;
    let order = order("name:name.born.surname.record");
    let rows = masked.table_rows(&order);
    let told = format!("{:?}", masked.told_table(&order, &rows, 0..9, None));
    assert!(
        told.contains("Living") && !told.contains("Erasmus") && !told.contains("1839"),
        "{told}"
    );
    assert!(told.contains("1809-02-12"));
    let mut out = Vec::new();
    masked.write_table(&order, &rows, &mut out).unwrap();
    assert!(!String::from_utf8(out).unwrap().contains("Erasmus"));
}
