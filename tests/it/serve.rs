//! The TEST authority over HTTP: what it answers to many at once, beside changes, and at its end.
#![expect(
    clippy::disallowed_types,
    reason = "clients of a server need a connection"
)]

use std::fs;
#[cfg(unix)]
use std::io::BufRead as _;
#[cfg(unix)]
use std::io::BufReader;
use std::io::Read;
use std::io::Write;
use std::net::SocketAddr;
use std::net::TcpStream;
use std::path::Path;
use std::path::PathBuf;
#[cfg(unix)]
use std::process::Command;
#[cfg(unix)]
use std::process::Stdio;
use std::thread;
use std::thread::JoinHandle;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::rand::SystemRandom;
use ruqsat::ca::Fault;
use ruqsat::ca::Founding;
use ruqsat::ca::OcspSigner;
use ruqsat::ca::Randomness;
use ruqsat::ca::Request;
use ruqsat::ca::serve::Addresses;
use ruqsat::ca::serve::ServeOptions;
use ruqsat::ca::serve::Server;
use ruqsat::ca::store::Existing;
use ruqsat::ca::store::ListKind;
use ruqsat::ca::store::Store;
use ruqsat::cms::MessageImprint;
use ruqsat::cms::TimeStampReq;
use ruqsat::cms::TimeStampResp;
use ruqsat::crypto::DigestAlgorithm;
use ruqsat::crypto::Provider;
use ruqsat::eds::CertificateUse;
use ruqsat::eds::Role;
use ruqsat::pki::Budget;
use ruqsat::pki::PathPolicy;
use ruqsat::pki::ocsp;
use ruqsat::pki::ocsp::CertId;
use ruqsat::pki::ocsp::Nonce;
use ruqsat::pki::ocsp::OcspRequest;
use ruqsat::pki::ocsp::OcspResponse;
use ruqsat::pki::ocsp::Question;
use ruqsat::pki::ocsp::Status;
use ruqsat::pki::ocsp::verify_response;
use ruqsat::x509::Certificate;
use ruqsat::x509::CertificateList;
use ruqsat::x509::CrlReason;
use time::OffsetDateTime;
use time::macros::datetime;
use tokio::sync::oneshot;

const FOUNDED: OffsetDateTime = datetime!(2026-11-24 06:00 UTC);
const NOW: OffsetDateTime = datetime!(2026-11-24 09:00 UTC);

/// A folder with an authority and one signer.
struct Place {
    store: Store,
    folder: PathBuf,
    leaf: Certificate,
}

impl Place {
    fn new(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
            .join("serve")
            .join(name);
        if folder.exists() {
            fs::remove_dir_all(&folder).unwrap();
        }
        let randomness = Randomness::System(SystemRandom::new());
        let founding = Founding::at(FOUNDED);
        let store = Store::init(&folder, Existing::Keep, &founding, randomness).unwrap();
        let leaf = issue(&store);
        store.renew_lists(ListKind::Delta, NOW, None).unwrap();
        Self {
            store,
            folder,
            leaf,
        }
    }

    fn file(&self, name: &str) -> Vec<u8> {
        fs::read(self.folder.join(name)).unwrap()
    }

    fn request(&self, nonce: &Nonce) -> Vec<u8> {
        let issuing = self.store.authority().unwrap().issuing().clone();
        let id = CertId::new(&self.leaf, &issuing, DigestAlgorithm::Sha256);
        OcspRequest::new([id], Some(nonce.clone())).to_der()
    }

    fn verify(&self, nonce: &Nonce, answer: &Answer) -> Result<Status, ocsp::Error> {
        assert_eq!(answer.status, 200, "{}", answer.text());
        let issuing = self.store.authority().unwrap().issuing().clone();
        let question = Question::about(&self.leaf, &issuing).with_nonce(nonce);
        let response = OcspResponse::from_der(&answer.body)?;
        let mut budget = Budget::new(&PathPolicy::strict().limits);
        let verified = verify_response(&question, &response, &[], &mut budget, &Provider)?;
        Ok(verified.status())
    }

    fn revoke(&self, reason: CrlReason) {
        let serial = self.leaf.serial();
        let lists = ListKind::Complete;
        self.store.revoke(serial, reason, NOW, lists, NOW).unwrap();
    }

    fn release(&self) {
        let serial = self.leaf.serial();
        let lists = ListKind::Delta;
        self.store.release(serial, NOW, lists, NOW).unwrap();
    }
}

