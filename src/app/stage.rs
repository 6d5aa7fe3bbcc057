//! Files and folders in the making: they lie beside the target under a hidden name and take
//! its name when they are whole. A program that is killed leaves them; the next one
//! that makes something in the same folder removes what nobody works on any more.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::Path;
use std::sync::LazyLock;
use std::time::{Duration, SystemTime};

use tempfile::{Builder, NamedTempFile, TempDir};

use crate::base::Digest;

/// How the hidden names begin; mark, process and something random follow.
const PREFIX: &str = ".vanban-";
/// How long what was left before the machine started, or on another machine, must lie
/// untouched.
const LONG: Duration = Duration::from_hours(24);

/// A folder in the making. It is locked as long as somebody works on it.
#[derive(Debug)]
pub(super) struct StagedFolder {
    folder: TempDir,
    _lock: Option<File>,
}

impl StagedFolder {
    /// Where it lies.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Gives it its name.
    pub fn persist(self, target: &Path) -> io::Result<()> {
        if target.is_dir() {
            fs::remove_dir(target)?;
        }
        fs::rename(self.folder.path(), target)?;
        // It has another name now, and is not temporary any more.
        let _ = self.folder.keep();
        Ok(())
    }
}

/// The folder in which a target lies.
pub(super) fn beside(target: &Path) -> &Path {
    let parent = target.parent().filter(|parent| !parent.as_os_str().is_empty());
    parent.unwrap_or(Path::new("."))
}

/// A file beside the target whose name it will take. It is locked as long as it is open.
pub(super) fn staged_file(target: &Path) -> io::Result<NamedTempFile> {
    if target.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    let prefix = prefix();
    let mut builder = Builder::new();
    builder.prefix(&prefix);
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644));
    let file = builder.tempfile_in(beside(target))?;
    // Where there are no locks, it is the process that tells that it is in use.
    let _ = file.as_file().try_lock();
    Ok(file)
}

/// A folder beside the target whose name it will take.
pub(super) fn staged_folder(target: &Path) -> io::Result<StagedFolder> {
    let prefix = prefix();
    let mut builder = Builder::new();
    builder.prefix(&prefix);
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o755));
    let folder = builder.tempdir_in(beside(target))?;
    let lock = File::open(folder.path()).ok().filter(|lock| lock.try_lock().is_ok());
    Ok(StagedFolder { folder, _lock: lock })
}

/// Removes what programs that were killed left in the folder of `own`, which has just been
/// made there: it tells what time it is where the folder lies. What cannot be removed
/// stays.
pub(super) fn clear_beside(own: &Path) {
    let Some(folder) = own.parent() else { return };
    let now = fs::metadata(own).and_then(|own| own.modified());
    let (Ok(entries), Ok(now)) = (fs::read_dir(folder), now) else { return };
    for entry in entries.filter_map(Result::ok) {
        let path = entry.path();
        if path == own || !is_left(&path, now) {
            continue;
        }
        let _ = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
    }
}

fn prefix() -> String {
    format!("{PREFIX}{}-{}-", MARK.as_str(), std::process::id())
}

/// Whether a path is in the making, and whoever made it does not live any more.
fn is_left(path: &Path, now: SystemTime) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let Some((mark, process)) = maker(name) else { return false };
    // A link leads to what is not ours.
    let Ok(data) = fs::symlink_metadata(path) else { return false };
    if !(data.is_file() || data.is_dir()) {
        return false;
    }
    if mark == *MARK {
        return !is_alive(process);
    }
    // Its maker ran before this machine started, or runs on another one.
    let untouched = data.modified().ok().and_then(|then| now.duration_since(then).ok());
    untouched.is_some_and(|time| time > LONG) && is_unlocked(path)
}

/// Mark and process of a hidden name.
fn maker(name: &str) -> Option<(&str, u32)> {
    let mut parts = name.strip_prefix(PREFIX)?.splitn(3, '-');
    let (mark, process, random) = (parts.next()?, parts.next()?, parts.next()?);
    let plain = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric());
    (plain(mark) && plain(random)).then_some(())?;
    Some((mark, process.parse().ok()?))
}

