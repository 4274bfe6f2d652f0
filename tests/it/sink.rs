//! A mail server for tests: takes what it is given, keeps it, and misbehaves where it is told to.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// What the server does instead of accepting, at the first command that begins with the given word.
/// The end of the mail itself counts as the command `.`, the greeting as `HELLO`.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Fault {
    /// Answers with this line.
    Answer(&'static str, &'static str),
    /// Closes the connection without an answer; at `.` the mail has been taken.
    Drop(&'static str),
    /// Says nothing for a long time.
    Silence(&'static str),
}

impl Fault {
    fn command(self) -> &'static str {
        match self {
            Self::Answer(command, _) | Self::Drop(command) | Self::Silence(command) => command,
        }
    }
}

/// A running server on a port of its own, and the mails it has taken.
pub(crate) struct Sink {
    /// The address to configure, `smtp://127.0.0.1:…`.
    pub(crate) address: String,
    taken: Arc<Mutex<Vec<String>>>,
    faults: Arc<Mutex<Vec<Fault>>>,
    silent: Arc<AtomicUsize>,
}

impl Sink {
    /// A server that commits these faults, each once, before it behaves.
    pub(crate) async fn with(faults: &[Fault]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let sink = Self {
            address: format!("smtp://{}", listener.local_addr().unwrap()),
            taken: Arc::default(),
            faults: Arc::new(Mutex::new(faults.to_vec())),
            silent: Arc::default(),
        };
        let (taken, faults, silent) = (sink.taken.clone(), sink.faults.clone(), sink.silent.clone());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(converse(stream, taken.clone(), faults.clone(), silent.clone()));
            }
        });
        sink
    }

    /// The mails taken so far, as they came over the wire.
    pub(crate) fn taken(&self) -> Vec<String> {
        self.taken.lock().unwrap().clone()
    }

    /// How many connections wait for an answer that does not come.
    pub(crate) fn waiting(&self) -> usize {
        self.silent.load(Ordering::Relaxed)
    }

    /// The Message-ID of each mail taken so far.
    pub(crate) fn message_ids(&self) -> Vec<String> {
        let id = |mail: &String| mail.lines().find_map(|line| line.strip_prefix("Message-ID: ").map(str::to_owned));
        self.taken().iter().filter_map(id).collect()
    }
}

async fn converse(
    stream: TcpStream,
    taken: Arc<Mutex<Vec<String>>>,
    faults: Arc<Mutex<Vec<Fault>>>,
    silent: Arc<AtomicUsize>,
) -> Option<()> {
    let (reader, mut writer) = stream.into_split();
    let mut lines = BufReader::new(reader).lines();
    let due = |command: &str| {
        let mut faults = faults.lock().unwrap();
        let at = faults.iter().position(|fault| command.starts_with(fault.command()))?;
        Some(faults.remove(at))
    };
    let mut command = "HELLO".to_owned();
    loop {
        let fine = match command.get(..4).unwrap_or(&command) {
            "HELL" => "220 sink.example",
            "EHLO" => "250-sink.example\r\n250 8BITMIME",
            "DATA" => "354 go ahead",
            "QUIT" => "221 bye",
            _ => "250 taken",
        };
        let mut answer = fine;
        match due(&command) {
            Some(Fault::Answer(_, line)) => answer = line,
            Some(Fault::Drop(_)) => return None,
            Some(Fault::Silence(_)) => {
                silent.fetch_add(1, Ordering::Relaxed);
                tokio::time::sleep(Duration::from_secs(3600)).await;
            }
            None => {}
        }
        writer.write_all(format!("{answer}\r\n").as_bytes()).await.ok()?;
        if answer.starts_with("354") {
            let mut mail = String::new();
            loop {
                match lines.next_line().await.ok()?? {
                    line if line == "." => break,
                    line => mail = mail + line.strip_prefix('.').unwrap_or(&line) + "\n",
                }
            }
            let refused = faults.lock().unwrap().iter().any(|fault| matches!(fault, Fault::Answer(".", _)));
            if !refused {
                taken.lock().unwrap().push(mail);
            }
            command = ".".into();
        } else {
            command = lines.next_line().await.ok()??;
        }
    }
}
