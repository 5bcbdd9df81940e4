//! What takes long: what is being done, how far it is, and Cancel.

use leptos::prelude::*;

use super::{
    chrome::use_chrome,
    format,
    part::{TextButton, live},
    text::{Text, say, text},
};
use crate::{
    app::{command::Command, state::Progress},
    message::LoadStage,
};

#[component]
pub fn ProgressPanel() -> impl IntoView {
    let chrome = use_chrome();
    let app = chrome.app;
    let is_open = Memo::new(move |_| app.progress.with(Option::is_some));
    let share = Memo::new(move |_| app.progress.with(|it| it.as_ref().map_or(0.0, overall)));
    let title = move || {
        let name =
            app.progress.with(|it| it.as_ref().map(|it| it.name.clone())).unwrap_or_default();
        say!(chrome.locale(), progress, name = name)
    };
    let stage = move || {
        let stage = app.progress.with(|it| it.as_ref().map(|it| it.stage));
        stage.map(|stage| stage_text(stage).of(chrome.locale()))
    };
    let percent = move || format::percent(share.get(), chrome.locale());
    live(move || {
        is_open.get().then(|| {
            view! {
                <section
                    class="progress panel"
                    class:firm=move || !Command::CancelLoading.is_available(&app)
                    data-testid="progress"
                    aria-label=title
                >
                    <h2 dir="auto">{title}</h2>
                    <div
                        class="track"
                        role="progressbar"
                        aria-label=title
                        aria-valuemin="0"
                        aria-valuemax="100"
                        aria-valuenow=move || ((share.get() * 100.0) as u32).to_string()
                    >
                        <div class="track-fill" style:width=move || format!("{}%", (share.get() * 100.0) as u32)></div>
                    </div>
                    <div class="progress-foot">
                        <p role="status">{stage}</p>
                        <p class="progress-share">{percent}</p>
                        <TextButton
                            label=text!(cancel)
                            testid="cancel"
                            on_press=move |_| chrome.run(Command::CancelLoading)
                        />
                    </div>
                </section>
            }
            .into_any()
        })
    })
}

fn stage_text(stage: LoadStage) -> Text {
    match stage {
        LoadStage::Reading => text!(stage_reading),
        LoadStage::Parsing => text!(stage_parsing),
        LoadStage::Linking => text!(stage_linking),
        LoadStage::LayingOut => text!(stage_laying_out),
        LoadStage::Indexing => text!(stage_indexing),
    }
}

/// Share of the whole way, by how long the stages take with large files. 0 to 1.
fn overall(progress: &Progress) -> f64 {
    let (before, own) = match progress.stage {
        LoadStage::Reading => (0.0, 0.1),
        LoadStage::Parsing => (0.1, 0.3),
        LoadStage::Linking => (0.4, 0.1),
        LoadStage::LayingOut => (0.5, 0.4),
        LoadStage::Indexing => (0.9, 0.1),
    };
    before + own * f64::from(progress.share.clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stages_join_without_gaps_and_never_run_backwards() {
        let stages = [
            LoadStage::Reading,
            LoadStage::Parsing,
            LoadStage::Linking,
            LoadStage::LayingOut,
            LoadStage::Indexing,
        ];
        let at = |stage, share| {
            overall(&Progress { name: String::new(), stage, share, can_cancel: true })
        };
        assert!(at(LoadStage::Reading, 0.0).abs() < 1e-9);
        for pair in stages.windows(2) {
            assert!((at(pair[0], 1.0) - at(pair[1], 0.0)).abs() < 1e-9, "{pair:?}");
        }
        assert!((at(LoadStage::Indexing, f32::INFINITY) - 1.0).abs() < 1e-9);
    }
}
