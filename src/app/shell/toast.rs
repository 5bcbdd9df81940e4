//! A short word that something was done; it goes by itself.

use std::time::Duration;

use leptos::prelude::*;

use super::{
    chrome::{TOAST_MILLIS, use_chrome},
    part::live,
};

#[component]
pub fn ToastView() -> impl IntoView {
    let toast = use_chrome().app.toast;
    Effect::new(move |timer: Option<Option<TimeoutHandle>>| {
        if let Some(timer) = timer.flatten() {
            timer.clear();
        }
        let hide = move || toast.set(None);
        toast
            .with(Option::is_some)
            .then(|| set_timeout_with_handle(hide, Duration::from_millis(TOAST_MILLIS)).ok())?
    });
    view! {
        <div class="toast-place" role="status">
            {live(move || {
                toast
                    .get()
                    .map(|text| view! { <p class="toast panel" data-testid="toast">{text}</p> }.into_any())
            })}
        </div>
    }
}
