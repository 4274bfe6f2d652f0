//! The files of attachments on the disk, each under the SHA-256 of its bytes: `ab/cdef…` holds the file `abcdef…`.
//!
//! A file is written under another name, forced to the disk, and renamed before its row is committed; so a row always has
//! its file, and a file may be there without a row. Whoever keeps a file holds a lock until the row is committed; whoever
//! takes away files without a row waits for a moment at which nobody does. The lock is one of the operating system, so
//! that it also holds between several instances of the service that share a folder on one machine.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::TimeDelta;
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;

use crate::audit::entry::hex;
use crate::clock::Instant;
use crate::ids::AttachmentId;
use crate::refusal::{Fault, Outcome};

/// How old a file without a row must be to be taken away, in hours.
const HOURS_WITHOUT_A_ROW: i64 = 24;
/// Where files are that are still arriving.
const ARRIVING: &str = "arriving";

/// How many files are in memory at once to be looked at.
const LOOKED_AT: usize = 2;

/// The folder of all attachments.
#[derive(Debug, Clone)]
pub struct Depot {
    folder: PathBuf,
    /// A place for each file that is looked at.
    pub places: Arc<Semaphore>,
}

/// A file under a name of its own until it is kept; gone when nobody keeps it.
#[derive(Debug)]
struct Temporary(PathBuf);

impl Drop for Temporary {
    fn drop(&mut self) {
        // It was renamed when it is kept; else it goes with the next sweep at the latest.
        let _ = fs::remove_file(&self.0);
    }
}

/// A file that is arriving.
#[derive(Debug)]
pub struct Arriving {
    file: File,
    temporary: Temporary,
    sha256: Sha256,
    size: u64,
}

/// A file that has arrived and is not kept yet.
#[derive(Debug)]
pub struct Arrived {
    file: File,
    temporary: Temporary,
    /// The SHA-256 of its bytes in hexadecimal.
    pub sha256: String,
    /// Its size in bytes.
    pub size: u64,
}

/// As long as somebody has this, no file is taken away.
#[derive(Debug)]
pub struct Busy(#[allow(dead_code, reason = "it is held, not read")] File);

/// As long as somebody has this, no file is kept.
#[derive(Debug)]
pub struct Alone<'d> {
    depot: &'d Depot,
    _lock: File,
}

impl Depot {
    /// The attachments in `folder`, which is made when the first one is.
    pub fn new(folder: PathBuf) -> Self {
        Self { folder, places: Arc::new(Semaphore::new(LOOKED_AT)) }
    }

    /// Makes room for a file that is arriving.
    ///
    /// # Errors
    /// A fault of the disk.
    pub fn begin(&self) -> Outcome<Arriving> {
        let folder = self.folder.join(ARRIVING);
        make(&folder).map_err(|error| unusable(&folder, error))?;
        let path = folder.join(AttachmentId::fresh().as_str());
        let mut options = OpenOptions::new();
        options.read(true).write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&path).map_err(|error| unusable(&path, error))?;
        Ok(Arriving { file, temporary: Temporary(path), sha256: Sha256::new(), size: 0 })
    }

    /// Keeps files from being taken away, until the row of one that is being kept is committed.
    ///
    /// # Errors
    /// A fault of the disk.
    pub fn busy(&self) -> Outcome<Busy> {
        let lock = self.lock()?;
        lock.lock_shared().map_err(|error| unusable(&self.folder, error))?;
        Ok(Busy(lock))
    }

    /// The right to take files away; none while somebody keeps one.
    ///
    /// # Errors
    /// A fault of the disk.
    pub fn alone(&self) -> Outcome<Option<Alone<'_>>> {
        let lock = self.lock()?;
        match lock.try_lock() {
            Ok(()) => Ok(Some(Alone { depot: self, _lock: lock })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(unusable(&self.folder, error).into()),
        }
    }

    fn lock(&self) -> Outcome<File> {
        make(&self.folder).map_err(|error| unusable(&self.folder, error))?;
        let path = self.folder.join("lock");
        let opened = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
        opened.map_err(|error| unusable(&path, error).into())
    }

    /// Keeps a file that has arrived, at the moment `now`. One with the same bytes takes its place.
    ///
    /// # Errors
    /// A fault of the disk.
    pub fn keep(&self, _while: &Busy, arrived: Arrived, now: Instant) -> Outcome<()> {
        let path = self.path(&arrived.sha256)?;
        let Arrived { file, temporary, .. } = arrived;
        let kept = || -> io::Result<()> {
            let folder = path.parent().unwrap_or(&self.folder);
            make(folder)?;
            // Its age counts from now on.
            file.set_modified(now.into())?;
            file.sync_all()?;
            fs::rename(&temporary.0, &path)?;
            File::open(folder)?.sync_all()?;
            File::open(&self.folder)?.sync_all()
        };
        kept().map_err(|error| unusable(&path, error).into())
    }

    /// The file with this fingerprint, to be read.
    ///
    /// # Errors
    /// A fault when it is missing or has another size, although there is a row for it.
    pub fn open(&self, sha256: &str, size: u64) -> Outcome<File> {
        let path = self.path(sha256)?;
        let file = File::open(&path).map_err(|error| unusable(&path, error))?;
        let found = file.metadata().map_err(|error| unusable(&path, error))?.len();
        if found != size {
            return Err(Fault::new(format!("{} has {found} bytes in place of {size}", path.display())).into());
        }
        Ok(file)
    }

    /// What is wrong with the file of this fingerprint and size; `None` when it is as it was kept.
    pub fn wrong(&self, sha256: &str, size: u64) -> Option<&'static str> {
        let Ok(mut file) = self.path(sha256).map(File::open) else { return Some("has a name that is no fingerprint") };
        let mut hasher = Sha256::new();
        match file.as_mut().map(|file| copy(file, &mut hasher)) {
            Ok(Ok(length)) if length == size && hex(&hasher.finalize()) == sha256 => None,
            Ok(Ok(_)) => Some("has changed"),
            Ok(Err(_)) => Some("cannot be read"),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Some("is missing"),
            Err(_) => Some("cannot be read"),
        }
    }

    /// Where the file with this fingerprint is.
    fn path(&self, sha256: &str) -> Result<PathBuf, Fault> {
        let is_hex = sha256.len() == 64 && sha256.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        match sha256.split_at_checked(2).filter(|_| is_hex) {
            Some((first, rest)) => Ok(self.folder.join(first).join(rest)),
            None => Err(Fault::new(format!("{sha256:?} is no fingerprint of a file"))),
        }
    }
}