fn issue(store: &Store) -> Certificate {
    let request = Request {
        role: Role::Individual,
        name: "Ким Олег".parse().unwrap(),
        iin: "850214300129".parse().unwrap(),
        organisation: None,
        usage: CertificateUse::Signing,
        not_before: NOW,
        not_after: None,
    };
    store.issue(&request).unwrap().leaf().clone()
}

/// A server in this process.
struct Running {
    addresses: Addresses,
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    thread: JoinHandle<()>,
}

impl Running {
    fn new(place: &Place, faults: &[&str]) -> Self {
        let options = ServeOptions {
            listen: "127.0.0.1:0".parse().unwrap(),
            clock: Some(NOW),
            faults: faults
                .iter()
                .map(|fault| fault.parse::<Fault>().unwrap())
                .collect(),
            ocsp_signer: OcspSigner::Delegate,
        };
        let server = Server::bind(place.store.clone(), &options).unwrap();
        let addresses = server.addresses().clone();
        let address = addresses
            .base
            .strip_prefix("http://")
            .unwrap()
            .parse()
            .unwrap();
        let (stop, stopped) = oneshot::channel();
        let thread = thread::spawn(move || {
            server.run(async {
                let _ = stopped.await;
            });
        });
        Self {
            addresses,
            address,
            stop,
            thread,
        }
    }

    fn stop(self) {
        self.stop.send(()).unwrap();
        self.thread.join().unwrap();
        assert!(TcpStream::connect(self.address).is_err());
    }

    fn post(&self, path: &str, content_type: &str, body: &[u8]) -> Answer {
        post(self.address, path, content_type, body)
    }

    fn ocsp(&self, request: &[u8]) -> Answer {
        self.post("/ocsp", OCSP_REQUEST, request)
    }

    fn get(&self, path: &str) -> Answer {
        self.ask("GET", path)
    }

    fn ask(&self, method: &str, path: &str) -> Answer {
        let head = format!("{method} {path} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n");
        send(self.address, &[head.as_bytes()])
    }

    /// What the server says about the signer of the place.
    fn status(&self, place: &Place) -> Status {
        let nonce = nonce(7);
        place
            .verify(&nonce, &self.ocsp(&place.request(&nonce)))
            .unwrap()
    }
}

struct Answer {
    status: u16,
    head: String,
    body: Vec<u8>,
}

impl Answer {
    fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        let found = lines.find(|(found, _)| found.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value)
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

fn post(address: SocketAddr, path: &str, content_type: &str, body: &[u8]) -> Answer {
    let length = body.len();
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\
         Content-Type: {content_type}\r\nContent-Length: {length}\r\n\r\n"
    );
    send(address, &[head.as_bytes(), body])
}

fn send(address: SocketAddr, parts: &[&[u8]]) -> Answer {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(&parts.concat()).unwrap();
    read(&mut stream)
}

/// One answer, by its length where it is told, and else to the end of the connection.
fn read(stream: &mut TcpStream) -> Answer {
    let mut received = Vec::new();
    let end = loop {
        let end = received.windows(4).position(|part| part == b"\r\n\r\n");
        if let Some(end) = end {
            break end;
        }
        let mut buffer = [0; 1];
        assert_eq!(stream.read(&mut buffer).unwrap(), 1, "the head breaks off");
        received.push(buffer[0]);
    };
    let head = String::from_utf8(received[..end].to_vec()).unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    let mut answer = Answer {
        status,
        head,
        body: Vec::new(),
    };
    stream.read_to_end(&mut answer.body).unwrap();
    answer
}

fn nonce(octet: u8) -> Nonce {
    Nonce::new([octet; 16]).unwrap()
}

fn time_stamp_request(octet: u8) -> TimeStampReq {
    let imprint = MessageImprint::of(&[octet], DigestAlgorithm::Sha256);
    TimeStampReq::new(imprint, None, Some(&[1, octet]))
}

#[test]
fn sixteen_clients_at_once_are_each_answered_what_they_asked() {
    let place = Place::new("sixteen");
    let server = Running::new(&place, &[]);
    let address = server.address;
    thread::scope(|scope| {
        for client in 0..16 {
            let place = &place;
            scope.spawn(move || {
                for round in 0..5 {
                    let octet = client * 16 + round;
                    let nonce = nonce(octet);
                    let request = place.request(&nonce);
                    let posted = post(address, "/ocsp", OCSP_REQUEST, &request);
                    assert_eq!(place.verify(&nonce, &posted), Ok(Status::Good));
                    let path = STANDARD.encode(&request).replace('+', "%2B");
                    let head = format!("GET /ocsp/{path} HTTP/1.0\r\n\r\n");
                    let got = send(address, &[head.as_bytes()]);
                    assert_eq!(place.verify(&nonce, &got), Ok(Status::Good));
                    let request = time_stamp_request(octet);
                    let stamped = post(address, "/tsa", TIMESTAMP_QUERY, &request.to_der());
                    let response = TimeStampResp::from_der(&stamped.body).unwrap();
                    let token = response.token().unwrap();
                    let info = token.tst_info();
                    assert_eq!(info.message_imprint(), request.message_imprint());
                    assert_eq!(info.nonce(), request.nonce());
                }
            });
        }
    });
    server.stop();
}

