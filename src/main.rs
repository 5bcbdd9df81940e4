//! The program of the page.

fn main() {
    banyan_app::app::start();
}
