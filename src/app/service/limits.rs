/// What a worker may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WorkerLimits {
    /// The most memory, in bytes, that one worker may have; where the system can hold it
    /// to that.
    pub memory: u64,
    /// A worker that holds more memory than this, in bytes, after an ask makes room for a
    /// fresh one.
    pub resident: u64,
    /// A worker makes room for a fresh one after so many asks.
    pub asks: u64,
    /// The most pages of a document.
    pub pages: usize,
}

impl Default for WorkerLimits {
    fn default() -> Self {
        Self { memory: 2 * GIBIBYTE, resident: GIBIBYTE / 2, asks: 20_000, pages: 1000 }
    }
}

const GIBIBYTE: u64 = 1024 * 1024 * 1024;

/// Holds this process to an amount of memory, where the system can do so: what asks for
/// more dies.
#[cfg(unix)]
pub(super) fn limit_memory(bytes: u64) {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let hard = getrlimit(Resource::As).maximum;
    let most = hard.map_or(bytes, |hard| hard.min(bytes));
    let limit = Rlimit { current: Some(most), maximum: hard };
    // Without the limit the time limit still holds.
    let _ = setrlimit(Resource::As, limit);
}

#[cfg(not(unix))]
pub(super) fn limit_memory(_: u64) {}

/// How much memory this process holds, in bytes; 0 where it cannot be known.
#[cfg(target_os = "linux")]
pub(super) fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kibibytes = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<u64>().ok());
    kibibytes.unwrap_or_default() * 1024
}

#[cfg(not(target_os = "linux"))]
pub(super) fn resident() -> u64 {
    0
}
