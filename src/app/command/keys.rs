//! The keys of the commands.

use banyan_view::{Arrange, Branch, Direction, Part, Reaching, View};

use super::Command;
use crate::{
    app::{
        shortcut::{Pressed, Shortcut},
        state::App,
    },
    message::{GroupBy, Sample},
};

impl Command {
    /// Its keys, the one to show first.
    pub fn shortcuts(self) -> &'static [Shortcut] {
        macro_rules! keys {
            ($($kind:ident $key:literal),*) => {
                const { &[$(Shortcut::$kind($key)),*] }
            };
        }
        match self {
            Self::OpenFile => keys![plain "o"],
            Self::OpenFolder => keys![primary "o"],
            Self::ForgetKept => keys![shift "Delete"],
            Self::OpenAnyway => keys![shift "o"],
            Self::Show(View::Family) => keys![plain "1"],
            Self::Show(View::Connections) => keys![plain "2"],
            Self::Show(View::Keyspace) => keys![plain "3"],
            Self::Show(View::Lab) => keys![plain "0"],
            Self::ShowPart(Part::Ancestors) => keys![plain "a"],
            Self::ShowPart(Part::Descendants) => keys![shift "d"],
            Self::CopyFindings => keys![shift "c"],
            Self::ShowFigures => keys![plain "i"],
            Self::ShowPart(Part::Hourglass) => keys![shift "h"],
            Self::ShowPart(Part::Relatives) => keys![shift "r"],
            Self::ShowPart(Part::Fan) => keys![shift "f"],
            Self::ShowPart(Part::HalfFan) => keys![shift "a"],
            Self::ShowPart(Part::Su) => keys![shift "s"],
            Self::ShowPart(Part::Ou) => keys![shift "u"],
            Self::ShowPart(Part::Pagoda) => keys![shift "g"],
            Self::ShowPart(Part::List) => keys![shift "b"],
            Self::ShowTimeline => keys![shift "t"],
            // In different views.
            Self::ShowEveryone | Self::Observe => keys![plain "e"],
            Self::Reach(Reaching::More) => keys![plain "]"],
            Self::Reach(Reaching::Fewer) => keys![plain "["],
            Self::Reach(Reaching::MoreDown) => keys![plain "}"],
            Self::Reach(Reaching::FewerDown) => keys![plain "{"],
            Self::Arrange(Arrange::Fold(Branch::Descendants)) => keys![plain "v"],
            Self::Arrange(Arrange::Fold(Branch::Ancestors)) => keys![shift "v"],
            Self::Arrange(Arrange::UnfoldAll) => keys![shift "z"],
            Self::Arrange(Arrange::HideInLaws) => keys![shift "w"],
            Self::Arrange(Arrange::FlipCouple) => keys![shift "q"],
            Self::Arrange(Arrange::LockBirthOrder) => keys![plain "z"],
            Self::Arrange(Arrange::MaleLine) => keys![shift "m"],
            Self::HideLiving => keys![shift "p"],
            Self::Make => keys![plain "g"],
            Self::TryCircles => keys![plain "7"],
            Self::TryFamily => keys![plain "8"],
            Self::CopyTrials => keys![shift "y"],
            Self::ShowKept | Self::RescanKeys => keys![plain "r"],
            Self::Search => keys![primary "k", plain "/"],
            Self::ShowCommands => keys![plain ">"],
            Self::NextResult => keys![plain "n"],
            Self::PreviousResult => keys![shift "n"],
            Self::CentreSelection => keys![plain "s"],
            Self::CopyDetails => keys![plain "y"],
            Self::Relate => keys![plain "k"],
            Self::NextWay => keys![plain "j"],
            Self::EditPerson => keys![plain "u"],
            Self::AddPerson => keys![shift "i"],
            Self::LinkPersons => keys![shift "j"],
            Self::RemovePerson => keys![plain "Delete"],
            Self::Undo => keys![primary "z"],
            Self::Redo => keys![primary "y"],
            Self::SaveFamily => keys![primary "s"],
            Self::Fit => keys![plain "f"],
            Self::Home => keys![plain "Home"],
            Self::ZoomIn => keys![plain "+", plain "="],
            Self::ZoomOut => keys![plain "-"],
            Self::Walk(Direction::Up) => keys![plain "ArrowUp"],
            Self::Walk(Direction::Down) => keys![plain "ArrowDown"],
            Self::Walk(Direction::Left) => keys![plain "ArrowLeft"],
            Self::Walk(Direction::Right) => keys![plain "ArrowRight"],
            Self::Pan(Direction::Up) => keys![shift "ArrowUp", plain "ArrowUp"],
            Self::Pan(Direction::Down) => keys![shift "ArrowDown", plain "ArrowDown"],
            Self::Pan(Direction::Left) => keys![shift "ArrowLeft", plain "ArrowLeft"],
            Self::Pan(Direction::Right) => keys![shift "ArrowRight", plain "ArrowRight"],
            Self::ToggleMinimap => keys![plain "m"],
            Self::ToggleLegend => keys![plain "l"],
            Self::CycleTheme => keys![plain "t"],
            Self::CyclePictureMemory => keys![plain "p"],
            Self::SwitchLanguage => keys![shift "l"],
            Self::CycleCalendar => keys![shift "k"],
            Self::CopyLink => keys![plain "c"],
            Self::ShowExport => keys![shift "e"],
            Self::Print => keys![primary "p"],
            Self::CancelExport => keys![shift "x"],
            Self::ShowHelp => keys![plain "?"],
            Self::ShowDiagnostics => keys![plain "d"],
            Self::GroupBy(GroupBy::Thread) => keys![plain "9"],
            Self::ShowTable | Self::GroupBy(GroupBy::Node) => keys![plain "b"],
            Self::CycleColouring | Self::GroupBy(GroupBy::Queue) => keys![plain "q"],
            Self::CloseOrClear => keys![plain "Escape"],
            Self::OpenSample(Sample::Honglou) => keys![plain "h"],
            Self::OpenSample(Sample::DarwinWedgwood) => keys![plain "w"],
            Self::CancelLoading => keys![plain "x"],
            Self::GroupBy(GroupBy::Kind) => keys![plain "4"],
            Self::GroupBy(GroupBy::Library) => keys![plain "5"],
            Self::GroupBy(GroupBy::Address) => keys![plain "6"],
        }
    }

    /// The available command for a pressed key.
    pub fn for_key(pressed: Pressed<'_>, app: &App) -> Option<Self> {
        Self::ALL.into_iter().find(|command| {
            command.shortcuts().iter().any(|shortcut| shortcut.matches(pressed))
                && command.is_available(app)
        })
    }
}
