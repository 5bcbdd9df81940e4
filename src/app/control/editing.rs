//! Changes of the family: what is asked for, and what came of it.

use banyan_view::View;
use leptos::prelude::*;

use super::Control;
use crate::{
    app::command::Command,
    message::{Edited, Task, ToEngine},
};

impl Control {
    pub(super) fn run_edit(&mut self, command: Command) {
        let person = self.stage.selected.as_ref().map(|selected| selected.id.clone());
        let related = self.app.kin.with_untracked(|kin| kin.as_ref().map(|kin| kin.from.clone()));
        let message = match (command, person) {
            (Command::Undo, _) => ToEngine::Undo,
            (Command::Redo, _) => ToEngine::Redo,
            (Command::AddPerson, to) => ToEngine::AskForm(Task::Add { to }),
            (Command::EditPerson, Some(person)) => ToEngine::AskForm(Task::Tell { person }),
            (Command::RemovePerson, Some(person)) => ToEngine::RemovePerson { person },
            (Command::LinkPersons, Some(person)) => {
                let Some(to) = related else { return };
                ToEngine::AskForm(Task::Link { person, to })
            }
            _ => return,
        };
        self.send(&message);
    }

    pub(super) fn submit(&self, task: Task, values: Vec<String>) {
        if self.stage.view == View::Family {
            self.send(&ToEngine::Submit { task, values });
        }
    }

    /// Everybody stands elsewhere after a change; the camera stays, but for somebody who is new.
    pub(super) fn hear_edited(&mut self, edited: Edited) {
        let Edited { said, selected, can_undo, can_redo, is_remade } = edited;
        self.app.toast.set(Some(said));
        self.app.form.set(None);
        self.app.can_undo.set(can_undo);
        self.app.can_redo.set(can_redo);
        if is_remade {
            // Two who became one are not related.
            let is_of = |from: &str| selected.as_deref().is_none_or(|selected| selected == from);
            if self.app.kin.with_untracked(|kin| kin.as_ref().is_some_and(|it| is_of(&it.from))) {
                self.end_kin();
            }
            self.stay_with_family(true);
            self.wishes.selected = selected;
        }
    }
}
