//! Everything that a person can do, as one list: it feeds the menus, the palette, the keys and the
//! help. A command needs nothing but itself; what carries data is an [`Action`].

use banyan_view::{Arrange, Branch, Direction, Part, Reaching, View};

use super::shell::text::{Text, text};
use crate::message::{GroupBy, Sample};

mod action;
mod available;
mod keys;

pub use self::action::{Action, Deck, ExportChoice, GivenFile};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    OpenFile,
    /// A folder with a family and its pictures.
    OpenFolder,
    /// The families that this browser keeps.
    ShowKept,
    ForgetKept,
    OpenSample(Sample),
    /// Opens the file that was refused because it is damaged.
    OpenAnyway,
    CancelLoading,
    Show(View),
    /// Of who is selected, or whom the chart is about.
    ShowPart(Part),
    /// Lives on an axis of years.
    ShowTimeline,
    ShowEveryone,
    /// Generations more, or fewer.
    Reach(Reaching),
    /// Folds a branch of who is selected, or has the chart stand otherwise.
    Arrange(Arrange),
    /// Tells nothing of those in a family who may live, or everything again.
    HideLiving,
    /// Lets the colours of a family say the next thing.
    CycleColouring,
    GroupBy(GroupBy),
    /// Walks all keys again.
    RescanKeys,
    /// Lets the server tell every command for two seconds: pressed again once its cost was said.
    Observe,
    Search,
    /// The search box with `>` in it: it lists commands.
    ShowCommands,
    NextResult,
    PreviousResult,
    /// Shows all of the scene.
    Fit,
    /// Shows what was shown first.
    Home,
    ZoomIn,
    ZoomOut,
    /// Flies to the selected node.
    CentreSelection,
    /// Asks how whoever is selected next is related to the selected person.
    Relate,
    /// Shows another way between the two.
    NextWay,
    /// Asks what is to be said of the selected person.
    EditPerson,
    /// Asks about a new person: kin of the selected one, or alone.
    AddPerson,
    /// Asks what the selected person is to the one whose relation is shown.
    LinkPersons,
    RemovePerson,
    Undo,
    Redo,
    /// Writes the family with all changes as a file of its kind.
    SaveFamily,
    /// Selects the neighbour of the selected node.
    Walk(Direction),
    Pan(Direction),
    ToggleMinimap,
    ToggleLegend,
    /// What is odd in the file, or wrong with the cache.
    ShowDiagnostics,
    /// Figures about the family, and what in it cannot be.
    ShowFigures,
    /// Everybody in a table.
    ShowTable,
    /// What is wrong with the cache or the figures about the family, as Markdown.
    CopyFindings,
    /// Makes up what is chosen in the lab.
    Make,
    TryCircles,
    TryFamily,
    /// What was tried in the lab, as Markdown.
    CopyTrials,
    CycleTheme,
    /// Another budget for tiles and sprites.
    CyclePictureMemory,
    /// Shows dates in the next calendar.
    CycleCalendar,
    SwitchLanguage,
    CopyLink,
    CopyDetails,
    /// Opens the panel that makes files.
    ShowExport,
    /// The same for sheets of paper.
    Print,
    CancelExport,
    ShowHelp,
    /// Closes what is open on top; clears the selection if nothing is.
    CloseOrClear,
}

/// What belongs together in menus and in the help.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    Open,
    Show,
    Find,
    Change,
    Move,
    Page,
}

impl Group {
    pub const ALL: [Self; 6] =
        [Self::Open, Self::Show, Self::Find, Self::Change, Self::Move, Self::Page];

    pub fn title(self) -> Text {
        match self {
            Self::Open => text!(group_open),
            Self::Show => text!(group_show),
            Self::Find => text!(group_find),
            Self::Change => text!(group_change),
            Self::Move => text!(group_move),
            Self::Page => text!(group_page),
        }
    }
}