#[test]
fn what_another_process_changes_is_in_the_next_answer() {
    let place = Place::new("beside");
    let server = Running::new(&place, &[]);
    assert_eq!(server.status(&place), Status::Good);
    let held = Status::Revoked {
        time: NOW,
        reason: Some(CrlReason::CertificateHold),
    };
    for _ in 0..5 {
        place.revoke(CrlReason::CertificateHold);
        assert_eq!(server.status(&place), held);
        place.release();
        assert_eq!(server.status(&place), Status::Good);
    }
    place.revoke(CrlReason::KeyCompromise);
    let list = CertificateList::from_der(&server.get("/crl/ca.crl").body).unwrap();
    assert_eq!(list.as_der(), place.file("crl/ca.crl"));
    let newcomer = Place {
        leaf: issue(&place.store),
        store: place.store.clone(),
        folder: place.folder.clone(),
    };
    assert_eq!(server.status(&newcomer), Status::Good);
    server.stop();
}

#[test]
fn lists_and_certificates_are_those_of_the_folder() {
    let place = Place::new("files");
    let server = Running::new(&place, &[]);
    for name in ["root", "ca", "root-delta", "ca-delta"] {
        let answer = server.get(&format!("/crl/{name}.crl"));
        assert_eq!(answer.header("content-type"), Some("application/pkix-crl"));
        assert_eq!(
            answer.body,
            place.file(&format!("crl/{name}.crl")),
            "{name}"
        );
    }
    for name in ["root", "ca", "responder", "tsa"] {
        let path = format!("/ca/{name}.cer");
        let answer = server.get(&path);
        assert_eq!(answer.header("content-type"), Some("application/pkix-cert"));
        let pem = place.file(&format!("{name}.pem"));
        assert_eq!(answer.body, Certificate::from_pem(&pem).unwrap().as_der());
        let head = server.ask("HEAD", &path);
        let length = answer.body.len().to_string();
        assert_eq!(head.header("content-length"), Some(length.as_str()));
        assert!(head.body.is_empty());
    }
    server.stop();
}

#[test]
fn addresses_lead_where_they_say() {
    let place = Place::new("addresses");
    let server = Running::new(&place, &[]);
    let Addresses {
        base,
        ocsp,
        tsa,
        crl,
        ca,
    } = server.addresses.clone();
    let path = |address: &str| address.strip_prefix(&base).unwrap().to_owned();
    assert_eq!((path(&ocsp), path(&tsa)), ("/ocsp".into(), "/tsa".into()));
    assert_eq!(server.get(&path(&crl)).body, place.file("crl/ca.crl"));
    let issuing = place.store.authority().unwrap().issuing().clone();
    assert_eq!(server.get(&path(&ca)).body, issuing.as_der());
    server.stop();
}

#[test]
fn wrong_requests_are_refused_in_a_sentence() {
    let place = Place::new("wrong");
    let server = Running::new(&place, &[]);
    let large = vec![0; 64 * 1024 + 1];
    for (answer, status, word) in [
        (server.get("/"), 404, "/crl/NAME.crl"),
        (server.get("/ocspx"), 404, "nothing here"),
        (server.get("/crl/other.crl"), 404, "nothing here"),
        (server.get("/crl/../private/ca.key"), 404, "nothing here"),
        (server.get("/ca/root.pem"), 404, "nothing here"),
        (server.get("/ocsp"), 405, "use POST"),
        (server.get("/tsa"), 405, "use POST"),
        (server.ask("DELETE", "/crl/ca.crl"), 405, "use GET, HEAD"),
        (server.ask("POST", "/ca/ca.cer"), 405, "use GET, HEAD"),
        (server.get("/ocsp/not*base64"), 400, "base64"),
        (
            server.post("/ocsp", TIMESTAMP_QUERY, b""),
            415,
            OCSP_REQUEST,
        ),
        (server.post("/tsa", "text/plain", b""), 415, TIMESTAMP_QUERY),
        (server.post("/tsa", TIMESTAMP_QUERY, &large), 413, "65536"),
        (server.post("/ocsp", OCSP_REQUEST, &large), 413, "65536"),
    ] {
        assert_eq!(answer.status, status, "{}", answer.text());
        assert!(answer.text().contains(word), "{}", answer.text());
        assert_eq!(answer.header("allow").is_some(), status == 405);
    }
    let malformed = server.ocsp(b"garbage");
    let response = OcspResponse::from_der(&malformed.body).unwrap();
    assert_eq!(response.status(), ocsp::ResponseStatus::MalformedRequest);
    server.stop();
}

