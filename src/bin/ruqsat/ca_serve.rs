//! `ruqsat ca serve`: the TEST authority over HTTP.

use ruqsat::ca::Fault;
use ruqsat::ca::OcspSigner;
use ruqsat::ca::serve::Error;
use ruqsat::ca::serve::ServeOptions;
use ruqsat::ca::serve::Server;
use ruqsat::ca::store::Store;

use crate::args::CaServeArgs;
use crate::args::OcspSignerName;
use crate::ca;
use crate::failure::Exit;
use crate::failure::Failure;
use crate::failure::with_causes;
use crate::files;

/// `ca serve`
pub(crate) fn serve(args: &CaServeArgs) -> Result<Exit, Failure> {
    check_faults(&args.fault)?;
    let store = Store::open(&args.ca).map_err(|error| ca::failure(&error))?;
    let options = ServeOptions {
        listen: args.listen,
        clock: args.clock,
        faults: args.fault.iter().copied().collect(),
        ocsp_signer: match args.ocsp_signer {
            OcspSignerName::Delegate => OcspSigner::Delegate,
            OcspSignerName::Authority => OcspSigner::Authority,
        },
    };
    let server = Server::bind(store, &options).map_err(|error| failure(&error))?;
    let stop = server.termination().map_err(|error| failure(&error))?;
    let addresses = serde_json::to_string(server.addresses())
        .map_err(|error| Failure::new(Exit::Internal, "INTERNAL", error.to_string()))?;
    files::print_line(&addresses);
    files::tell(&format!(
        "serving the TEST authority in {} until Ctrl-C. NOT FOR REAL DOCUMENTS.",
        args.ca.display()
    ));
    server.run(stop);
    Ok(Exit::Success)
}

/// One part cannot have two faults at a time.
fn check_faults(faults: &[Fault]) -> Result<(), Failure> {
    for (at, fault) in faults.iter().enumerate() {
        let part = std::mem::discriminant(fault);
        let mut earlier = faults.iter().take(at);
        if let Some(other) = earlier.find(|other| std::mem::discriminant(*other) == part) {
            let message = format!("--fault {other} and --fault {fault} are of the same part");
            return Err(Failure::usage("FAULT", message).hint("one server has one fault a part"));
        }
    }
    Ok(())
}

fn failure(error: &Error) -> Failure {
    match error {
        Error::Authority(error) => ca::failure(error),
        Error::Listen { .. } => Failure::usage("LISTEN", with_causes(error))
            .hint("take another address; with port 0 the system chooses a free one"),
        _ => Failure::new(Exit::Outside, "SERVER", with_causes(error)),
    }
}
