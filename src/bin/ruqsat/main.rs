//! The program `ruqsat`: arguments to options, one library call, print.
//!
//! It alone reads the clock, files and the source of randomness, and hands them to the library.
#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "the program is the edge at which the library meets the world"
)]

mod args;
mod batch;
mod ca;
mod ca_issue;
mod ca_serve;
mod demo;
mod editions;
mod failure;
mod files;
mod forms;
mod issue;
mod material;
mod schema;
mod sign;
mod signing;
mod table;
mod tamper;
mod verify;

use std::process::ExitCode;

use clap::Parser as _;
use time::OffsetDateTime;

use crate::args::CaCommand;
use crate::args::Cli;
use crate::args::Command;
use crate::args::FormsCommand;
use crate::failure::Exit;
use crate::failure::Failure;

fn main() -> ExitCode {
    if let Some(failure) = secret_in_arguments() {
        files::tell(&failure.to_string());
        return failure.exit.into();
    }
    if std::env::args_os().len() == 1 {
        files::print_line(FIRST_STEPS.trim_end());
        return Exit::Success.into();
    }
    let command = Cli::parse().command;
    match std::panic::catch_unwind(|| run(command)) {
        Ok(Ok(exit)) => exit.into(),
        Ok(Err(failure)) => {
            files::tell(&failure.to_string());
            failure.exit.into()
        }
        Err(_) => {
            files::tell("error[INTERNAL]: this is a bug of the program; please report it");
            Exit::Internal.into()
        }
    }
}

fn run(command: Command) -> Result<Exit, Failure> {
    match command {
        Command::Issue(args) => issue::run(&args),
        Command::Sign(args) => sign::run(&args),
        Command::Verify(args) => verify::run(&args),
        Command::Forms(FormsCommand::List { templates }) => forms::list(templates.as_deref()),
        Command::Forms(FormsCommand::Check { dir }) => forms::check(&dir),
        Command::Forms(FormsCommand::Preview(args)) => forms::preview(&args),
        Command::Ca(CaCommand::Init(args)) => ca::init(&args),
        Command::Ca(CaCommand::Issue(args)) => ca_issue::issue(&args),
        Command::Ca(CaCommand::Revoke(args)) => ca::revoke(&args),
        Command::Ca(CaCommand::Hold(args)) => ca::hold(&args),
        Command::Ca(CaCommand::Release(args)) => ca::release(&args),
        Command::Ca(CaCommand::Crl(args)) => ca::crl(&args),
        Command::Ca(CaCommand::List(args)) => ca::list(&args),
        Command::Ca(CaCommand::Status(args)) => ca::status(&args),
        Command::Ca(CaCommand::Serve(args)) => ca_serve::serve(&args),
        Command::Schema(args) => schema::run(&args),
        Command::Demo(args) => demo::run(&args),
    }
}

/// The current time in whole seconds: no format of ours keeps more.
fn now() -> OffsetDateTime {
    let since = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap_or_default()
        .as_secs();
    i64::try_from(since)
        .ok()
        .and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok())
        .unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

/// A password in the arguments can be read by every user of the machine.
fn secret_in_arguments() -> Option<Failure> {
    let found = std::env::args_os().skip(1).any(|argument| {
        argument == "--password" || argument.to_string_lossy().starts_with("--password=")
    });
    found.then(|| {
        Failure::usage(
            "SECRET_IN_ARGV",
            "there is no --password option: other users of this machine could read it",
        )
        .hint("use --password-file FILE; the value is now in your shell's history")
    })
}

const FIRST_STEPS: &str = "\
ruqsat issues, signs and verifies the environmental permits of Kazakhstan.

  ruqsat demo                                         the whole job on sample data
  ruqsat verify permit.pdf --trust root.pem           is it genuine, who signed it, was it changed
  ruqsat issue permit.json -o permit.pdf              a draft to look at
  ruqsat ca init test-ca                              a TEST authority, to practise with
  ruqsat help                                         everything else
";
