//! A short word that something was done; it goes by itself.

use leptos::prelude::*;

use super::chrome::use_chrome;

#[component]
pub fn ToastView() -> impl IntoView {
    let chrome = use_chrome();
    view! {
        <div class="toast-place" role="status">
            {move || {
                chrome.toast.get().map(|text| {
                    view! { <p class="toast panel" data-testid="toast">{chrome.say(text)}</p> }
                })
            }}
        </div>
    }
}
