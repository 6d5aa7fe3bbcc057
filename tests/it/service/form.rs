//! Forms of several parts, put together by hand.

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
