//! What is refused before anything runs.

use crate::config::Settings;
use crate::error::Error;

/// Refuses `what` in production, unless environment and command line both allow it.
pub(crate) fn production(settings: &Settings, what: &str, is_confirmed: bool) -> Result<(), Error> {
    if !settings.is_production || (settings.allows_production && is_confirmed) {
        return Ok(());
    }
    Err(Error::Refused(format!(
        "APP_ENV is production, and {what} can remove or invent rows; \
         to do it all the same set SEEDER_ALLOW_PRODUCTION=true and give --confirm"
    )))
}

/// Refuses to probe in production: what is rolled back has held locks, run triggers and taken numbers.
pub(crate) fn probe(settings: &Settings, is_asked: bool) -> Result<(), Error> {
    if !settings.is_production || !is_asked {
        return Ok(());
    }
    Err(Error::Refused(
        "APP_ENV is production, and --probe inserts rows: it rolls them back, and yet they hold locks, run triggers \
         and take numbers from sequences; check without --probe, or probe a copy"
            .to_owned(),
    ))
}