#[test]
fn body_without_a_length_is_limited_too() {
    let place = Place::new("chunked");
    let server = Running::new(&place, &[]);
    let head = "POST /tsa HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\
                Content-Type: application/timestamp-query\r\nTransfer-Encoding: chunked\r\n\r\n";
    let request = time_stamp_request(1).to_der();
    let chunk = |octets: &[u8]| {
        let length = format!("{:x}\r\n", octets.len());
        [length.as_bytes(), octets, b"\r\n"].concat()
    };
    let whole = [chunk(&request[..9]), chunk(&request[9..]), chunk(&[])].concat();
    let answer = send(server.address, &[head.as_bytes(), &whole]);
    assert!(
        TimeStampResp::from_der(&answer.body)
            .unwrap()
            .token()
            .is_ok()
    );
    let large = [chunk(&[0; 40_000]), chunk(&[0; 40_000]), chunk(&[])].concat();
    let answer = send(server.address, &[head.as_bytes(), &large]);
    assert_eq!(answer.status, 413);
    server.stop();
}

#[test]
fn one_connection_serves_one_request_after_the_other() {
    let place = Place::new("keep-alive");
    let server = Running::new(&place, &[]);
    let mut stream = TcpStream::connect(server.address).unwrap();
    for _ in 0..3 {
        let head = "HEAD /ca/ca.cer HTTP/1.1\r\nHost: test\r\n\r\n";
        stream.write_all(head.as_bytes()).unwrap();
        let mut received = Vec::new();
        while !received.ends_with(b"\r\n\r\n") {
            let mut octet = [0];
            stream.read_exact(&mut octet).unwrap();
            received.push(octet[0]);
        }
        assert!(received.starts_with(b"HTTP/1.1 200 OK\r\n"));
    }
    server.stop();
    // The end of the server is the end of the connection, too.
    assert_eq!(stream.read(&mut [0]).unwrap(), 0);
}

#[test]
fn each_fault_of_the_responder_is_what_the_client_sees() {
    let place = Place::new("ocsp-faults");
    for (fault, status) in [
        ("try-later", ocsp::ResponseStatus::TryLater),
        ("unauthorized", ocsp::ResponseStatus::Unauthorized),
    ] {
        let refused = seen(&place, fault);
        assert_eq!(refused, Err(ocsp::Error::Unsuccessful { status }));
    }
    assert_eq!(seen(&place, "wrong-nonce"), Err(ocsp::Error::NonceMismatch));
    assert_eq!(
        seen(&place, "bad-signature"),
        Err(ocsp::Error::BadSignature)
    );
    assert_eq!(seen(&place, "unknown"), Ok(Status::Unknown));
    assert!(matches!(
        seen(&place, "malformed"),
        Err(ocsp::Error::Der(_))
    ));
    // Sound, but of yesterday: whoever asks for the time sees it.
    assert_eq!(seen(&place, "stale"), Ok(Status::Good));
}

fn seen(place: &Place, fault: &str) -> Result<Status, ocsp::Error> {
    let server = Running::new(place, &[&format!("ocsp={fault}")]);
    let nonce = nonce(1);
    let answer = server.ocsp(&place.request(&nonce));
    server.stop();
    place.verify(&nonce, &answer)
}

