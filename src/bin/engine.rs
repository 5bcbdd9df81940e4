//! The program of the engine worker.

fn main() {
    banyan_app::engine::start();
}
