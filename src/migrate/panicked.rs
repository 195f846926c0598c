//! A panic of a migration, told once: with its message and its place, in the error of the migration.
//!
//! The standard hook would print each panic where it happens, also those of replays.

use std::any::Any;
use std::backtrace::{Backtrace, BacktraceStatus};
use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::pin::Pin;
use std::sync::Once;
use std::task::{Context, Poll};

use sea_orm::DbErr;

thread_local! {
    /// Where the last panic on this thread was; none outside of a migration's code.
    static PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Wraps the hook of the program, once: a panic in a migration's code is noted instead of printed.
///
/// With `RUST_BACKTRACE` set the hook prints it too, for the backtrace is wanted.
fn hook() {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let others = take_hook();
        set_hook(Box::new(move |panic| {
            let is_noted = PLACE.with_borrow_mut(|place| match (place, panic.location()) {
                (Some(place), Some(location)) => {
                    *place = location.to_string();
                    true
                }
                _ => false,
            });
            if !is_noted || Backtrace::capture().status() == BacktraceStatus::Captured {
                others(panic);
            }
        }));
    });
}

/// The code of a migration, whose panic is an error.
pub(super) struct Guarded<F>(Pin<Box<F>>);

/// Runs the code of a migration; a panic of it is an error that says where it was.
pub(super) fn guarded<F: Future<Output = Result<(), DbErr>>>(code: F) -> Guarded<F> {
    hook();
    Guarded(Box::pin(code))
}

impl<F: Future<Output = Result<(), DbErr>>> Future for Guarded<F> {
    type Output = Result<(), DbErr>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        // Between two polls the thread runs other code.
        let before = PLACE.replace(Some(String::new()));
        let polled = catch_unwind(AssertUnwindSafe(|| self.0.as_mut().poll(context)));
        let place = PLACE.replace(before).unwrap_or_default();
        polled.unwrap_or_else(|panic| Poll::Ready(Err(error(&place, panic.as_ref()))))
    }
}

fn error(place: &str, panic: &(dyn Any + Send)) -> DbErr {
    let said = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    let place = if place.is_empty() { String::new() } else { format!(" at {place}") };
    DbErr::Custom(format!("it panicked{place}: {}", said.unwrap_or("without a word")))
}
