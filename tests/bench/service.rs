//! The one-page form over HTTP against the same in the process: one connection of loopback
//! that is kept, one caller, and then as many as there are cores. The service runs with
//! its default settings, but for its data, in a process of its own.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use tempfile::TempDir;
use vanban::catalog::{Catalog, FontSet};
use vanban::pipeline::{Format, Input, Renderer};

use crate::forms::{example, numbered};
use crate::median;

/// The argument that asks for this alone.
pub const NAME: &str = "service";

/// How many times the time in the process an answer may take.
const MOST: f64 = 1.15;
/// The form of one page.
const FORM: &str = "nd163-v-36";
/// Documents before the first that is measured.
const WARM_UP: usize = 40;
/// Documents in a row on one side, and how often it is its turn.
const TURN: usize = 5;
const TURNS: usize = 200;
/// Documents of the run with several callers.
const TOGETHER: usize = 600;

/// Prints the figures; whether they keep to their limits.
pub fn measure(binary: &Path) -> bool {
    let case = example();
    let renderer = Renderer::new(Catalog::builtin(), FontSet::shipped()).unwrap();
    let service = Service::start(binary);
    let mut connection = Connection::open(service.address);
    let mut data = (1..).map(|number| numbered(&case, FORM, number));
    let mut here = |data: &str| render(&renderer, data);
    let mut there = |data: &str| connection.post(data);
    let mut sides: [&mut dyn FnMut(&str) -> usize; 2] = [&mut here, &mut there];
    let mut times = [Vec::new(), Vec::new()];
    for turn in 0..WARM_UP / TURN + TURNS {
        // Both sides get the same, which neither has seen before.
        let data: Vec<String> = data.by_ref().take(1 + TURN).collect();
        for (times, side) in times.iter_mut().zip(&mut sides) {
            // The first finds the processor as the other side has left it.
            side(&data[0]);
            for data in &data[1..] {
                let start = Instant::now();
                let length = side(data);
                let time = start.elapsed();
                assert!(length > 1000, "no page");
                if turn >= WARM_UP / TURN {
                    times.push(time);
                }
            }
        }
    }
    let [here, there] = times.map(median);
    let ratio = there / here;
    println!("\n{FORM} of a case of 500 values over HTTP, PDF, warm, {} a side", TURN * TURNS);
    println!("  in the process {here:.2} ms, one connection {there:.2} ms");
    println!("  ratio {ratio:.3} (at most {MOST})");
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    // Workers that one caller never needed are made warm.
    let data: Vec<String> = data.take(TOGETHER + cores * WARM_UP).collect();
    let (before, data) = data.split_at(cores * WARM_UP);
    let over_http = |data: &[String], callers| {
        rate(data, callers, || {
            let mut connection = Connection::open(service.address);
            move |data: &str| connection.post(data)
        })
    };
    let in_process = |callers| rate(data, callers, || |data: &str| render(&renderer, data));
    over_http(before, cores);
    println!("  documents a second, in the process / over HTTP");
    for callers in [1, cores] {
        let (here, there) = (in_process(callers), over_http(data, callers));
        println!("  {callers} callers at a time {here:.0} / {there:.0}");
    }
    ratio <= MOST
}

fn render(renderer: &Renderer, data: &str) -> usize {
    let input = Input { template: Some(FORM), ..Input::new("case.yaml", data.as_bytes()) };
    renderer.render(&input, Format::Pdf).unwrap_or_else(|error| panic!("{error:?}")).bytes.len()
}

/// Documents a second with so many callers, each of whom has a share.
fn rate<Side: FnMut(&str) -> usize>(
    data: &[String],
    callers: usize,
    open: impl Fn() -> Side + Sync,
) -> f64 {
    let (start, open) = (Instant::now(), &open);
    std::thread::scope(|scope| {
        for share in data.chunks(data.len().div_ceil(callers)) {
            scope.spawn(move || {
                let mut side = open();
                for data in share {
                    assert!(side(data) > 1000, "no page");
                }
            });
        }
    });
    #[expect(clippy::cast_precision_loss, reason = "a few hundred")]
    let rate = data.len() as f64 / start.elapsed().as_secs_f64();
    rate
}

/// The service, until it is dropped.
struct Service {
    child: Child,
    address: SocketAddr,
    _folder: TempDir,
}

impl Service {
    fn start(binary: &Path) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");
        let mut child = Command::new(binary)
            .args(["serve", "--listen", "127.0.0.1:0", "--data-dir"])
            .arg(folder.path().join("data"))
            .stderr(std::fs::File::create(&log).unwrap())
            .spawn()
            .unwrap();
        let begun = Instant::now();
        let address = loop {
            let log = std::fs::read_to_string(&log).unwrap();
            let rest = log.split("address=").nth(1).and_then(|rest| rest.split_once(' '));
            if let Some((address, _)) = rest {
                break address.parse().unwrap();
            }
            let is_slow = begun.elapsed() > Duration::from_mins(1);
            assert!(!is_slow && child.try_wait().unwrap().is_none(), "no service: {log}");
            std::thread::sleep(Duration::from_millis(20));
        };
        Self { child, address, _folder: folder }
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A connection that is kept.
struct Connection {
    address: SocketAddr,
    stream: BufReader<TcpStream>,
}

impl Connection {
    fn open(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_nodelay(true).unwrap();
        Self { address, stream: BufReader::with_capacity(256 * 1024, stream) }
    }

    /// Sends data and reads the whole document; its length.
    fn post(&mut self, data: &str) -> usize {
        let request = format!(
            "POST /api/v1/documents/{FORM} HTTP/1.1\r\nHost: {}\r\n\
             Content-Type: application/yaml\r\nContent-Length: {}\r\n\r\n{data}",
            self.address,
            data.len()
        );
        self.stream.get_mut().write_all(request.as_bytes()).unwrap();
        let mut line = String::new();
        self.stream.read_line(&mut line).unwrap();
        let is_fine = line.starts_with("HTTP/1.1 200 ");
        let mut length = 0;
        while line != "\r\n" {
            line.clear();
            assert!(self.stream.read_line(&mut line).unwrap() > 0, "the answer broke off");
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap();
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).unwrap();
        assert!(is_fine, "{}", String::from_utf8_lossy(&body));
        body.len()
    }
}