/// Whether nobody holds the lock of a file or folder; where that cannot be known, somebody
/// does.
fn is_unlocked(path: &Path) -> bool {
    match File::open(path).map(|file| file.try_lock()) {
        Ok(Ok(())) => true,
        Ok(Err(TryLockError::WouldBlock | TryLockError::Error(_))) | Err(_) => false,
    }
}

/// What tells within which numbers of processes mean something: this run of this machine,
/// and this container. `0` where the system does not say.
static MARK: LazyLock<String> = LazyLock::new(|| {
    let boot = fs::read("/proc/sys/kernel/random/boot_id").unwrap_or_default();
    let space = fs::read_link("/proc/self/ns/pid").unwrap_or_default();
    if boot.is_empty() || space.as_os_str().is_empty() {
        return "0".to_owned();
    }
    let told = [boot.as_slice(), space.as_os_str().as_encoded_bytes()].concat();
    Digest::of(&told).to_string()[..8].to_owned()
});

/// Whether a process lives; where that cannot be known, it does.
fn is_alive(process: u32) -> bool {
    #[cfg(unix)]
    if *MARK != "0"
        && let Some(process) = i32::try_from(process).ok().and_then(rustix::process::Pid::from_raw)
    {
        let asked = rustix::process::test_kill_process(process);
        return asked != Err(rustix::io::Errno::SRCH);
    }
    let _ = process;
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A process that has ended.
    fn ended() -> u32 {
        let mut child = std::process::Command::new("true").spawn().expect("started");
        child.wait().expect("ended");
        child.id()
    }

    #[test]
    fn what_nobody_works_on_is_removed_and_nothing_else() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        let (mark, gone, lives) = (MARK.as_str(), ended(), std::process::id());
        let left = [format!(".vanban-{mark}-{gone}-a1B2c3"), format!(".vanban-0000000f-{lives}-x")];
        let others = [
            // Somebody still works on it.
            format!(".vanban-{mark}-{lives}-a1B2c3"),
            // Made on another machine, and touched lately.
            format!(".vanban-0000000e-{gone}-a1B2c3"),
            // Made on another machine, and locked.
            format!(".vanban-0000000d-{gone}-a1B2c3"),
            // Not ours.
            format!(".vanban-{mark}-{gone}-a1B2c3.txt"),
            format!("vanban-{mark}-{gone}-a1B2c3"),
            ".vanban-a1B2c3".to_owned(),
            ".vanban-".to_owned(),
        ];
        for name in left.iter().chain(&others) {
            fs::write(at(name), b"x").expect("written");
        }
        let days = SystemTime::UNIX_EPOCH + Duration::from_hours(24 * 365 * 50);
        for name in [&left[1], &others[2]] {
            let file = File::options().write(true).open(at(name)).expect("opened");
            file.set_modified(days).expect("touched");
        }
        let locked = File::open(at(&others[2])).expect("opened");
        locked.try_lock().expect("locked");
        let tree = at(&format!(".vanban-{mark}-{gone}-folder"));
        fs::create_dir_all(tree.join("Bản in")).expect("made");
        fs::write(tree.join("Bản in/1.pdf"), b"x").expect("written");
        #[cfg(unix)]
        std::os::unix::fs::symlink(at("kept"), at(&format!(".vanban-{mark}-{gone}-link")))
            .expect("linked");
        fs::create_dir(at("kept")).expect("made");
        let own = staged_file(&at("x.zip")).expect("staged");
        clear_beside(own.path());
        assert!(own.path().exists() && at("kept").exists());
        for name in &left {
            assert!(!at(name).exists(), "{name}");
        }
        assert!(!tree.exists());
        for name in &others {
            assert!(at(name).exists(), "{name}");
        }
        #[cfg(unix)]
        assert!(at(&format!(".vanban-{mark}-{gone}-link")).is_symlink());
    }

    #[test]
    fn what_is_in_the_making_is_not_left() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = staged_file(&folder.path().join("x.zip")).expect("staged");
        let tree = staged_folder(&folder.path().join("x")).expect("staged");
        let name = |path: &Path| path.file_name().expect("named").to_string_lossy().into_owned();
        for path in [file.path(), tree.path()] {
            assert_eq!(maker(&name(path)), Some((MARK.as_str(), std::process::id())));
            assert!(!is_unlocked(path));
        }
        clear_beside(file.path());
        assert!(file.path().exists() && tree.path().exists());
    }
}
