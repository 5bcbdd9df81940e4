//! A form that the engine drew up: one line a question.

use leptos::{ev, html, prelude::*};
use wasm_bindgen::JsCast as _;
use web_sys::{HtmlInputElement, HtmlSelectElement};

use super::{
    chrome::use_chrome,
    part::{CloseButton, live},
    text::text,
};
use crate::{
    app::command::Action,
    message::{Field, Form},
};

#[component]
pub fn FormPanel() -> impl IntoView {
    let chrome = use_chrome();
    let app = chrome.app;
    live(move || {
        let Form { task, title, fields } = app.form.get()?;
        let body: NodeRef<html::Form> = NodeRef::new();
        // Whoever asked for a form writes at once.
        Effect::new(move || {
            let first = body.get().and_then(|body| body.elements().get_with_index(0));
            if let Some(first) = first.and_then(|it| it.dyn_into::<web_sys::HtmlElement>().ok()) {
                let _ = first.focus();
            }
        });
        let count = fields.len() as u32;
        let submit = Callback::new(move |event: ev::Event| {
            event.prevent_default();
            let Some(body) = body.get_untracked() else { return };
            let values = (0..count).filter_map(|at| {
                let element = body.elements().get_with_index(at)?;
                let text = element.dyn_ref::<HtmlInputElement>().map(HtmlInputElement::value);
                text.or_else(|| Some(element.dyn_ref::<HtmlSelectElement>()?.value()))
            });
            chrome.act(Action::Submit(task.clone(), values.collect()));
        });
        let fields: Vec<_> = fields.into_iter().map(line).collect();
        let panel = view! {
            <aside class="form panel" data-testid="form" aria-label=title.clone()>
                <header class="panel-head">
                    <h2 dir="auto">{title.clone()}</h2>
                    <CloseButton on_press=move |_| app.form.set(None) />
                </header>
                <form class="form-body" node_ref=body on:submit=move |event| submit.run(event.into())>
                    {fields}
                    <div class="form-foot">
                        <button type="submit" class="button primary" data-testid="form-submit">
                            {chrome.say(text!(form_apply))}
                        </button>
                    </div>
                </form>
            </aside>
        };
        Some(panel.into_any())
    })
}

/// Of a list of values and their names, one of which is chosen.
pub fn options(options: Vec<(String, String)>, chosen: &str) -> AnyView {
    let option = |(of, name): (String, String)| {
        let is_chosen = of == chosen;
        view! { <option value=of selected=is_chosen>{name}</option> }.into_any()
    };
    options.into_iter().map(option).collect::<Vec<_>>().into_any()
}

fn line(Field { label, hint, value, options }: Field) -> AnyView {
    let answer = if options.is_empty() {
        view! { <input type="text" dir="auto" aria-label=label.clone() autocomplete="off" value=value title=hint /> }
            .into_any()
    } else {
        view! { <select aria-label=label.clone()>{self::options(options, &value)}</select> }
            .into_any()
    };
    view! { <label><span>{label}</span>{answer}</label> }.into_any()
}