impl Arriving {
    /// Takes the next bytes.
    ///
    /// # Errors
    /// A fault of the disk.
    pub fn write(&mut self, bytes: &[u8]) -> Outcome<()> {
        self.file.write_all(bytes).map_err(|error| unusable(&self.temporary.0, error))?;
        self.sha256.update(bytes);
        self.size += bytes.len() as u64;
        Ok(())
    }

    /// Says that nothing more comes.
    pub fn finish(self) -> Arrived {
        let Self { file, temporary, sha256, size } = self;
        Arrived { file, temporary, sha256: hex(&sha256.finalize()), size }
    }
}

impl Arrived {
    /// Its bytes.
    ///
    /// # Errors
    /// A fault of the disk.
    pub fn bytes(&mut self) -> Outcome<Vec<u8>> {
        let mut bytes = Vec::with_capacity(usize::try_from(self.size).unwrap_or_default());
        let read = self.file.rewind().and_then(|()| self.file.read_to_end(&mut bytes));
        read.map_err(|error| unusable(&self.temporary.0, error))?;
        Ok(bytes)
    }
}

impl Alone<'_> {
    /// Takes away the files that no row of `in_use` names and that are older than a day at `now`; how many.
    ///
    /// # Errors
    /// A fault of the disk.
    pub fn sweep(&self, now: Instant, in_use: &BTreeMap<String, u64>) -> Outcome<usize> {
        let old = now - TimeDelta::hours(HOURS_WITHOUT_A_ROW);
        let mut taken = 0;
        for folder in listed(&self.depot.folder)? {
            let first = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if first != ARRIVING && first.len() != 2 {
                continue;
            }
            for path in listed(&folder)? {
                let rest = path.file_name().unwrap_or_default().to_string_lossy();
                let is_old = || path.metadata().and_then(|about| about.modified()).map(|at| Instant::from(at) < old);
                if in_use.contains_key(&format!("{first}{rest}"))
                    || !is_old().map_err(|error| unusable(&path, error))?
                {
                    continue;
                }
                fs::remove_file(&path).map_err(|error| unusable(&path, error))?;
                taken += 1;
            }
        }
        Ok(taken)
    }
}

/// What lies in a folder; nothing when there is none.
fn listed(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            return Ok(vec![]);
        }
        Err(error) => return Err(unusable(folder, error).into()),
    };
    let paths: io::Result<Vec<PathBuf>> = entries.map(|entry| entry.map(|entry| entry.path())).collect();
    paths.map_err(|error| unusable(folder, error).into())
}

fn copy(from: &mut File, into: &mut Sha256) -> io::Result<u64> {
    let (mut piece, mut length) = (vec![0; 1 << 16], 0);
    loop {
        let read = from.read(&mut piece)?;
        if read == 0 {
            return Ok(length);
        }
        into.update(piece.get(..read).unwrap_or_default());
        length += read as u64;
    }
}

/// Makes a folder that only the service reads.
fn make(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn unusable(path: &Path, error: io::Error) -> Fault {
    Fault::because(format!("{} cannot be used", path.display()), error)
}