impl Command {
    /// In the order of menus and help. Of two commands with the same key the first that is available
    /// gets it: arrows walk while a node is selected, and pan otherwise.
    pub const ALL: [Self; 92] = [
        Self::OpenFile,
        Self::OpenFolder,
        Self::ShowKept,
        Self::ForgetKept,
        Self::OpenSample(Sample::Honglou),
        Self::OpenSample(Sample::DarwinWedgwood),
        Self::OpenAnyway,
        Self::CancelLoading,
        Self::Show(View::Family),
        Self::Show(View::Connections),
        Self::Show(View::Keyspace),
        Self::Show(View::Lab),
        Self::ShowPart(Part::Ancestors),
        Self::ShowPart(Part::Descendants),
        Self::ShowPart(Part::Hourglass),
        Self::ShowPart(Part::Relatives),
        Self::ShowPart(Part::Fan),
        Self::ShowPart(Part::HalfFan),
        Self::ShowPart(Part::Su),
        Self::ShowPart(Part::Ou),
        Self::ShowPart(Part::Pagoda),
        Self::ShowPart(Part::List),
        Self::ShowTimeline,
        Self::ShowEveryone,
        Self::Reach(Reaching::More),
        Self::Reach(Reaching::Fewer),
        Self::Reach(Reaching::MoreDown),
        Self::Reach(Reaching::FewerDown),
        Self::Arrange(Arrange::Fold(Branch::Descendants)),
        Self::Arrange(Arrange::Fold(Branch::Ancestors)),
        Self::Arrange(Arrange::UnfoldAll),
        Self::Arrange(Arrange::HideInLaws),
        Self::Arrange(Arrange::FlipCouple),
        Self::Arrange(Arrange::LockBirthOrder),
        Self::Arrange(Arrange::MaleLine),
        Self::HideLiving,
        Self::CycleColouring,
        Self::GroupBy(GroupBy::Kind),
        Self::GroupBy(GroupBy::Library),
        Self::GroupBy(GroupBy::Address),
        Self::GroupBy(GroupBy::Thread),
        Self::GroupBy(GroupBy::Node),
        Self::GroupBy(GroupBy::Queue),
        Self::RescanKeys,
        Self::Observe,
        Self::ShowDiagnostics,
        Self::ShowFigures,
        Self::ShowTable,
        Self::CopyFindings,
        Self::Make,
        Self::TryCircles,
        Self::TryFamily,
        Self::CopyTrials,
        Self::Search,
        Self::ShowCommands,
        Self::NextResult,
        Self::PreviousResult,
        Self::CentreSelection,
        Self::CopyDetails,
        Self::Relate,
        Self::NextWay,
        Self::EditPerson,
        Self::AddPerson,
        Self::LinkPersons,
        Self::RemovePerson,
        Self::Undo,
        Self::Redo,
        Self::SaveFamily,
        Self::Fit,
        Self::Home,
        Self::ZoomIn,
        Self::ZoomOut,
        Self::Walk(Direction::Up),
        Self::Walk(Direction::Down),
        Self::Walk(Direction::Left),
        Self::Walk(Direction::Right),
        Self::Pan(Direction::Up),
        Self::Pan(Direction::Down),
        Self::Pan(Direction::Left),
        Self::Pan(Direction::Right),
        Self::ToggleMinimap,
        Self::ToggleLegend,
        Self::CycleTheme,
        Self::CyclePictureMemory,
        Self::CycleCalendar,
        Self::SwitchLanguage,
        Self::CopyLink,
        Self::ShowExport,
        Self::Print,
        Self::CancelExport,
        Self::ShowHelp,
        Self::CloseOrClear,
    ];

