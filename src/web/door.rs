use std::io;

use tokio::net::TcpListener;

/// Lets nobody else connect, while whoever is connecting still gets through. A listener that
/// is simply closed breaks off those who came after the last look.
#[cfg(target_os = "linux")]
pub(super) fn shut(listener: &TcpListener) -> io::Result<()> {
    use socket2::{SockFilter, SockRef};
    /// Where the flags stand in the header of a TCP segment (RFC 9293, 3.1).
    const FLAGS: u32 = 13;
    const SYN: u32 = 0x02;
    const ACK: u32 = 0x10;
    const ALL: u32 = u32::MAX;
    // In the words of the Berkeley packet filter: a segment that begins a connection is not
    // let in; its sender tries again in a second, and finds the door closed.
    let load = SockFilter::new(0x30, 0, 0, FLAGS);
    let and = SockFilter::new(0x54, 0, 0, SYN | ACK);
    let is_first = SockFilter::new(0x15, 0, 1, SYN);
    let answer = |length| SockFilter::new(0x06, 0, 0, length);
    SockRef::from(listener).attach_filter(&[load, and, is_first, answer(0), answer(ALL)])
}

/// Elsewhere the door is only closed.
#[cfg(not(target_os = "linux"))]
pub(super) fn shut(_: &TcpListener) -> io::Result<()> {
    Ok(())
}
