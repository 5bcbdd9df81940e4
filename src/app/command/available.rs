//! What can be done just now.

use banyan_view::{Arrange, Chart, View};
use leptos::prelude::*;

use super::Command;
use crate::{
    app::state::{App, ExportState},
    message::Charted,
};

impl Command {
    /// Whether it would do something now. Tracks what it reads.
    pub fn is_available(self, app: &App) -> bool {
        match self {
            Self::CancelLoading => {
                app.progress.with(|it| it.as_ref().is_some_and(|it| it.can_cancel))
                    || app.lab.with(|lab| lab.trial.is_some())
            }
            Self::Make | Self::TryCircles | Self::TryFamily => app.view.get() == View::Lab,
            Self::ShowPart(part) => {
                app.view.get() == View::Family
                    && (app.selected.with(Option::is_some)
                        || app.charted.with(|charted| charted.chart.subject().is_some())
                        || part.is_book() && app.family.with(Option::is_some))
            }
            Self::ShowTimeline | Self::ShowEveryone => {
                let chart =
                    if self == Self::ShowTimeline { Chart::Timeline } else { Chart::Everyone };
                app.view.get() == View::Family
                    && app.family.with(Option::is_some)
                    && app.charted.with(|charted| charted.chart != chart)
            }
            Self::Reach(what) => {
                app.view.get() == View::Family
                    && app.charted.with(|it| it.chart.reaching(what, it.generations).is_some())
            }
            Self::Arrange(what) => {
                let is_possible = |charted: &Charted| match what {
                    Arrange::UnfoldAll => charted.has_folds,
                    Arrange::HideInLaws => charted.chart.has_in_laws(),
                    _ => charted.chart.has_branches(),
                };
                app.view.get() == View::Family
                    && app.family.with(Option::is_some)
                    && app.charted.with(is_possible)
                    && (!what.is_of_person() || app.selected.with(Option::is_some))
            }
            Self::HideLiving | Self::CycleCalendar | Self::ShowKept | Self::ForgetKept => {
                app.view.get() == View::Family
            }
            Self::CopyTrials => app.lab.with(|lab| !lab.tried.is_empty()),
            Self::OpenAnyway => {
                app.load_error.with(|error| error.as_ref().is_some_and(|error| error.can_force))
            }
            Self::GroupBy(_) => app.view.get() == View::Connections,
            Self::Observe => app.view.get().is_live() && app.target.with(Option::is_some),
            Self::RescanKeys => {
                app.view.get() == View::Keyspace && app.target.with(Option::is_some)
            }
            Self::ShowDiagnostics => match app.view.get() {
                View::Family => app.family.with(|family| {
                    family.as_ref().is_some_and(|family| family.diagnostics_total > 0)
                }),
                view => view.is_live(),
            },
            Self::CopyFindings => app.told().with(|told| !told.sections.is_empty()),
            Self::NextResult | Self::PreviousResult => {
                app.search.with(|search| !search.nodes.is_empty())
            }
            Self::CentreSelection | Self::Walk(_) => app.selected.with(Option::is_some),
            Self::CopyDetails => app.details.with(Option::is_some),
            Self::Relate => app.view.get() == View::Family && app.selected.with(Option::is_some),
            Self::EditPerson | Self::RemovePerson => {
                app.view.get() == View::Family && app.selected.with(Option::is_some)
            }
            Self::ShowFigures
            | Self::ShowTable
            | Self::CycleColouring
            | Self::AddPerson
            | Self::SaveFamily => {
                app.view.get() == View::Family && app.family.with(Option::is_some)
            }
            Self::LinkPersons => {
                app.kin.with(Option::is_some) && app.selected.with(Option::is_some)
            }
            Self::Undo => app.view.get() == View::Family && app.can_undo.get(),
            Self::Redo => app.view.get() == View::Family && app.can_redo.get(),
            Self::NextWay => app.kin.with(|kin| kin.as_ref().is_some_and(|kin| kin.ways > 1)),
            Self::CancelExport => app.export.with(ExportState::is_running),
            Self::ShowExport
            | Self::Print
            | Self::Fit
            | Self::Home
            | Self::ZoomIn
            | Self::ZoomOut
            | Self::Pan(_) => {
                let view = app.view.get();
                app.scenes.with(|scenes| scenes.get(&view).is_some())
            }
            Self::OpenFile
            | Self::OpenFolder
            | Self::OpenSample(_)
            | Self::Show(_)
            | Self::Search
            | Self::ShowCommands
            | Self::ToggleMinimap
            | Self::ToggleLegend
            | Self::CyclePictureMemory
            | Self::CycleTheme
            | Self::SwitchLanguage
            | Self::CopyLink
            | Self::ShowHelp
            | Self::CloseOrClear => true,
        }
    }
}