    /// A name that never changes: `open-file`.
    pub const fn id(self) -> &'static str {
        match self {
            Self::OpenFile => "open-file",
            Self::OpenFolder => "open-folder",
            Self::ShowKept => "show-kept",
            Self::ForgetKept => "forget-kept",
            Self::OpenSample(Sample::Honglou) => "open-honglou",
            Self::OpenSample(Sample::DarwinWedgwood) => "open-darwin-wedgwood",
            Self::OpenAnyway => "open-anyway",
            Self::CancelLoading => "cancel-loading",
            Self::Show(View::Family) => "show-family",
            Self::Show(View::Connections) => "show-connections",
            Self::Show(View::Keyspace) => "show-keyspace",
            Self::Show(View::Lab) => "show-lab",
            Self::ShowPart(Part::Ancestors) => "show-ancestors",
            Self::ShowPart(Part::Descendants) => "show-descendants",
            Self::ShowPart(Part::Hourglass) => "show-hourglass",
            Self::ShowPart(Part::Relatives) => "show-relatives",
            Self::ShowPart(Part::Fan) => "show-fan",
            Self::ShowPart(Part::HalfFan) => "show-half-fan",
            Self::ShowPart(Part::Su) => "show-su",
            Self::ShowPart(Part::Ou) => "show-ou",
            Self::ShowPart(Part::Pagoda) => "show-pagoda",
            Self::ShowPart(Part::List) => "show-list",
            Self::ShowTimeline => "show-timeline",
            Self::ShowEveryone => "show-everyone",
            Self::Reach(Reaching::More) => "more-generations",
            Self::Reach(Reaching::Fewer) => "fewer-generations",
            Self::Reach(Reaching::MoreDown) => "more-descendants",
            Self::Reach(Reaching::FewerDown) => "fewer-descendants",
            Self::Arrange(Arrange::Fold(Branch::Descendants)) => "fold-descendants",
            Self::Arrange(Arrange::Fold(Branch::Ancestors)) => "fold-ancestors",
            Self::Arrange(Arrange::UnfoldAll) => "unfold-all",
            Self::Arrange(Arrange::HideInLaws) => "hide-in-laws",
            Self::Arrange(Arrange::FlipCouple) => "flip-couple",
            Self::Arrange(Arrange::LockBirthOrder) => "lock-birth-order",
            Self::Arrange(Arrange::MaleLine) => "male-line",
            Self::HideLiving => "hide-living",
            Self::CycleColouring => "cycle-colouring",
            Self::Make => "make",
            Self::TryCircles => "try-circles",
            Self::TryFamily => "try-family",
            Self::CopyTrials => "copy-trials",
            Self::GroupBy(GroupBy::Kind) => "group-by-kind",
            Self::GroupBy(GroupBy::Library) => "group-by-library",
            Self::GroupBy(GroupBy::Address) => "group-by-address",
            Self::GroupBy(GroupBy::Thread) => "group-by-thread",
            Self::GroupBy(GroupBy::Node) => "group-by-node",
            Self::GroupBy(GroupBy::Queue) => "group-by-queue",
            Self::CopyFindings => "copy-findings",
            Self::RescanKeys => "rescan-keys",
            Self::Observe => "observe",
            Self::ShowDiagnostics => "show-diagnostics",
            Self::ShowFigures => "show-figures",
            Self::ShowTable => "show-table",
            Self::Search => "search",
            Self::ShowCommands => "show-commands",
            Self::NextResult => "next-result",
            Self::PreviousResult => "previous-result",
            Self::CentreSelection => "centre-selection",
            Self::CopyDetails => "copy-details",
            Self::Relate => "relate",
            Self::NextWay => "next-way",
            Self::EditPerson => "edit-person",
            Self::AddPerson => "add-person",
            Self::LinkPersons => "link-persons",
            Self::RemovePerson => "remove-person",
            Self::Undo => "undo",
            Self::Redo => "redo",
            Self::SaveFamily => "save-family",
            Self::Fit => "fit",
            Self::Home => "home",
            Self::ZoomIn => "zoom-in",
            Self::ZoomOut => "zoom-out",
            Self::Walk(Direction::Up) => "walk-up",
            Self::Walk(Direction::Down) => "walk-down",
            Self::Walk(Direction::Left) => "walk-left",
            Self::Walk(Direction::Right) => "walk-right",
            Self::Pan(Direction::Up) => "pan-up",
            Self::Pan(Direction::Down) => "pan-down",
            Self::Pan(Direction::Left) => "pan-left",
            Self::Pan(Direction::Right) => "pan-right",
            Self::ToggleMinimap => "toggle-minimap",
            Self::ToggleLegend => "toggle-legend",
            Self::CycleTheme => "cycle-theme",
            Self::CyclePictureMemory => "cycle-picture-memory",
            Self::CycleCalendar => "cycle-calendar",
            Self::SwitchLanguage => "switch-language",
            Self::CopyLink => "copy-link",
            Self::ShowExport => "show-export",
            Self::Print => "print",
            Self::CancelExport => "cancel-export",
            Self::ShowHelp => "show-help",
            Self::CloseOrClear => "close-or-clear",
        }
    }

    pub fn title(self) -> Text {
        match self {
            Self::OpenFile => text!(command_open_file),
            Self::OpenFolder => text!(command_open_folder),
            Self::ShowKept => text!(command_show_kept),
            Self::ForgetKept => text!(command_forget_kept),
            Self::OpenSample(Sample::Honglou) => text!(command_open_honglou),
            Self::OpenSample(Sample::DarwinWedgwood) => text!(command_open_darwin_wedgwood),
            Self::OpenAnyway => text!(command_open_anyway),
            Self::CancelLoading => text!(command_cancel_loading),
            Self::Show(View::Family) => text!(command_show_family),
            Self::Show(View::Connections) => text!(command_show_connections),
            Self::Show(View::Keyspace) => text!(command_show_keyspace),
            Self::Show(View::Lab) => text!(command_show_lab),
            Self::ShowPart(Part::Ancestors) => text!(command_show_ancestors),
            Self::ShowPart(Part::Descendants) => text!(command_show_descendants),
            Self::ShowPart(Part::Hourglass) => text!(command_show_hourglass),
            Self::ShowPart(Part::Relatives) => text!(command_show_relatives),
            Self::ShowPart(Part::Fan) => text!(command_show_fan),
            Self::ShowPart(Part::HalfFan) => text!(command_show_half_fan),
            Self::ShowPart(Part::Su) => text!(command_show_su),
            Self::ShowPart(Part::Ou) => text!(command_show_ou),
            Self::ShowPart(Part::Pagoda) => text!(command_show_pagoda),
            Self::ShowPart(Part::List) => text!(command_show_list),
            Self::ShowTimeline => text!(command_show_timeline),
            Self::ShowEveryone => text!(command_show_everyone),
            Self::Reach(Reaching::More) => text!(command_more_generations),
            Self::Reach(Reaching::Fewer) => text!(command_fewer_generations),
            Self::Reach(Reaching::MoreDown) => text!(command_more_descendants),
            Self::Reach(Reaching::FewerDown) => text!(command_fewer_descendants),
            Self::Arrange(Arrange::Fold(Branch::Descendants)) => text!(command_fold_descendants),
            Self::Arrange(Arrange::Fold(Branch::Ancestors)) => text!(command_fold_ancestors),
            Self::Arrange(Arrange::UnfoldAll) => text!(command_unfold_all),
            Self::Arrange(Arrange::HideInLaws) => text!(command_hide_in_laws),
            Self::Arrange(Arrange::FlipCouple) => text!(command_flip_couple),
            Self::Arrange(Arrange::LockBirthOrder) => text!(command_lock_birth_order),
            Self::Arrange(Arrange::MaleLine) => text!(command_male_line),
            Self::HideLiving => text!(command_hide_living),
            Self::CycleColouring => text!(command_cycle_colouring),
            Self::Make => text!(command_make),
            Self::TryCircles => text!(command_try_circles),
            Self::TryFamily => text!(command_try_family),
            Self::CopyTrials => text!(command_copy_trials),
            Self::GroupBy(GroupBy::Kind) => text!(command_group_by_kind),
            Self::GroupBy(GroupBy::Library) => text!(command_group_by_library),
            Self::GroupBy(GroupBy::Address) => text!(command_group_by_address),
            Self::GroupBy(GroupBy::Thread) => text!(command_group_by_thread),
            Self::GroupBy(GroupBy::Node) => text!(command_group_by_node),
            Self::GroupBy(GroupBy::Queue) => text!(command_group_by_queue),
            Self::CopyFindings => text!(command_copy_findings),
            Self::RescanKeys => text!(command_rescan_keys),
            Self::Observe => text!(command_observe),
            Self::ShowDiagnostics => text!(command_show_diagnostics),
            Self::ShowFigures => text!(command_show_figures),
            Self::ShowTable => text!(command_show_table),
            Self::Search => text!(command_search),
            Self::ShowCommands => text!(command_show_commands),
            Self::NextResult => text!(command_next_result),
            Self::PreviousResult => text!(command_previous_result),
            Self::CentreSelection => text!(command_centre_selection),
            Self::CopyDetails => text!(command_copy_details),
            Self::Relate => text!(command_relate),
            Self::NextWay => text!(command_next_way),
            Self::EditPerson => text!(command_edit_person),
            Self::AddPerson => text!(command_add_person),
            Self::LinkPersons => text!(command_link_persons),
            Self::RemovePerson => text!(command_remove_person),
            Self::Undo => text!(command_undo),
            Self::Redo => text!(command_redo),
            Self::SaveFamily => text!(command_save_family),
            Self::Fit => text!(command_fit),
            Self::Home => text!(command_home),
            Self::ZoomIn => text!(command_zoom_in),
            Self::ZoomOut => text!(command_zoom_out),
            Self::Walk(Direction::Up) => text!(command_walk_up),
            Self::Walk(Direction::Down) => text!(command_walk_down),
            Self::Walk(Direction::Left) => text!(command_walk_left),
            Self::Walk(Direction::Right) => text!(command_walk_right),
            Self::Pan(Direction::Up) => text!(command_pan_up),
            Self::Pan(Direction::Down) => text!(command_pan_down),
            Self::Pan(Direction::Left) => text!(command_pan_left),
            Self::Pan(Direction::Right) => text!(command_pan_right),
            Self::ToggleMinimap => text!(command_toggle_minimap),
            Self::ToggleLegend => text!(command_toggle_legend),
            Self::CycleTheme => text!(command_cycle_theme),
            Self::CyclePictureMemory => text!(command_cycle_picture_memory),
            Self::CycleCalendar => text!(command_cycle_calendar),
            Self::SwitchLanguage => text!(command_switch_language),
            Self::CopyLink => text!(command_copy_link),
            Self::ShowExport => text!(command_show_export),
            Self::Print => text!(command_print),
            Self::CancelExport => text!(command_cancel_export),
            Self::ShowHelp => text!(command_show_help),
            Self::CloseOrClear => text!(command_close_or_clear),
        }
    }

    pub const fn group(self) -> Group {
        match self {
            Self::OpenFile
            | Self::OpenFolder
            | Self::ShowKept
            | Self::ForgetKept
            | Self::OpenSample(_)
            | Self::OpenAnyway
            | Self::CancelLoading => Group::Open,
            Self::Show(_)
            | Self::ShowPart(_)
            | Self::ShowTimeline
            | Self::ShowEveryone
            | Self::Reach(_)
            | Self::Arrange(_)
            | Self::HideLiving
            | Self::CycleColouring
            | Self::GroupBy(_)
            | Self::RescanKeys
            | Self::Observe
            | Self::ShowDiagnostics
            | Self::ShowFigures
            | Self::ShowTable
            | Self::CopyFindings
            | Self::Make
            | Self::TryCircles
            | Self::TryFamily
            | Self::CopyTrials => Group::Show,
            Self::Search
            | Self::ShowCommands
            | Self::NextResult
            | Self::PreviousResult
            | Self::CentreSelection
            | Self::CopyDetails
            | Self::Relate
            | Self::NextWay => Group::Find,
            Self::EditPerson
            | Self::AddPerson
            | Self::LinkPersons
            | Self::RemovePerson
            | Self::Undo
            | Self::Redo
            | Self::SaveFamily => Group::Change,
            Self::Fit
            | Self::Home
            | Self::ZoomIn
            | Self::ZoomOut
            | Self::Walk(_)
            | Self::Pan(_) => Group::Move,
            Self::ToggleMinimap
            | Self::ToggleLegend
            | Self::CycleTheme
            | Self::CyclePictureMemory
            | Self::CycleCalendar
            | Self::SwitchLanguage
            | Self::CopyLink
            | Self::ShowExport
            | Self::Print
            | Self::CancelExport
            | Self::ShowHelp
            | Self::CloseOrClear => Group::Page,
        }
    }
}

#[cfg(test)]
mod tests;