#[test]
fn each_fault_of_the_lists_is_what_the_client_sees() {
    let place = Place::new("list-faults");
    let authority = place.store.authority().unwrap();
    let get = |fault: &str| {
        let server = Running::new(&place, &[&format!("crl={fault}")]);
        let complete = server.get("/crl/ca.crl");
        let delta = server.get("/crl/ca-delta.crl");
        server.stop();
        [complete, delta]
    };
    let list = |answer: &Answer| CertificateList::from_der(&answer.body).unwrap();
    let key = |certificate: &Certificate| certificate.subject_public_key_octets().to_vec();
    let verifies = |answer: &Answer, issuer: &Certificate| {
        assert_eq!(key(issuer), issuer.subject_public_key_octets());
        let key = issuer.subject_public_key().unwrap();
        list(answer).verify_signature(&key, &Provider).is_ok()
    };
    for answer in get("missing") {
        assert_eq!(answer.status, 404);
    }
    for answer in get("malformed") {
        assert!(CertificateList::from_der(&answer.body).is_err());
    }
    for answer in get("bad-signature") {
        assert!(!verifies(&answer, authority.issuing()));
    }
    for answer in get("wrong-issuer") {
        assert_eq!(list(&answer).issuer(), authority.root().subject());
        assert!(verifies(&answer, authority.root()));
    }
    for answer in get("stale") {
        assert!(verifies(&answer, authority.issuing()));
        assert!(list(&answer).next_update().is_some_and(|next| next < NOW));
    }
    // Nothing of all that was written.
    let complete = place.file("crl/ca.crl");
    let again = CertificateList::from_der(&complete).unwrap();
    let key = authority.issuing().subject_public_key().unwrap();
    assert!(again.verify_signature(&key, &Provider).is_ok());
}

#[test]
fn slow_answers_are_given_when_the_server_stops() {
    let place = Place::new("slow");
    let server = Running::new(&place, &["ocsp=slow", "tsa=slow", "crl=slow"]);
    let request = time_stamp_request(1).to_der();
    let length = request.len();
    let head = format!(
        "POST /tsa HTTP/1.1\r\nHost: test\r\nExpect: 100-continue\r\n\
         Content-Type: application/timestamp-query\r\nContent-Length: {length}\r\n\r\n"
    );
    let mut stream = TcpStream::connect(server.address).unwrap();
    stream.write_all(head.as_bytes()).unwrap();
    // The request is under way for sure once the server asks for its body.
    let mut begun = [0; 25];
    stream.read_exact(&mut begun).unwrap();
    assert_eq!(&begun, b"HTTP/1.1 100 Continue\r\n\r\n");
    stream.write_all(&request).unwrap();
    server.stop();
    let answer = read(&mut stream);
    assert!(
        TimeStampResp::from_der(&answer.body)
            .unwrap()
            .token()
            .is_ok()
    );
}

#[test]
fn clock_begins_where_it_is_set() {
    let place = Place::new("clock");
    let options = ServeOptions {
        listen: "127.0.0.1:0".parse().unwrap(),
        clock: Some(datetime!(2038-01-19 03:14:08 UTC)),
        faults: ruqsat::ca::Faults::default(),
        ocsp_signer: OcspSigner::Authority,
    };
    let server = Server::bind(place.store.clone(), &options).unwrap();
    let base = server.addresses().base.clone();
    let address = base.strip_prefix("http://").unwrap().parse().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let running = thread::spawn(move || {
        server.run(async {
            let _ = stopped.await;
        });
    });
    let nonce = nonce(1);
    let answer = post(address, "/ocsp", OCSP_REQUEST, &place.request(&nonce));
    drop(stop);
    running.join().unwrap();
    let response = OcspResponse::from_der(&answer.body).unwrap();
    let produced_at = response.basic().unwrap().produced_at();
    assert_eq!(produced_at.year(), 2038);
    assert!(response.basic().unwrap().certificates().next().is_none());
}

#[cfg(all(unix, feature = "cli"))]
#[test]
fn program_says_where_it_is_and_ends_with_0_when_it_is_asked_to() {
    let place = Place::new("program");
    for signal in ["TERM", "INT"] {
        let mut program = Command::new(env!("CARGO_BIN_EXE_ruqsat"))
            .args(["ca", "serve", "--listen", "127.0.0.1:0", "--ca"])
            .arg(&place.folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut output = BufReader::new(program.stdout.take().unwrap());
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        let addresses: serde_json::Value = serde_json::from_str(&line).unwrap();
        let base = addresses["base"].as_str().unwrap();
        let address = base.strip_prefix("http://").unwrap().parse().unwrap();
        let nonce = nonce(1);
        let answer = post(address, "/ocsp", OCSP_REQUEST, &place.request(&nonce));
        assert_eq!(place.verify(&nonce, &answer), Ok(Status::Good));
        let pid = program.id().to_string();
        let killed = Command::new("kill").args(["-s", signal, &pid]).status();
        assert!(killed.unwrap().success());
        assert!(program.wait().unwrap().success(), "{signal}");
        let mut rest = String::new();
        output.read_to_string(&mut rest).unwrap();
        assert_eq!(rest, "", "one line on standard output");
    }
}

const OCSP_REQUEST: &str = "application/ocsp-request";
const TIMESTAMP_QUERY: &str = "application/timestamp-query";
