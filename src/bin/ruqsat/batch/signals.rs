//! Ctrl-C and its like: the first asks for an end, the second is one.

use std::io;

use crate::failure::Exit;
use crate::files;

/// Who asked for an end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Request {
    /// Ctrl-C, SIGINT.
    Interrupt,
    /// SIGTERM.
    Terminate,
}

impl Request {
    /// The exit code of a program that ended so.
    pub(super) fn exit(self) -> Exit {
        match self {
            Self::Interrupt => Exit::Interrupted,
            Self::Terminate => Exit::Terminated,
        }
    }
}

/// Calls `heard` with the first request; the second ends the process, which leaves no more behind
/// than a kill does. From now on the signals do not end the process themselves.
pub(super) fn watch(heard: impl FnOnce(Request) + Send + 'static) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .build()?;
    let mut requests = {
        let _inside = runtime.enter();
        Requests::new()?
    };
    std::thread::spawn(move || {
        runtime.block_on(async {
            heard(requests.next().await);
            files::tell("ending with the documents under way; once more ends at once");
            end(requests.next().await);
        });
    });
    Ok(())
}

#[expect(
    clippy::exit,
    reason = "whoever asks twice does not want to wait for anything"
)]
fn end(request: Request) {
    std::process::exit(request.exit() as i32);
}

#[cfg(unix)]
struct Requests {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Requests {
    fn new() -> io::Result<Self> {
        use tokio::signal::unix::SignalKind;
        use tokio::signal::unix::signal;

        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    async fn next(&mut self) -> Request {
        std::future::poll_fn(|context| {
            if self.interrupt.poll_recv(context).is_ready() {
                return std::task::Poll::Ready(Request::Interrupt);
            }
            let terminate = self.terminate.poll_recv(context);
            terminate.map(|_| Request::Terminate)
        })
        .await
    }
}

#[cfg(not(unix))]
struct Requests;

#[cfg(not(unix))]
impl Requests {
    fn new() -> io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) -> Request {
        let _ = tokio::signal::ctrl_c().await;
        Request::Interrupt
    }
}
