//! The connection status in the bar.

use banyan_protocol::{Fault, FaultKind};
use leptos::prelude::*;

use super::{
    chrome::{Chrome, use_chrome},
    format,
    part::Icon,
    status::{Evidence, Status},
    text::{Language, Text, say, text},
};

#[component]
pub fn StatusPill() -> impl IntoView {
    let chrome = use_chrome();
    let status = use_status(chrome);
    let icon = Signal::derive(move || match status.get() {
        Status::Local => "device",
        Status::Live { .. } => "dot",
        Status::Stale { .. } => "clock",
        Status::Connecting | Status::Reconnecting { .. } => "retry",
        Status::NoTarget | Status::NotConnected => "circle",
        Status::WrongVersion { .. } | Status::Down { .. } => "alert",
    });
    view! {
        <div
            class="status"
            data-testid="status"
            data-state=move || status.get().name()
            title=move || hint(chrome, &status.get())
            role="status"
            aria-label=chrome.say(text!(status))
        >
            <Icon name=icon />
            <span class="status-text">{move || sentence(chrome, &status.get())}</span>
        </div>
    }
}

/// How fresh the current view is.
pub fn use_status(chrome: Chrome) -> Memo<Status> {
    let app = chrome.app;
    Memo::new(move |_| {
        let target = app.target.get();
        let target = target.as_ref();
        let view = app.view.get();
        let heard = target.and_then(|target| app.heard.with(|all| all.get(target).cloned()));
        let heard = heard.unwrap_or_default();
        app.link.with(|link| {
            Status::of(Evidence {
                view,
                link,
                has_target: target.is_some(),
                health: heard.health.as_ref(),
                heard_at_millis: heard.at_millis,
                heard_every_millis: heard.every_millis,
                now_millis: if view.is_live() { chrome.now_millis.get() } else { 0.0 },
            })
        })
    })
}

fn sentence(chrome: Chrome, status: &Status) -> String {
    let locale = chrome.locale();
    let at = |millis: f64| format::clock(millis, locale);
    let plain = |text: Text| text.of(locale).to_owned();
    match status {
        Status::Local => plain(text!(status_local)),
        Status::NoTarget => plain(text!(status_no_target)),
        Status::NotConnected => plain(text!(status_closed)),
        Status::Connecting => plain(text!(status_connecting)),
        Status::WrongVersion { .. } => plain(text!(status_wrong_version)),
        Status::Live { .. } => plain(text!(status_live)),
        Status::Reconnecting { since_millis: None } => plain(text!(status_reconnecting)),
        Status::Reconnecting { since_millis: Some(since) } => {
            say!(locale, status_reconnecting_stale, at = at(*since))
        }
        Status::Stale { since_millis: since } | Status::Down { since_millis: Some(since), .. } => {
            say!(locale, status_stale, at = at(*since))
        }
        Status::Down { since_millis: None, .. } => plain(text!(status_no_answer)),
    }
}

/// What lies behind the word in the pill.
pub fn hint(chrome: Chrome, status: &Status) -> String {
    let locale = chrome.locale();
    let at = |millis: f64| format::clock(millis, locale);
    let target = || chrome.app.target.get().map_or_else(String::new, |target| target.0);
    match status {
        Status::Local => text!(status_local_hint).of(locale).to_owned(),
        Status::Live { heard_at_millis } => {
            let ago = format::ago(chrome.now_millis.get() - heard_at_millis, locale);
            say!(locale, status_live_hint, target = target(), ago = ago, at = at(*heard_at_millis))
        }
        Status::Stale { since_millis } => {
            say!(locale, status_stale_hint, target = target(), at = at(*since_millis))
        }
        Status::Down { fault, .. } => {
            say!(locale, status_down_hint, target = target(), fault = fault_sentence(fault, locale))
        }
        Status::Reconnecting { .. } => text!(status_reconnecting_hint).of(locale).to_owned(),
        Status::WrongVersion { version } => {
            say!(locale, status_wrong_version_hint, version = *version)
        }
        Status::NoTarget | Status::NotConnected | Status::Connecting => String::new(),
    }
}

/// What happened, with the other side's own words.
pub fn fault_sentence(fault: &Fault, locale: Language) -> String {
    let what = fault_text(fault.kind).of(locale);
    match fault.detail.as_str() {
        "" => what.to_owned(),
        detail => format!("{what} ({detail})"),
    }
}

pub fn fault_text(kind: FaultKind) -> Text {
    match kind {
        FaultKind::Refused => text!(fault_refused),
        FaultKind::UnknownHost => text!(fault_unknown_host),
        FaultKind::Timeout => text!(fault_timeout),
        FaultKind::Unauthorized => text!(fault_unauthorized),
        FaultKind::Forbidden => text!(fault_forbidden),
        FaultKind::Lost => text!(fault_lost),
        FaultKind::Loading => text!(fault_loading),
        FaultKind::Protocol => text!(fault_protocol),
        FaultKind::Untrusted => text!(fault_untrusted),
        FaultKind::Other => text!(fault_other),
    }
}

/// What to do about it.
pub fn fault_advice(kind: FaultKind) -> Text {
    match kind {
        FaultKind::Refused => text!(fault_refused_advice),
        FaultKind::UnknownHost => text!(fault_unknown_host_advice),
        FaultKind::Timeout => text!(fault_timeout_advice),
        FaultKind::Unauthorized => text!(fault_unauthorized_advice),
        FaultKind::Forbidden => text!(fault_forbidden_advice),
        FaultKind::Lost => text!(fault_lost_advice),
        FaultKind::Loading => text!(fault_loading_advice),
        FaultKind::Protocol => text!(fault_protocol_advice),
        FaultKind::Untrusted => text!(fault_untrusted_advice),
        FaultKind::Other => text!(fault_other_advice),
    }
}
