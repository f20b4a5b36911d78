//! `ruqsat sign`

use crate::args::SignArgs;
use crate::editions::Editions;
use crate::failure::Exit;
use crate::failure::Failure;
use crate::files;
use crate::files::Output;
use crate::files::Overwrite;
use crate::files::Secrecy;
use crate::signing::SigningKey;

/// Signs one PDF.
pub(crate) fn run(args: &SignArgs) -> Result<Exit, Failure> {
    let output = Output::new(&args.output, Overwrite::forced(args.force))?;
    let roles = || Editions::new(args.templates.as_deref())?.signer_roles();
    let Some(key) = SigningKey::read(&args.signing, roles)? else {
        return Err(Failure::usage("NO_KEY", "no key was named")
            .hint("name the signer's PKCS#12 with --key and --password-file"));
    };
    let pdf = files::read(&args.input)?;
    let signing_time = args.time.unwrap_or_else(crate::now);
    let signed = key.sign(&pdf, &args.input, None, signing_time)?;
    output.write(&signed.pdf, Secrecy::Public)?;
    for remark in signed.remarks() {
        files::tell(&remark.to_string());
    }
    Ok(Exit::Success)
}
