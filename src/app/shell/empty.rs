//! What stands on the canvas while there is nothing to draw: never a blank page.

use banyan_protocol::Fault;
use banyan_view::View;
use leptos::prelude::*;

use super::{
    chrome::{Chrome, use_chrome},
    part::{Icon, TextButton, live},
    pill::{fault_advice, fault_sentence, use_status},
    status::Status,
    text::{Text, say, text},
};
use crate::{app::command::Command, message::Sample};

#[component]
pub fn EmptyState() -> impl IntoView {
    let chrome = use_chrome();
    let app = chrome.app;
    let status = use_status(chrome);
    // Only what changes the message, not every second of the clock.
    let kind = Memo::new(move |_| kind(chrome, &status.get()));
    live(move || {
        let kind = kind.get()?;
        let content = match kind {
            Kind::Welcome => view! { <Welcome /> }.into_any(),
            Kind::NoTarget => view! {
                <Notice
                    icon="server"
                    title=Signal::derive(move || text!(empty_no_targets_title).of(chrome.locale()).to_owned())
                    text=text!(empty_no_targets_text)
                    command=true
                />
            }
            .into_any(),
            Kind::Unreachable => view! {
                <Notice
                    icon="retry"
                    title=Signal::derive(move || text!(empty_unreachable_title).of(chrome.locale()).to_owned())
                    text=text!(empty_unreachable_text)
                    command=true
                />
            }
            .into_any(),
            Kind::Waiting => {
                let title = Signal::derive(move || {
                    let name = app.target.get().map_or_else(
                        || text!(brand).of(chrome.locale()).to_owned(),
                        |target| target.0,
                    );
                    say!(chrome.locale(), empty_connecting_title, target = name)
                });
                let text = if app.view.get() == View::Keyspace {
                    text!(empty_waiting_keys_text)
                } else {
                    text!(empty_connecting_text)
                };
                view! { <Notice icon="server" title text /> }.into_any()
            }
            Kind::Down(fault) => view! { <Down fault /> }.into_any(),
        };
        Some(view! { <div class="empty">{content}</div> }.into_any())
    })
}

#[derive(Clone, PartialEq)]
enum Kind {
    Welcome,
    NoTarget,
    Unreachable,
    Waiting,
    Down(Fault),
}

fn kind(chrome: Chrome, status: &Status) -> Option<Kind> {
    let app = chrome.app;
    let view = app.view.get();
    if app.scenes.with(|scenes| scenes.get(&view).is_some_and(|scene| scene.nodes > 0)) {
        return None;
    }
    match status {
        Status::Local => {
            // The lab has its own panel, which says what can be done.
            let is_family = view == View::Family;
            let is_busy = app.progress.with(Option::is_some);
            (is_family && !is_busy && app.family.with(Option::is_none)).then_some(Kind::Welcome)
        }
        Status::NoTarget => Some(Kind::NoTarget),
        Status::NotConnected | Status::Reconnecting { .. } => Some(Kind::Unreachable),
        Status::Connecting | Status::Live { .. } | Status::Stale { .. } => Some(Kind::Waiting),
        Status::Down { fault, .. } => Some(Kind::Down(fault.clone())),
        Status::WrongVersion { .. } => None,
    }
}

#[component]
fn Welcome() -> impl IntoView {
    let chrome = use_chrome();
    // What is kept stands beside these words.
    chrome.run(Command::ShowKept);
    let samples = [
        (Sample::Honglou, "sample-honglou", text!(sample_honglou), text!(sample_honglou_hint)),
        (
            Sample::DarwinWedgwood,
            "sample-darwin-wedgwood",
            text!(sample_darwin_wedgwood),
            text!(sample_darwin_wedgwood_hint),
        ),
    ]
    .map(|(sample, testid, name, hint)| {
        view! {
            <button
                type="button"
                class="sample"
                data-testid=testid
                on:click=move |_| chrome.run(Command::OpenSample(sample))
            >
                <Icon name="family" />
                <span class="sample-words">
                    <strong>{chrome.say(name)}</strong>
                    <small>{chrome.say(hint)}</small>
                </span>
            </button>
        }
    });
    view! {
        <section class="welcome panel" data-testid="welcome">
            <svg class="welcome-mark" aria-hidden="true">
                <use href={"#banyan".to_owned()}></use>
            </svg>
            <h2>{chrome.say(text!(welcome_title))}</h2>
            <p>{chrome.say(text!(welcome_text))}</p>
            <div class="welcome-open">
                <TextButton
                    label=text!(welcome_open)
                    icon="open"
                    is_primary=true
                    testid="welcome-open"
                    on_press=move |_| chrome.run(Command::OpenFile)
                />
            </div>
            <h3>{chrome.say(text!(welcome_sample))}</h3>
            <div class="samples">{samples}</div>
        </section>
    }
}

#[component]
fn Notice(
    icon: &'static str,
    title: Signal<String>,
    text: Text,
    /// Whether to show the command that starts a bridge.
    #[prop(optional)]
    command: bool,
) -> impl IntoView {
    let chrome = use_chrome();
    view! {
        <section class="notice panel" data-testid="empty">
            <Icon name=icon />
            <h2>{title}</h2>
            <p>{chrome.say(text)}</p>
            {command.then(|| view! { <pre><code>{chrome.say(text!(empty_no_server_command))}</code></pre> })}
        </section>
    }
}

#[component]
fn Down(fault: Fault) -> impl IntoView {
    let chrome = use_chrome();
    let kind = fault.kind;
    let title = move || {
        let target = chrome.app.target.get().map_or_else(String::new, |target| target.0);
        say!(chrome.locale(), empty_down_title, target = target)
    };
    view! {
        <section class="notice panel trouble-notice" data-testid="empty">
            <Icon name="alert" />
            <h2>{title}</h2>
            <p>{move || fault_sentence(&fault, chrome.locale())}</p>
            <p class="muted">{chrome.say(fault_advice(kind))}</p>
        </section>
    }
}
