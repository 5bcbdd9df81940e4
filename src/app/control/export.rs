//! Files of what is shown: which one, where it goes, and how it is getting on.

use banyan_view::View;
use js_sys::{Array, Function, Object, Promise, Reflect};
use leptos::prelude::*;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::HtmlAnchorElement;

use super::{Control, with};
use crate::{
    app::{command::ExportChoice, shell::caption, state::ExportState},
    message::{ExportFault, ExportFormat, ExportNews, ExportOrder, ExportScope, ToEngine},
};

impl Control {
    /// Asks where the file shall go, where the browser can ask, and starts to make it.
    pub(super) fn export(&mut self, choice: ExportChoice) {
        if self.app.export.with_untracked(ExportState::is_running) {
            return;
        }
        let order = self.order_of(choice);
        self.exporting = (order.view, format!("{}.{}", self.document_name(), ending(order.format)));
        let Some(asked) = ask_for_file(&self.exporting.1) else {
            return self.order_export(order, &JsValue::UNDEFINED);
        };
        spawn_local(async move {
            match JsFuture::from(asked).await {
                Ok(handle) => {
                    with(|control| control.order_export(order, &handle));
                }
                // Whoever closes the question wants no file.
                Err(error) => log::info!("no file was chosen: {error:?}"),
            }
        });
    }

    /// Asks how large the file would be.
    pub(super) fn foretell(&self, choice: ExportChoice) {
        self.send(&ToEngine::Foretell(self.order_of(choice)));
    }

    fn order_of(&self, choice: ExportChoice) -> ExportOrder {
        let scope = if choice.is_screen {
            ExportScope::Screen { camera: self.stage.camera(), viewport: self.stage.viewport }
        } else {
            ExportScope::Everything
        };
        let ExportChoice { format, percent, page, .. } = choice;
        let view = self.stage.view;
        let title = caption::title(self.app).unwrap_or_else(|| self.document_name());
        let facts = caption::facts(self.app);
        let table = self.table.as_ref().map(|table| table.order().to_owned()).unwrap_or_default();
        ExportOrder { view, format, scope, percent, page, title, facts, table }
    }

    fn order_export(&mut self, order: ExportOrder, handle: &JsValue) {
        // The person may look at something else by now.
        let Some(engine) = self.engine_of(order.view) else {
            return self.app.export.set(ExportState::Failed(ExportFault::Gone));
        };
        engine.send_with(&ToEngine::Export(order), handle);
        self.app.export.set(ExportState::Running(0));
    }

    pub(super) fn cancel_export(&mut self) {
        self.app.export.set(ExportState::Idle);
        for engine in [&self.family, &self.live, &self.lab].into_iter().flatten() {
            engine.send(&ToEngine::CancelExport);
        }
    }

    /// The engine of a view has ended, and with it what it was making.
    pub(super) fn lose_export(&mut self, view: View) {
        if self.exporting.0 == view && self.app.export.with_untracked(ExportState::is_running) {
            self.cancel_export();
            self.app.export.set(ExportState::Failed(ExportFault::Gone));
        }
    }

    pub(super) fn hear_export(&mut self, news: ExportNews) {
        // What was on its way when the person cancelled.
        if !self.app.export.with_untracked(ExportState::is_running) {
            return;
        }
        self.app.export.set(match news {
            ExportNews::Progress(share) => ExportState::Running((share * 100.0) as u8),
            ExportNews::Done { url } => {
                if let Some(url) = url {
                    download(&url, &self.exporting.1);
                }
                ExportState::Done
            }
            ExportNews::Failed(fault) => ExportState::Failed(fault),
        });
    }

    /// What the file and the document are called.
    fn document_name(&self) -> String {
        let view = self.stage.view;
        let name = match view {
            View::Family => {
                self.app.family.with_untracked(|family| family.as_ref().map(|it| it.name.clone()))
            }
            View::Connections | View::Keyspace => {
                self.app.target.get_untracked().map(|target| target.0)
            }
            View::Lab => self.app.lab.with_untracked(|lab| Some(lab.wanted.format())),
        };
        let name = name.unwrap_or_else(|| view.name().to_owned());
        let stem = name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem);
        // A browser refuses names with signs that a disk does not take.
        stem.replace(['/', '\\', ':', '*', '?', '"', '<', '>', '|'], "-")
    }
}

const fn ending(format: ExportFormat) -> &'static str {
    match format {
        ExportFormat::Png => "png",
        ExportFormat::Svg => "svg",
        ExportFormat::Pdf => "pdf",
        ExportFormat::Gedcom551 | ExportFormat::Gedcom7 => "ged",
        ExportFormat::Table => "csv",
    }
}

/// The browser's question for a place on the disk; `None` where it has none.
fn ask_for_file(name: &str) -> Option<Promise> {
    let window = window();
    let ask: Function =
        Reflect::get(&window, &"showSaveFilePicker".into()).ok()?.dyn_into().ok()?;
    let options = Object::new();
    Reflect::set(&options, &"suggestedName".into(), &name.into()).ok()?;
    ask.apply(&window, &Array::of1(&options)).ok()?.dyn_into().ok()
}

/// Hands a file over as browsers do with downloads.
fn download(url: &str, name: &str) {
    let link = document().create_element("a").ok().and_then(|it| it.dyn_into().ok());
    if let Some(link) = link {
        let link: HtmlAnchorElement = link;
        link.set_href(url);
        link.set_download(name);
        link.click();
    }
}
