use base64::prelude::{BASE64_STANDARD, Engine};

/// A file as the address of itself, such as `data:image/png;base64,…`.
pub(super) fn data_address(kind: &str, bytes: &[u8]) -> String {
    format!("data:{kind};base64,{}", BASE64_STANDARD.encode(bytes))
}
