//! `kiln migrate verify`

use super::super::args::Verify;
use super::super::session::Session;
use super::{replay, with_migrator};
use crate::error::{Error, Exit};
use crate::migrate::verify;
use crate::report::verify::Proof;

pub(super) async fn run(session: &mut Session, arguments: &Verify) -> Result<Exit, Error> {
    let mut exit = Exit::Done;
    let is_named = !arguments.schemas.is_empty();
    for (chosen, migrator) in with_migrator(session, &arguments.schemas)? {
        let Some(seen) = session.look_or_tell(&chosen, is_named).await? else {
            exit = Exit::Refused;
            continue;
        };
        let link = session.link();
        let replay = replay(&chosen, migrator, &seen, &link);
        let proven = verify::verify(&replay, &seen.known, chosen.schema.own_seeder()).await?;
        seen.close().await?;
        let proof =
            Proof { schema: chosen.schema.name().to_owned(), place: chosen.place.to_string(), migrations: proven };
        if !proof.holds() {
            exit = exit.max(Exit::Found);
        }
        session.printer.add(&proof);
    }
    Ok(exit)
}
