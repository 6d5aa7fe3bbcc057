//! Forms of several parts, put together by hand.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// A form: `multipart/form-data` as clients send it.
pub struct Form {
    body: Vec<u8>,
}

const BOUNDARY: &str = "----vanban-test-7d3f";

impl Form {
    pub fn new() -> Self {
        Self { body: Vec::new() }
    }

    /// Adds a part.
    pub fn part(self, name: &str, bytes: impl AsRef<[u8]>) -> Self {
        self.with(&format!("name=\"{name}\""), "", bytes)
    }

    /// Adds a part with a file name.
    pub fn file(self, name: &str, file_name: &str, bytes: impl AsRef<[u8]>) -> Self {
        let names = format!("name=\"{name}\"; filename=\"{file_name}\"");
        self.with(&names, "Content-Type: application/octet-stream\r\n", bytes)
    }

    /// Adds a part with what stands behind `form-data;` and other headers.
    pub fn with(mut self, names: &str, headers: &str, bytes: impl AsRef<[u8]>) -> Self {
        let head =
            format!("--{BOUNDARY}\r\nContent-Disposition: form-data; {names}\r\n{headers}\r\n");
        self.body.extend(head.as_bytes());
        self.body.extend(bytes.as_ref());
        self.body.extend(b"\r\n");
        self
    }

    /// What goes on the wire.
    pub fn body(&self) -> Vec<u8> {
        [&self.body, format!("--{BOUNDARY}--\r\n").as_bytes()].concat()
    }

    /// Its media type.
    pub fn media_type() -> String {
        format!("multipart/form-data; boundary={BOUNDARY}")
    }

    /// Sends it.
    pub fn post(&self, service: &super::Service, path: &str) -> super::Answer {
        let media_type = Self::media_type();
        service.send("POST", path, &[("content-type", &media_type)], &self.body())
    }
}

/// Sends a head and the beginning of a body, and reads the answer to it.
pub fn answer_to_a_part(
    service: &super::Service,
    path: &str,
    media_type: &str,
    length: usize,
    part: &[u8],
) -> String {
    let mut line = TcpStream::connect(service.address).unwrap();
    line.set_read_timeout(Some(Duration::from_mins(1))).unwrap();
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {media_type}\r\nContent-Length: {length}\r\n\r\n"
    );
    line.write_all(&[head.as_bytes(), part].concat()).unwrap();
    let mut answer = String::new();
    let mut chunk = [0; 4096];
    while !answer.contains("request_id") {
        let length = line.read(&mut chunk).unwrap();
        assert!(length > 0, "{answer}");
        answer.push_str(&String::from_utf8_lossy(&chunk[..length]));
    }
    answer
}

/// Says that a body is so long, and asserts that it is refused before it is sent.
pub fn is_too_large(service: &super::Service, path: &str, media_type: &str, length: usize) {
    let answer = answer_to_a_part(service, path, media_type, length, b"");
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    assert!(answer.contains("/problems/body-too-large"), "{answer}");
}
