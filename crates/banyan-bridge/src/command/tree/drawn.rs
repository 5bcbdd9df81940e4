//! Who of a family is drawn, and how they stand: what all commands that draw are told.

use anyhow::ensure;
use banyan_kin::Genealogy;
use banyan_view::{Arrangement, Branch, Chart, Plan, Reach, family::Fold};

#[derive(Clone, Debug, Default, PartialEq, Eq, clap::Args)]
pub(super) struct Drawn {
    /// Who is drawn: everyone, timeline (lives on an axis of years), or ancestors, descendants,
    /// hourglass, relatives, fan, half-fan of a person, so many generations at most: ancestors:I52:4,
    /// or up and down: hourglass:I52:3+2.
    /// The charts of Chinese genealogies are su (hanging lines), ou (tables of five generations),
    /// pagoda, and list: of the first ancestor, or of a person: su:I3.
    #[arg(long, value_name = "CHART", default_value = "everyone", value_parser = super::chart)]
    show: Chart,

    /// So many generations at most of a chart of a person; of relatives, so many steps; of an
    /// hourglass two numbers, up and down: 3+2.
    #[arg(long, value_name = "N", value_parser = reach)]
    generations: Option<Reach>,

    /// Leaves out partners who are not of the blood of the person whose descendants, hourglass or
    /// relatives are drawn.
    #[arg(long)]
    no_in_laws: bool,

    /// Keeps siblings in birth order, though links get longer by it.
    #[arg(long)]
    birth_order: bool,

    /// Sons before daughters, and families under the father.
    #[arg(long)]
    male_line: bool,

    /// Folds away who descends from a person; may be given again.
    #[arg(long, value_name = "ID")]
    fold: Vec<String>,

    /// Folds away the ancestors of a person and who hangs on them; may be given again.
    #[arg(long, value_name = "ID")]
    fold_ancestors: Vec<String>,
}

/// At least one generation each way.
fn reach(text: &str) -> Result<Reach, String> {
    let reach: Option<Reach> = text.parse().ok();
    let reach = reach.filter(|reach| reach.up > 0 && reach.down > 0);
    reach.ok_or_else(|| "a number above 0, or two: 3+2".to_owned())
}

impl Drawn {
    /// Whether nothing was asked for.
    pub(super) fn is_usual(&self) -> bool {
        *self == Self::default()
    }

    pub(super) fn plan(&self) -> anyhow::Result<Plan> {
        let mut chart = self.show.clone();
        if let Some(generations) = self.generations {
            let Chart::Part { kind, most, .. } = &mut chart else {
                anyhow::bail!("--generations is for a chart of a person: --show descendants:ID");
            };
            ensure!(
                generations.is_both() || kind.goes_both_ways(),
                "only an hourglass has generations up and down: --show hourglass:ID"
            );
            *most = Some(generations);
        }
        ensure!(
            !self.no_in_laws || chart.has_in_laws(),
            "--no-in-laws is for --show descendants:ID, hourglass:ID or relatives:ID"
        );
        let fold = |branch| move |id: &String| Fold::new(branch, id.clone());
        let descendants = self.fold.iter().map(fold(Branch::Descendants));
        let ancestors = self.fold_ancestors.iter().map(fold(Branch::Ancestors));
        let arrangement = Arrangement {
            folds: descendants.chain(ancestors).collect(),
            sides: Vec::new(),
            is_blood_only: self.no_in_laws,
            is_by_birth: self.birth_order,
            is_male_line: self.male_line,
        };
        let is_arranged = arrangement != Arrangement::default();
        ensure!(
            !is_arranged || chart.has_branches(),
            "books, fans and the timeline have no branches to arrange"
        );
        Ok(Plan { chart, arrangement })
    }
}

/// Everybody on whom a branch hangs has to be there.
pub(super) fn check(plan: &Plan, genealogy: &Genealogy) -> anyhow::Result<()> {
    for fold in &plan.arrangement.folds {
        ensure!(genealogy.person_by_id(&fold.of).is_some(), "nobody has the id {}", fold.of);
    }
    Ok(())
}
