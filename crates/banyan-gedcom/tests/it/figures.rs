//! Figures and problems of the real files: nothing fails, and every number can be.

use banyan_kin::ProblemKind;

use crate::real_files::folder;

#[test]
fn figures_of_real_files_can_be() {
    let Some(folder) = folder() else { return };
    let manifest = std::fs::read_to_string(folder.join("MANIFEST.tsv")).unwrap();
    let mut seen = 0;
    for path in manifest.lines().skip(1).filter_map(|row| row.split('\t').next()) {
        let bytes = std::fs::read(folder.join(path)).unwrap();
        let Ok(document) = banyan_gedcom::read(&bytes, &mut |_, _| {}) else { continue };
        let genealogy = &document.genealogy;
        let statistics = genealogy.statistics();
        let known = statistics.completeness;
        let persons = statistics.persons;
        for part in [known.name, known.sex, known.birth, known.death, known.parents] {
            assert!(part <= persons, "{path}: {part} of {persons}");
        }
        assert!(known.death_date <= known.death && known.both_parents <= known.parents, "{path}");
        assert!(statistics.generations <= persons && statistics.men + statistics.women <= persons);
        let spans: u32 = statistics.centuries.iter().map(|century| century.life_spans.count).sum();
        assert_eq!(spans, statistics.life_spans.count, "{path}");
        for problem in genealogy.problems() {
            assert!(problem.persons.iter().all(|&id| genealogy.person(id).is_some()), "{path}");
            let pair = matches!(problem.kind, ProblemKind::GenerationsOff { .. });
            assert!(!pair || problem.persons.len() == 2, "{path}: {problem:?}");
        }
        seen += 1;
    }
    assert!(seen > 50, "only {seen} files");
}

#[test]
fn rings_of_a_torture_file_are_told() {
    let Some(folder) = folder() else { return };
    let bytes = std::fs::read(folder.join("torture/circular-reference.ged")).unwrap();
    let genealogy = banyan_gedcom::read(&bytes, &mut |_, _| {}).unwrap().genealogy;
    let rings = genealogy.problems().into_iter();
    assert!(rings.filter(|problem| problem.kind == ProblemKind::OwnAncestor).count() > 0);
}
